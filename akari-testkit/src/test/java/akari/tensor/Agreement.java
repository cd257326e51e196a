package akari.tensor;

import akari.backend.Backend;
import akari.backend.Buffer;
import akari.backend.Layout;
import akari.backend.RandomRounding;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call's results are right. The rule, for all operations: a result is right if the reference backend gives it, or may give
 * it when its roundings on the way fall otherwise ({@link RandomRounding}).
 *
 * <p>Results of floating type must lie between the smallest and the largest that were seen, or no further outside than these are
 * apart and two units in the last place of the type; NaN and infinities must have been seen. Everything else (integers, types,
 * shapes, whether the call is refused) must be the same as in one of these runs. Operations that do not round have but one result.
 */
final class Agreement {
    /** So many throws must all speak against a result. */
    private static final int THROWS = 64;
    /** No program needs larger tensors: what is beyond is not compared. */
    static final int MANY = 2000;

    private final ReferenceBackend reference;
    private final ProgramCall call;
    private final List<Tensor> pool;
    private final Random random;
    private boolean overflows;

    /** @param pool what the call saw, on the reference backend */
    Agreement(ReferenceBackend reference, ProgramCall call, List<Tensor> pool, Random random) {
        this.reference = reference;
        this.call = call;
        this.pool = pool;
        this.random = random;
    }

    /** What a call gave: an exception, or its results and, if it changes something in place, all tensors after it. */
    record Outcome(@Nullable Throwable refusal, List<Tensor> tensors, int results) {
        static Outcome of(ProgramCall call, @Nullable Object value, List<Tensor> pool) {
            if (value instanceof Throwable e) return new Outcome(e, List.of(), 0);
            List<Tensor> results = ProgramMethods.tensors(value);
            List<Tensor> all = new ArrayList<>(results);
            if (call.method().inPlace()) all.addAll(pool);
            return new Outcome(null, all, results.size());
        }
    }

    /** What is wrong with an outcome, or null. */
    @Nullable
    String problem(Outcome got, Outcome expected) {
        List<Outcome> seen = new ArrayList<>(List.of(expected));
        String first = check(got, seen);
        if (first == null) return null;
        if (pool.stream().anyMatch(t -> t.dtype().isHalf())) {
            // a backend may keep on the way what the reference rounds to the type between two steps
            seen.add(run(
                    reference,
                    copies(pool, reference).stream().map(Agreement::widened).toList()));
        }
        for (int i = 0; i < THROWS; i++) {
            var rounding = new RandomRounding(reference, random);
            Backend backend = rounding.backend();
            seen.add(run(backend, copies(pool, backend)));
            overflows |= rounding.overflows();
            if (check(got, seen) == null) return null;
        }
        return first;
    }

    private Outcome run(Backend backend, List<Tensor> on) {
        return Outcome.of(call, call.on(backend, on), on);
    }

    private static Tensor widened(Tensor t) {
        return t.dtype().isHalf() ? t.to(DType.FLOAT32) : t;
    }

    private @Nullable String check(Outcome got, List<Outcome> seen) {
        Outcome expected = seen.getFirst();
        // whether a pivot is just 0 is up to rounding
        if (got.refusal instanceof LinAlgException || expected.refusal instanceof LinAlgException) return null;
        if (got.refusal != null) {
            return seen.stream().anyMatch(o -> o.refusal != null)
                    ? null
                    : "refused, but the reference backend does it: " + Program.trace(got.refusal);
        }
        List<Outcome> done = seen.stream().filter(o -> o.refusal == null).toList();
        if (done.isEmpty()) {
            return "done, but the reference backend refuses: " + Program.trace(expected.refusal);
        }
        done = done.stream().filter(o -> o.results == got.results).toList();
        if (done.isEmpty()) return got.results + " results, expected " + expected.results;
        for (int i = 0; i < got.tensors.size(); i++) {
            if (i >= got.results && showsNaN(got.tensors.get(i), got.tensors)) continue;
            String problem = compare(i, got.tensors.get(i), done);
            if (problem != null) return problem;
        }
        return null;
    }

