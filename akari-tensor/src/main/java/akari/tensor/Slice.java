package akari.tensor;

/** {@code start:end:step} of one dimension: negative bounds count from its end, bounds beyond it are clipped; the step is positive. */
public record Slice(long start, long end, long step) implements Index {
    /** A whole dimension: {@code :}. */
    public static final Slice ALL = new Slice(0, Long.MAX_VALUE, 1);

    public Slice {
        if (step < 1) {
            throw new IllegalArgumentException("slice step must be positive, got " + step + "; flip() reverses");
        }
    }

    /** {@code start:end}. */
    public static Slice of(long start, long end) {
        return new Slice(start, end, 1);
    }

    /** {@code start:end:step}. */
    public static Slice of(long start, long end, long step) {
        return new Slice(start, end, step);
    }

    /** {@code start:}. */
    public static Slice from(long start) {
        return new Slice(start, Long.MAX_VALUE, 1);
    }

    /** {@code :end}. */
    public static Slice to(long end) {
        return new Slice(0, end, 1);
    }

    /** {@code ::step}. */
    public static Slice every(long step) {
        return new Slice(0, Long.MAX_VALUE, step);
    }

    @Override
    public String toString() {
        return (start == 0 ? "" : start) + ":" + (end == Long.MAX_VALUE ? "" : end) + (step == 1 ? "" : ":" + step);
    }
}
