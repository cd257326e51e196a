package akari.vision.transforms;

import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/**
 * A change of an image {@code [C, H, W]}, uint8 with values 0 to 255 or floating. Never changes its input. A loader gives back what a
 * transform allocates beside its result; a tensor that a transform keeps for later calls passes through {@link Tensors#outlive}.
 */
@FunctionalInterface
public interface Transform {
    /** The changed image; every random choice comes from {@code random}, so equal generators give equal images. */
    Tensor apply(Tensor image, Generator random);

    /** {@link #apply(Tensor, Generator)} with the default generator. */
    default Tensor apply(Tensor image) {
        return apply(image, Tensors.defaultGenerator());
    }

    /** Whether this transform also takes batches {@code [N, C, H, W]} and treats all their images alike, so that it runs once a batch. */
    default boolean batched() {
        return false;
    }
}
