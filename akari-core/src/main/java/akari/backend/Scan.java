package akari.backend;

/** How a running result follows from the one before it and the next element {@code x}. */
public enum Scan {
    SUM,
    PROD,
    /** The largest so far: NaN wins, and of equals the last. */
    MAX,
    MIN,
    /** {@code log(exp(before) + exp(x))}, without overflow. */
    LOG_SUM_EXP,
    /**
     * {@code x + f*before}, where {@code f} is the second operand at the later of the two places: at the new one from the front,
     * at the one before from the back. So a chain from the back with the same factors is the gradient of one from the front.
     */
    LINEAR
}
