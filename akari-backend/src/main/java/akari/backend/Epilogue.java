package akari.backend;

/**
 * What a convolution does to its sums before it stores them: {@code out = activation(sum + bias + (accumulate ? out : 0))}.
 *
 * @param accumulate add to what {@code out} holds: a residual connection
 */
public record Epilogue(Activation activation, boolean accumulate) {
    public static final Epilogue NONE = new Epilogue(Activation.IDENTITY, false);
}
