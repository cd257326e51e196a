package akari.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Standard output as an error where it takes nothing more: a {@link java.io.PrintStream} alone would go on into the void. */
final class Output extends OutputStream {
    private final OutputStream to;

    Output(OutputStream to) {
        this.to = to;
    }

    /** Nobody reads any more, as after {@code | head -1}. */
    static final class NoReader extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoReader(Throwable cause) {
            super(cause);
        }
    }

    private static RuntimeException failed(IOException e) {
        String why = String.valueOf(e.getMessage());
        return why.toLowerCase(Locale.ROOT).contains("pipe")
                ? new NoReader(e)
                : new UncheckedIOException("cannot write to standard output: " + why, e);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int n) {
        try {
            to.write(bytes, from, n);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() {
        try {
            to.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