    /** The sign and the lower bits of a NaN mean nothing, not even where an integer view shows them. */
    private static boolean showsNaN(Tensor t, List<Tensor> all) {
        return !t.dtype().isFloating()
                && all.stream()
                        .filter(o -> o.dtype().isFloating() && o.view.buffer() == t.view.buffer())
                        .anyMatch(o -> Arrays.stream(o.toDoubles()).anyMatch(Double::isNaN));
    }

    private @Nullable String compare(int i, Tensor got, List<Outcome> done) {
        Tensor expected = done.getFirst().tensors.get(i);
        List<Tensor> alike = done.stream()
                .map(o -> o.tensors.get(i))
                .filter(t -> t.shape().equals(got.shape())
                        && (t.dtype() == got.dtype()
                                || t.dtype().isFloating() && got.dtype().isHalf()))
                .toList();
        if (alike.isEmpty()) {
            return "result " + i + " is " + got.dtype() + " " + got.shape() + ", expected " + expected.dtype() + " "
                    + expected.shape();
        }
        if (got.numel() > MANY) return null;
        boolean right = got.dtype().isFloating()
                ? floats(
                        got.dtype(),
                        got.toDoubles(),
                        alike.stream().map(Tensor::toDoubles).toList())
                : longs(got.toLongs(), alike.stream().map(Tensor::toLongs).toList());
        return right
                ? null
                : "result " + i + " (" + got.dtype() + ") is " + Arrays.toString(got.toDoubles()) + ", expected "
                        + Arrays.toString(expected.toDoubles());
    }

    private static boolean longs(long[] x, List<long[]> seen) {
        for (int k = 0; k < x.length; k++) {
            int at = k;
            if (seen.stream().noneMatch(y -> y[at] == x[at])) return false;
        }
        return true;
    }

    private boolean floats(DType type, double[] x, List<double[]> seen) {
        // decompositions are stable for a matrix as a whole: its smallest elements are as far off as its largest
        boolean whole = call.method().method().getDeclaringClass() == Decompositions.class;
        double largest = Arrays.stream(seen.getFirst())
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        double error = whole ? x.length * RandomRounding.unit(type, largest) : 0;
        for (int k = 0; k < x.length; k++) {
            if (!right(type, x[k], k, seen, error)) return false;
        }
        return true;
    }

    private boolean right(DType type, double x, int k, List<double[]> seen, double error) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] y : seen) {
            if (x == y[k] || Double.isNaN(x) && Double.isNaN(y[k])) return true;
            if (Double.isNaN(y[k])) continue;
            if (overflows && Double.isInfinite(y[k])) return true;
            low = Math.min(low, y[k]);
            high = Math.max(high, y[k]);
        }
        if (!Double.isFinite(x)) return overflows;
        double unit = RandomRounding.unit(type, Math.max(Math.abs(low), Math.abs(high)));
        double slack = 2 * unit
                + error
                + (Double.isFinite(high - low) ? high - low : 0)
                + (type == DType.FLOAT64 ? 0 : Float.MIN_NORMAL);
        return x >= low - slack && x <= high + slack;
    }

    /** The same tensors in memory of their own, sharing it as they did. */
    static List<Tensor> copies(List<Tensor> tensors, Backend backend) {
        Map<Buffer, Buffer> copied = new IdentityHashMap<>();
        return tensors.stream()
                .map(t -> {
                    Buffer b = copied.computeIfAbsent(
                            t.view.buffer(), from -> copy(t, backend).view.buffer());
                    return new Tensor(backend, new View(b, t.dtype(), t.view.layout()));
                })
                .toList();
    }

    /** All bytes of a tensor's buffer. */
    private static Tensor copy(Tensor t, Backend backend) {
        long bytes = t.view.buffer().bytes();
        Tensor copy = Tensor.allocate(backend, DType.UINT8, Layout.contiguous(Shape.of(bytes)));
        Program.copyMemory(t, copy);
        return copy;
    }
}
