package akari.vision.transforms;

import akari.nn.Functional;
import akari.nn.PaddingMode;
import akari.tensor.Generator;
import akari.tensor.Tensor;

/**
 * Cuts {@code height × width} out at a random place, after adding {@code padding} zeros on every side:
 * {@code torchvision.transforms.RandomCrop}.
 */
public record RandomCrop(int height, int width, int padding) implements Transform {
    public RandomCrop {
        if (height < 1 || width < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "RandomCrop of " + height + "×" + width + " with padding " + padding + " is not possible");
        }
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        Tensor padded = padding == 0
                ? image
                : Functional.pad(image, new long[] {padding, padding, padding, padding}, PaddingMode.ZEROS, 0);
        long spareRows = padded.size(-2) - height;
        long spareColumns = padded.size(-1) - width;
        if (spareRows < 0 || spareColumns < 0) {
            throw new IllegalArgumentException("RandomCrop of " + height + "×" + width + " from an image of shape "
                    + image.shape() + " padded by " + padding + ": enlarge the padding or resize first");
        }
        return padded.narrow(-2, random.below(spareRows + 1), height).narrow(-1, random.below(spareColumns + 1), width);
    }
}
