package akari.backend;

/** How a reduction combines elements. NaN wins in MAX, MIN and their ARG forms; of equal elements the ARG forms take the first. */
public enum ReduceOp {
    SUM,
    PROD,
    MAX,
    MIN,
    /** Index along the one reduced dimension, int64. */
    ARGMAX,
    ARGMIN,
    /** Whether any element is non-zero, bool. */
    ANY,
    ALL
}
