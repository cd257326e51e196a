package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.math.BigInteger;
import java.util.Locale;

/** Errors of tensors that memory cannot hold. They name the operation that the user called, which is found on the stack. */
final class OutOfMemory {
    private OutOfMemory() {}

    /** No memory will ever hold it: a mistaken argument, told before anything is allocated. */
    static IllegalArgumentException never(DType dtype, Shape shape, long limit) {
        BigInteger bytes = BigInteger.valueOf(dtype.bytes());
        for (long n : shape.toArray()) {
            bytes = bytes.multiply(BigInteger.valueOf(n));
        }
        return new IllegalArgumentException(
                operation() + ": a " + dtype + " tensor of shape " + shape + " takes " + text(bytes.doubleValue())
                        + ", more than the limit of " + text(limit)
                        + "; check the sizes, or raise the limit with -Dakari.memory.limit=SIZE");
    }

    /** There is none left for it. */
    static OutOfMemoryError now(DType dtype, Shape shape, OutOfMemoryError cause) {
        var e = new OutOfMemoryError(
                operation() + ": a " + dtype + " tensor of shape " + shape + " does not fit: " + cause.getMessage());
        e.initCause(cause);
        return e;
    }

    /** {@code n} as the length of an array of long or double on the Java heap, where some operations compute; an eighth of it at most. */
    static int array(String op, double n) {
        double most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 64.0);
        if (!(n >= 0 && n <= most)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s: %.0f elements; between 0 and %.0f fit into the Java heap", op, n, most));
        }
        return (int) n;
    }

    /** {@code n} as a number of elements; whether memory has room for them, the allocation says. */
    static long elements(String op, double n) {
        if (!(n >= 0 && n < 0x1p60)) {
            throw new IllegalArgumentException(op + ": %.0f elements are none, or beyond all memory".formatted(n));
        }
        return (long) n;
    }

    /** {@code a * b} elements, neither of them negative. */
    static long times(String op, long a, long b) {
        if (Math.multiplyHigh(a, b) != 0 || a * b < 0) {
            throw new IllegalArgumentException(op + ": " + a + " times " + b + " elements are beyond all memory");
        }
        return a * b;
    }

    private static String text(double bytes) {
        return String.format(Locale.ROOT, bytes < 1e12 ? "%.1f MB" : "%.3g MB", bytes / 1048576);
    }

    /** The outermost of our public methods on the way from the user to here. */
    private static String operation() {
        return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(OutOfMemory::isOperation)
                        .reduce((_, outer) -> outer)
                        .map(StackFrame::getMethodName)
                        .orElse("allocate"));
    }

    private static boolean isOperation(StackFrame frame) {
        Class<?> c = frame.getDeclaringClass();
        return !frame.getMethodName().startsWith("lambda$")
                && !frame.getMethodName().equals("allocate")
                && (c.isAssignableFrom(Tensor.class) || c.isAssignableFrom(Tensors.class));
    }
}
