package akari.vision.transforms;

import akari.tensor.Generator;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Transforms one after another: {@code torchvision.transforms.Compose}. */
public final class Compose implements Transform {
    private final List<Transform> steps;

    /** Applied in the order given. */
    public Compose(Transform... steps) {
        this(List.of(steps));
    }

    /** {@link ToFloat} followed by {@link Normalize} runs as one pass, with the same result to the bit. */
    public Compose(List<? extends Transform> steps) {
        List<Transform> fused = new ArrayList<>();
        for (Transform step : steps) {
            if (step instanceof Normalize n && !fused.isEmpty() && fused.getLast() instanceof ToFloat) {
                fused.set(fused.size() - 1, new ToNormalized(n));
            } else {
                fused.add(step);
            }
        }
        this.steps = List.copyOf(fused);
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        Tensor t = image;
        for (Transform step : steps) {
            t = step.apply(t, random);
        }
        return t;
    }

    @Override
    public boolean batched() {
        return steps.stream().allMatch(Transform::batched);
    }

    /** These steps, then those of {@code next}. */
    public Compose then(Compose next) {
        List<Transform> all = new ArrayList<>(steps);
        all.addAll(next.steps);
        return new Compose(all);
    }

    /** Whether there are no steps, so that images pass unchanged. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The leading steps that must see one image at a time, up to the last such one. */
    public Compose perImage() {
        return new Compose(steps.subList(0, split()));
    }

    /** The steps after {@link #perImage}, which may run on whole batches. */
    public Compose perBatch() {
        return new Compose(steps.subList(split(), steps.size()));
    }

    private int split() {
        int at = steps.size();
        while (at > 0 && steps.get(at - 1).batched()) {
            at--;
        }
        return at;
    }

    @Override
    public String toString() {
        return "Compose" + steps;
    }
}
