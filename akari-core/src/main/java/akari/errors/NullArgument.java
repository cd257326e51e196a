package akari.errors;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which argument of which operation is null where none may be; nobody pays for it before one is. */
public final class NullArgument {
    private static final Set<String> PACKAGES =
            Set.of("akari.core", "akari.errors", "akari.backend", "akari.tensor", "akari.nn");

    private NullArgument() {}

    /** @throws NullPointerException that names the argument, and the method that the program called */
    public static void check(@Nullable Object value, String name) {
        if (value == null) {
            throw of(name);
        }
    }

    public static NullPointerException of(String name) {
        return new NullPointerException(called() + ": " + name + " is null; a value is needed there");
    }

    /** For the first null among {@code operands}. */
    public static NullPointerException among(@Nullable Object[] operands) {
        return of("operand " + (Arrays.asList(operands).indexOf(null) + 1));
    }

    /** The outermost of Akari's methods below the program's own; Java's are passed by. */
    private static String called() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> !isJava(f.getClassName()))
                        .takeWhile(f -> PACKAGES.contains(f.getClassName()
                                .substring(0, Math.max(0, f.getClassName().lastIndexOf('.')))))
                        .map(NullArgument::name)
                        .filter(m -> !m.startsWith("lambda$"))
                        .reduce("?", (_, outer) -> outer));
    }

    private static String name(StackWalker.StackFrame frame) {
        return frame.getMethodName().equals("<init>")
                ? "new " + frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1)
                : frame.getMethodName();
    }

    private static boolean isJava(String name) {
        return name.startsWith("java.util.");
    }
}
