package akari.cli;

/** A command line that cannot be meant; the message says what can. Ends with exit code 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
