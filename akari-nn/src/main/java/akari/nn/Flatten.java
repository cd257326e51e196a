package akari.nn;

import akari.tensor.Tensor;

/** Merges dimensions into one; all but the first unless given. */
@KeepsNothing
public final class Flatten extends Module {
    private final int start;
    private final int end;

    /** Everything but the batch: {@code [N, …]} to {@code [N, F]}. */
    public Flatten() {
        this(1, -1);
    }

    /** From {@code start} to the last dimension; negative counts from the end. */
    public Flatten(int start) {
        this(start, -1);
    }

    /** Both inclusive; negative counts from the end. */
    public Flatten(int start, int end) {
        this.start = start;
        this.end = end;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.flatten(start, end);
    }

    @Override
    protected String extraRepr() {
        return "start_dim=" + start + ", end_dim=" + end;
    }
}
