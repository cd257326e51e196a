package akari.tensor;

import org.jspecify.annotations.Nullable;

/**
 * One operation as data: its attributes are a record's components, its inputs come with the call. A primitive is a record of this
 * type: shape rule and backend call in {@link #forward}, gradient in {@link #backward}, written in tensor operations so that it can
 * be differentiated again.
 */
interface Op {
    /** Name for errors and printing: {@code conv2d}. */
    default String name() {
        String n = getClass().getSimpleName();
        return Character.toLowerCase(n.charAt(0)) + n.substring(1);
    }

    /** Computes the result, with recording off; saves in {@code call} whatever the gradient needs. */
    Tensor forward(Call call, Tensor[] in);

    /** The gradient of each input from the result's; null where {@link Call#needs} is false. */
    @Nullable
    Tensor[] backward(Call call, Tensor g);
}
