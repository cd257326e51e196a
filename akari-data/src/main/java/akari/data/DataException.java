package akari.data;

import org.jspecify.annotations.Nullable;

/** Data that cannot be used: a missing, truncated or contradictory file, a sample that failed. Says where and what to do. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong, where, and what to do next */
    public DataException(String message) {
        super(message);
    }

    /** @param message what was wrong, where, and what to do next */
    public DataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
