package akari.nn;

/** How a loss combines its elements. */
public enum Reduction {
    /** Not at all. */
    NONE,
    /** Their mean; for weighted class losses the weighted mean. PyTorch's default everywhere. */
    MEAN,
    /** Their sum. */
    SUM,
    /** Sum divided by the batch size; for {@code klDiv} alone. */
    BATCHMEAN
}
