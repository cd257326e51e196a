package akari.vision.models;

import akari.core.DType;
import akari.core.Shape;
import akari.data.ClassNames;
import akari.nn.Inference;
import akari.nn.Init;
import akari.nn.Module;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.datasets.ImageData;
import akari.vision.datasets.ImageFile;
import akari.vision.transforms.Compose;
import akari.vision.transforms.Normalize;
import akari.vision.transforms.Resize;
import akari.vision.transforms.ToFloat;
import akari.vision.transforms.Transform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A trained model with its class names and what turns a picture into its input, all read from one weights file:
 *
 * <pre>{@code
 * Classifier digits = Classifier.load(Path.of("runs/digits-lenet-1/best.safetensors"));
 * digits.classify(Path.of("seven.png"), 3).forEach(System.out::println);
 * }</pre>
 */
public final class Classifier {
    private static final long MOST_PIXELS = 4096 * 4096;

    private final Module model;
    private final Inference inference;
    private final List<String> classes;
    private final String data;
    private final Shape input;
    private final double[] mean;
    private final double[] std;

    private Classifier(Module model, List<String> classes, String data, Shape input, double[] mean, double[] std) {
        this.model = model;
        this.inference = Inference.of(model);
        this.classes = classes;
        this.data = data;
        this.input = input;
        this.mean = mean;
        this.std = std;
    }

    /** One answer; confidence is the softmax probability, 0 to 1. */
    public record Answer(String name, double confidence) {}

    /** What a weights file must say beside the weights, for {@link #load}. */
    public static Map<String, String> metadata(String model, ImageData data, Shape input) {
        Map<String, String> m = new LinkedHashMap<>();
        m.put("model", model);
        m.put("data", data.name());
        m.put("classes", ClassNames.join(data.classes()));
        m.put("input", numbers(input.with(0, data.image().get(0)).toArray()));
        m.put("mean", numbers(data.mean()));
        m.put("std", numbers(data.std()));
        return m;
    }

    private static String numbers(long[] values) {
        return Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    private static String numbers(double[] values) {
        return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    /**
     * Reads a file that training wrote; the model is in eval mode.
     *
     * @throws IllegalArgumentException where the file lacks the model's name, classes or preprocessing, or they do not fit the weights;
     *     inputs may have at most 4096×4096 pixels
     */
    public static Classifier load(Path weights) {
        SafeTensors file = SafeTensors.load(weights);
        List<String> classes = ClassNames.split(value(file, "classes", weights));
        Shape input = input(file, weights);
        Models.Entry entry = Models.find(value(file, "model", weights));
        Module model = Init.skipped(() -> entry.create(input.get(0), classes.size()));
        model.loadStateDict(file.tensors());
        model.eval();
        return new Classifier(
                model,
                classes,
                value(file, "data", weights),
                input,
                doubles(file, "mean", input.get(0), weights),
                doubles(file, "std", input.get(0), weights));
    }

    /** What the file asks for is made for every image, so that a damaged size must not pass. */
    private static Shape input(SafeTensors file, Path weights) {
        String text = value(file, "input", weights);
        if (text.matches("[13] [1-9][0-9]{0,4} [1-9][0-9]{0,4}")) {
            long[] sizes =
                    Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
            if (sizes[1] * sizes[2] <= MOST_PIXELS) {
                return Shape.of(sizes);
            }
        }
        throw new IllegalArgumentException(
                weights + ": the entry \"input\" must hold channels (1 or 3), height and width of at most "
                        + MOST_PIXELS + " pixels, got \"" + text + "\"; train anew, or take an undamaged file");
    }

    private static String value(SafeTensors file, String key, Path weights) {
        String v = file.metadata().get(key);
        if (v == null) {
            throw new IllegalArgumentException(weights + " lacks the entry \"" + key
                    + "\": it holds weights, but not the classes and preprocessing that training writes beside them");
        }
        return v;
    }

    private static double[] doubles(SafeTensors file, String key, long channels, Path weights) {
        String text = value(file, key, weights);
        try {
            double[] values = Arrays.stream(text.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (values.length == channels && Arrays.stream(values).allMatch(Double::isFinite)) {
                return values;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(weights + ": the entry \"" + key + "\" must hold " + channels
                + " finite numbers, one a channel, got \"" + text + "\"; train anew, or take an undamaged file");
    }

    /** The network alone, in eval mode: from a prepared batch {@code [N, C, H, W]} to logits {@code [N, classes]}. */
    public Module model() {
        return model;
    }

    /** Names, by the classes' numbers. */
    public List<String> classes() {
        return classes;
    }

    /** The data set it was trained on. */
    public String data() {
        return data;
    }

    /** From a uint8 image {@code [C, H, W]} of any size to the model's input. */
    public Transform preprocessing() {
        return new Compose(new Resize((int) input.get(1), (int) input.get(2)), new ToFloat(), new Normalize(mean, std));
    }

    /** The {@code k} best answers for an image file, best first. */
    public List<Answer> classify(Path image, int k) {
        return classify(ImageFile.read(image, (int) input.get(0)), k);
    }

    /** The {@code k} best answers for a uint8 image {@code [C, H, W]}, best first. */
    public List<Answer> classify(Tensor image, int k) {
        if (image.dtype() != DType.UINT8 || image.dim() != 3 || image.size(0) != input.get(0)) {
            throw new IllegalArgumentException(
                    "expected a uint8 image [" + input.get(0) + ", H, W], got " + image.dtype() + " " + image.shape());
        }
        double[] p = Tensors.noGrad(() -> {
            Tensor x = preprocessing().apply(image, Tensors.defaultGenerator()).unsqueeze(0);
            return inference.forward(x).softmax(1).toDoubles();
        });
        List<Answer> all = new ArrayList<>();
        for (int c = 0; c < p.length; c++) {
            all.add(new Answer(classes.get(c), p[c]));
        }
        all.sort((a, b) -> Double.compare(b.confidence(), a.confidence()));
        return List.copyOf(all.subList(0, Math.clamp(k, 1, all.size())));
    }

    @Override
    public String toString() {
        return "Classifier(" + model.getClass().getSimpleName() + ", " + data + ", input " + input + ", "
                + classes.size() + " classes)";
    }
}
