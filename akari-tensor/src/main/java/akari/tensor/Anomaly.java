package akari.tensor;

import akari.core.DType;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of the program where a gradient became NaN: see {@link Autograd#detectAnomaly}.
 *
 * @param checkNan whether gradients are looked at; otherwise only the places of operations are remembered
 */
record Anomaly(boolean checkNan) {
    private static final Set<String> LIBRARY = Set.of("akari.nn", "akari.optim", "akari.vision.models", "akari.train");
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Where an operation was called, innermost frame first, without this library's own frames at the top. */
    static final class Trace {
        private final String op;
        private final StackTraceElement[] frames;
        private final StackTraceElement[] all;
        private boolean madeNan;

        private Trace(String op, StackTraceElement[] frames, StackTraceElement[] all) {
            this.op = op;
            this.frames = frames;
            this.all = all;
        }

        /** The line of the program, {@code Loss.forward(Loss.java:12)}. */
        String line() {
            return frames.length == 0 ? "an unknown place" : frames[0].toString();
        }

        /** For a stack trace beside that of the backward pass. */
        RuntimeException exception() {
            RuntimeException e = new RuntimeException("forward call of " + op + ", whose backward failed");
            e.setStackTrace(all);
            return e;
        }
    }

    /** Notes where {@code call} runs, and whether NaN begins with it. */
    void forward(Call call, Tensor[] in, Tensor out) {
        List<StackWalker.StackFrame> stack =
                WALKER.walk(frames -> frames.skip(1).toList());
        Trace t = new Trace(
                call.op.name(),
                stack.stream()
                        .dropWhile(f -> isOurs(f.getDeclaringClass()))
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .toArray(StackTraceElement[]::new),
                stack.stream().map(StackWalker.StackFrame::toStackTraceElement).toArray(StackTraceElement[]::new));
        call.trace = t;
        if (checkNan && hasNan(out)) {
            t.madeNan = true;
            for (Tensor x : in) {
                t.madeNan &= x == out || !hasNan(x);
            }
        }
    }

    private static boolean isOurs(Class<?> c) {
        return origin(c).equals(origin(Tensor.class)) && c.getPackageName().equals("akari.tensor")
                || LIBRARY.contains(c.getPackageName()) && !c.getSimpleName().endsWith("Test");
    }

    private static String origin(Class<?> c) {
        var source = c.getProtectionDomain().getCodeSource();
        return source == null ? "" : Objects.toString(source.getLocation());
    }

    private static boolean hasNan(Tensor t) {
        return t.dtype().isFloating() && Tensors.noGrad(() -> t.isnan().any().itemLong()) != 0;
    }

    /**
     * Fails if a gradient that {@code call} computed has a NaN.
     *
     * @param rest the calls before it, by rising number
     */
    void check(Call call, @Nullable Tensor[] gradients, List<Call> rest) {
        for (int i = 0; checkNan && i < gradients.length; i++) {
            Tensor g = gradients[i];
            if (g != null && hasNan(g)) {
                throw found(call, i, g, rest);
            }
        }
    }

    private static IllegalStateException found(Call call, int i, Tensor g, List<Call> rest) {
        long at = g.detach().isnan().flatten().to(DType.UINT8).argmax().itemLong();
        String text = "the backward of " + call.op.name() + " made the gradient of its input " + i + " NaN, shape "
                + g.shape() + ", first at element " + at + ". ";
        Trace trace = call.trace;
        if (trace == null) {
            return new IllegalStateException(
                    text + "Run the forward under detectAnomaly, too, to see where " + call.op.name() + " was called");
        }
        text += call.op.name() + " was called at " + trace.line();
        for (Call c : rest) {
            if (c.trace != null && c.trace.madeNan) {
                text += "; the first NaN of the forward was made by " + c.op.name() + " at " + c.trace.line();
                break;
            }
        }
        if (trace.madeNan) {
            text += ", where its result was NaN already";
        }
        return new IllegalStateException(text, trace.exception());
    }
}
