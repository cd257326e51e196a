package akari.backend;

/**
 * What a convolution does to its sums before it stores them: {@code out = activation(sum + bias + (accumulate ? out : 0))}.
 *
 * @param accumulate add to what {@code out} holds: a residual connection
 * @param finite whether the caller knows that no operand holds, and no sum becomes, an infinity or NaN. A library's fused activation may
 *     make 0 of NaN; without this knowledge a backend has to look at the operands before it uses one
 */
public record Epilogue(Activation activation, boolean accumulate, boolean finite) {
    public static final Epilogue NONE = new Epilogue(Activation.IDENTITY, false);

    public Epilogue(Activation activation, boolean accumulate) {
        this(activation, accumulate, false);
    }

    /** The same where {@link #finite} is known, or is not. */
    public Epilogue finite(boolean known) {
        return new Epilogue(activation, accumulate, known);
    }
}
