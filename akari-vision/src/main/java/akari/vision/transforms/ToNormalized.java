package akari.vision.transforms;

import akari.core.DType;
import akari.tensor.Generator;
import akari.tensor.Tensor;

/** {@link ToFloat} and {@link Normalize} as one table: the same float operations, done once for each of the 256 values. */
final class ToNormalized implements Transform {
    private final Normalize normalize;
    private final Table table;

    ToNormalized(Normalize normalize) {
        this.normalize = normalize;
        Table.Pixel[] pixels = new Table.Pixel[normalize.mean().length];
        for (int c = 0; c < pixels.length; c++) {
            float mean = (float) normalize.mean()[c];
            float std = (float) normalize.std()[c];
            pixels[c] = v -> (v / 255f - mean) / std;
        }
        this.table = Table.of(pixels);
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        if (image.dtype() != DType.UINT8) {
            return normalize.apply(new ToFloat().apply(image, random), random);
        }
        normalize.check(image);
        return table.apply(image);
    }

    @Override
    public boolean batched() {
        return true;
    }

    @Override
    public String toString() {
        return "ToFloat, " + normalize;
    }
}
