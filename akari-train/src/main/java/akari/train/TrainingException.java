package akari.train;

/** Training cannot go on; the message says what happened, where, and what to try. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what happened, where, and what to try */
    public TrainingException(String message) {
        super(message);
    }
}
