package akari.vision.transforms;

import akari.tensor.Generator;
import akari.tensor.Tensor;

/** Turns uint8 values 0 to 255 into float32 values 0 to 1; floating images stay as they are. What {@code ToTensor} does to values. */
public record ToFloat() implements Transform {
    @Override
    public Tensor apply(Tensor image, Generator random) {
        return switch (image.dtype()) {
            case UINT8 -> Table.of(v -> v / 255f).apply(image);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> image;
            case BOOL, INT8, INT16, INT32, INT64 ->
                throw new IllegalArgumentException("ToFloat takes uint8 or floating images, got " + image.dtype() + " "
                        + image.shape() + "; convert with to(FLOAT32) if these are values 0 to 1");
        };
    }

    @Override
    public boolean batched() {
        return true;
    }
}
