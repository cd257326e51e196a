package akari.vision.transforms;

import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/**
 * Mirrors an image left to right with probability {@code p}: {@code torchvision.transforms.RandomHorizontalFlip}.
 */
public record RandomHorizontalFlip(double p) implements Transform {
    public RandomHorizontalFlip {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a probability must lie in [0, 1], got " + p);
        }
    }

    /** With probability 0.5. */
    public RandomHorizontalFlip() {
        this(0.5);
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        if (random.uniform() >= p) {
            return image;
        }
        long[] mirrored = new long[Math.toIntExact(image.size(-1))];
        for (int i = 0; i < mirrored.length; i++) {
            mirrored[i] = mirrored.length - 1 - i;
        }
        return image.indexSelect(-1, Tensors.tensor(mirrored));
    }
}
