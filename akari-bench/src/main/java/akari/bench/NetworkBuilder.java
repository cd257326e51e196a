package akari.bench;

/**
 * What the convolutional networks of the races are made of. {@link Network} is written once in these terms, and each side
 * reads it in its own: PyTorch runs the layers, ONNX gets a node for each, {@link Parameters} notes the weights. Akari runs
 * the models of its zoo instead, which must have the same state.
 *
 * @param <T> what flows between layers; a result is used once, except as the second operand of {@link #add}
 */
interface NetworkBuilder<T> {
    /** A square convolution without bias, padded by half its kernel. */
    T conv(T x, String name, int channels, int kernel, int stride, boolean depthwise);

    /** Batch normalisation; in training of the batch, which moves the running statistics by a tenth. */
    T norm(T x, String name);

    /** May overwrite {@code x}. */
    T relu(T x);

    /** Between 0 and 6; may overwrite {@code x}. */
    T relu6(T x);

    /** May overwrite {@code x}, not {@code y}. */
    T add(T x, T y);

    /** The largest of 3×3, stride 2, padding 1. */
    T maxPool(T x);

    /** Means of the planes: {@code [N, C]}. */
    T average(T x);

    T linear(T x, String name, int classes);
}
