package akari.vision.transforms;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;

/** {@code (x - mean) / std} by channel, on floating images: {@code torchvision.transforms.Normalize}. */
public record Normalize(double[] mean, double[] std) implements Transform {
    public Normalize {
        if (mean.length == 0 || mean.length != std.length || Arrays.stream(std).anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException("Normalize needs a mean and a positive std for each channel, got "
                    + Arrays.toString(mean) + " and " + Arrays.toString(std));
        }
        mean = mean.clone();
        std = std.clone();
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        check(image);
        if (!image.dtype().isFloating()) {
            throw new IllegalArgumentException("Normalize takes floating images, got " + image.dtype() + " "
                    + image.shape() + "; put ToFloat before it");
        }
        return image.sub(column(mean, image.dtype())).div(column(std, image.dtype()));
    }

    void check(Tensor image) {
        if (image.dim() < 3 || image.size(-3) != mean.length) {
            throw new IllegalArgumentException("Normalize has " + mean.length + " channels, the image of shape "
                    + image.shape() + " has not; channels are its third dimension from the end");
        }
    }

    private static Tensor column(double[] values, DType dtype) {
        return Tensors.of(dtype, values, Shape.of(values.length, 1, 1));
    }

    @Override
    public boolean batched() {
        return true;
    }

    @Override
    public String toString() {
        return "Normalize(mean=" + Arrays.toString(mean) + ", std=" + Arrays.toString(std) + ")";
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Normalize n && Arrays.equals(mean, n.mean) && Arrays.equals(std, n.std);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(std);
    }
}
