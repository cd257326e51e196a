package akari.vision.models;

import akari.core.Shape;
import akari.nn.Module;
import akari.vision.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every model by name: {@code Models.create("lenet", 10)}. Each family's file adds its own rows. */
public final class Models {
    private static final Registry<Entry> ALL = new Registry<>("model", rows());

    private Models() {}

    /** Builds a model for so many input channels and classes. */
    @FunctionalInterface
    public interface Builder {
        /** A new model from {@code [N, channels, H, W]} to logits {@code [N, classes]}. */
        Module build(long channels, long classes);
    }

    /**
     * A row of the registry.
     *
     * @param title for people
     * @param input one sample of the size the model was designed for, {@code [C, H, W]}
     * @param smallest the smallest height and width of which it makes sense; the designed one where it takes no other
     * @param classes of the task it was designed for
     */
    public record Entry(String title, Shape input, long smallest, long classes, Builder builder) {
        /** Initialised as its authors or torchvision do, from the default generator. */
        public Module create(long channels, long classes) {
            return builder.build(channels, classes);
        }

        /** Shape that images of this shape best have as inputs: their own, as far as it lies between smallest and designed size. */
        public Shape inputFor(Shape image) {
            return Shape.of(
                    image.get(0),
                    Math.clamp(image.get(1), smallest, input.get(1)),
                    Math.clamp(image.get(2), smallest, input.get(2)));
        }
    }

    private static Map<String, Entry> rows() {
        Map<String, Entry> all = new LinkedHashMap<>(LeNet.entries());
        all.putAll(ResNet.entries());
        all.putAll(WideResNet.entries());
        all.putAll(MobileNetV2.entries());
        return all;
    }

    /** @throws IllegalArgumentException where there is no such model; names the closest one */
    public static Entry find(String name) {
        return ALL.find(name);
    }

    /**
     * A model for its usual numbers of input channels and classes, as it is published: 1000 classes for torchvision's models. Its weights
     * are initialised, not trained.
     *
     * @throws IllegalArgumentException where there is no such model; names the closest one
     */
    public static Module create(String name) {
        return create(name, find(name).classes());
    }

    /**
     * A model for its usual number of input channels.
     *
     * @throws IllegalArgumentException where there is no such model; names the closest one
     */
    public static Module create(String name, long classes) {
        Entry e = find(name);
        return e.create(e.input().get(0), classes);
    }

    /** Names that match {@code pattern}, with wildcards {@code *} and {@code ?}. */
    public static List<String> list(String pattern) {
        return ALL.list(pattern);
    }
}
