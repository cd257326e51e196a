package akari.cpu.kernel;

/** A compiled kernel over one row of memory. */
public interface Loop {
    /**
     * Runs {@code n} elements; {@code at} has the addresses of the outputs and then of the inputs, each contiguous or, where the
     * kernel was compiled so, one single element.
     */
    void run(long[] at, double[] scalars, int n);
}
