package akari.backend;

/** What becomes of an element at which a scatter arrives. In MAX and MIN NaN wins. */
public enum Combine {
    SET,
    ADD,
    MULTIPLY,
    MAX,
    MIN;

    /** {@code a}, at which {@code b} arrives. */
    public double of(double a, double b) {
        return switch (this) {
            case SET -> b;
            case ADD -> a + b;
            case MULTIPLY -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    /** As {@link #of(double, double)}, for integers, which wrap around. */
    public long of(long a, long b) {
        return switch (this) {
            case SET -> b;
            case ADD -> a + b;
            case MULTIPLY -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }
}
