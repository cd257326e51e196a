package akari.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Where the launcher script starts. The JVM greets each start with "WARNING: Using incubator modules" on standard error and has no
 * switch against it. The script therefore parks standard error on another descriptor and filters what the JVM itself writes;
 * this class makes the parked one {@link System#err} again.
 */
public final class Start {
    private Start() {}

    /** Restores standard error from the descriptor named by the property {@code akari.stderr}, then runs {@link Main}. */
    public static void main(String[] args) {
        var parked = Integer.getInteger("akari.stderr");
        if (parked != null) {
            try {
                System.setErr(open(parked));
            } catch (ReflectiveOperationException | RuntimeException e) {
                // standard error stays the filtered one, which loses nothing but that one line
                System.setErr(System.err);
            }
        }
        Main.main(args);
    }

    /** A stream on an inherited descriptor. Opening /dev/fd/N would make a new file position and overwrite what stdout wrote. */
    private static PrintStream open(int descriptor) throws ReflectiveOperationException {
        var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        var stream = new FileOutputStream(constructor.newInstance(descriptor));
        return new PrintStream(stream, true, Charset.forName(System.getProperty("stderr.encoding", "UTF-8")));
    }
}
