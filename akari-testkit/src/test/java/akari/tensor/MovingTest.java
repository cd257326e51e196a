package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.Shape;
import akari.nn.Functional;
import akari.nn.InterpolationMode;
import akari.nn.PaddingMode;
import akari.tensor.ProgramMethods.Callable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Operations that only move elements keep them to the bit: NaN, infinities and -0 arrive where they are read, and nowhere else. What
 * moves where is read off the same call on whole numbers, each of which occurs once.
 */
class MovingTest {
    private static final DType[] TYPES = {DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16};
    private static final double[] SPECIAL = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0, 1.5, -2.25, 3
    };
    /** Numbers from here on name elements; those below stand for themselves. */
    private static final long FIRST = 1000;

    private static final int DRAWS = 24;

    private static final Set<Class<?>> FAMILIES = Set.of(
            Views.class,
            Shaping.class,
            Splitting.class,
            Rearranging.class,
            Indexing.class,
            Selection.class,
            Inserting.class,
            Joining.class);

    /** What these families compute. */
    private static final Set<String> ARITHMETIC = Set.of(
            "overlapAdd", "indexAdd", "indexAdd_", "scatterAdd", "scatterAdd_", "scatterReduce", "scatterReduce_", "sumTo",
            "sumToSize", "vander", "nonzero", "nonzeroAsTuple", "argwhere", "isin", "H", "mH", "view");

    /** Moves of other families. */
    private static final Set<String> FURTHER = Set.of("clone", "contiguous", "where", "maskedFill", "maskedFill_", "copy_", "positive");

    private final List<String> problems = new ArrayList<>();

    @Test
    void methodsMoveBits() {
        Set<String> untried = new TreeSet<>();
        for (Callable m : ProgramMethods.all()) {
            Class<?> family = m.method().getDeclaringClass();
            boolean moves = FAMILIES.contains(family) && !ARITHMETIC.contains(m.name()) || FURTHER.contains(m.name());
            if (moves && !tried(m)) {
                untried.add(m.name());
            }
        }
        assertThat(problems).isEmpty();
        assertThat(untried).isEmpty();
    }

    private boolean tried(Callable m) {
        int done = 0;
        Random random = new Random(m.method().toGenericString().hashCode());
        ProgramArguments arguments = new ProgramArguments(random);
        for (int draw = 0; draw < 40 * DRAWS && done < DRAWS && problems.size() < 30; draw++) {
            DType type = TYPES[done % TYPES.length];
            Arrangement arrangement = Arrangement.values()[done % Arrangement.values().length];
            Map<Long, Double> elements = new HashMap<>();
            List<Tensor> names = pool(DType.INT64, null, arrangement);
            List<Tensor> values = new ArrayList<>(pool(type, elements, arrangement));
            int self = random.nextInt(names.size() - 3);
            List<@Nullable Object> args = new ArrayList<>(arguments.of(m, values.get(self), values));
            args.replaceAll(a -> a instanceof Number && !(a instanceof Integer) ? IntegersTest.moderate(((Number) a).longValue()) : IntegersTest.moderate(a));
            for (int i = 0; i < args.size(); i++) {
                if (args.get(i) instanceof Boolean && m.parameters().get(i).getName().equals("accumulate")) {
                    args.set(i, false);
                }
                if (m.parameters().get(i).getType() == Number.class) {
                    args.set(i, (Number) Math.abs(((Number) args.get(i)).longValue()));
                }
            }
            if (args.stream().anyMatch(a -> a instanceof String)) {
                args.replaceAll(a -> a instanceof String ? "ij" : a);
            }
            ProgramCall call = new ProgramCall(m, self, args);
            Tensor leaf = values.get(self).detach();
            boolean graph = !m.inPlace() && !m.fixed();
            if (graph) {
                values.set(self, leaf.requiresGrad_(true));
            }
            Object expected = call.on(null, names);
            Object actual = call.on(null, values);
            if (expected instanceof Throwable || actual instanceof Throwable) {
                continue;
            }
            List<Tensor> e = ProgramMethods.tensors(expected);
            List<Tensor> a = ProgramMethods.tensors(actual);
            boolean some = false;
            for (int i = 0; i < e.size(); i++) {
                if (a.get(i).dtype() == type) {
                    some |= e.get(i).numel() > 0;
                    compare(type + " " + arrangement + " " + call, e.get(i), a.get(i), elements);
                }
            }
            if (graph && some && a.size() == 1) {
                gradient(type + " " + arrangement + " " + call, e.getFirst(), a.getFirst(), leaf, names.get(self));
            }
            done += some ? 1 : 0;
        }
        return done > 0;
    }

    /** Tensors whose elements all have different names, and at the end an index and masks; with {@code elements} the values of that names. */
    private static List<Tensor> pool(DType type, @Nullable Map<Long, Double> elements, Arrangement arrangement) {
        long[][] shapes = {{2, 3}, {3}, {}, {2, 3, 4}, {3, 3}, {2, 3}, {1, 3}};
        List<Tensor> out = new ArrayList<>();
        long name = FIRST;
        for (long[] shape : shapes) {
            Tensor t = Tensors.empty(DType.INT64, shape);
            long[] all = new long[Math.toIntExact(t.numel())];
            double[] values = new double[all.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = name++;
                values[i] = SPECIAL[(int) ((all[i] * 7919) % SPECIAL.length)];
                if (elements != null) {
                    elements.put(all[i], values[i]);
                }
            }
            Tensor source = elements == null ? Tensors.tensor(all) : Tensors.tensor(type, values);
            out.add(arrangement.of(source.reshape(shape)));
        }
        out.add(Tensors.tensor(0L, 1, 1));
        out.add(Tensors.tensor(true, false, true));
        out.add(Tensors.tensor(true, false, true, false, true, true).reshape(2, 3));
        return out;
    }

    private void compare(String call, Tensor names, Tensor result, Map<Long, Double> elements) {
        long[] from = names.toLongs();
        double[] got = result.toDoubles();
        if (!names.shape().equals(result.shape())) {
            problems.add(call + " has shape " + result.shape() + " instead of " + names.shape());
            return;
        }
        for (int i = 0; i < from.length; i++) {
            double expected = from[i] < FIRST ? from[i] : elements.get(from[i]);
            if (!same(expected, got[i])) {
                problems.add(call + ": element " + i + " is " + got[i] + " instead of " + expected);
                return;
            }
        }
    }

    /** The same bits, but for those of NaN; doubles hold those of all types. */
    private static boolean same(double a, double b) {
        return Double.doubleToLongBits(a) == Double.doubleToLongBits(b);
    }

    /** The gradient of an element is what arrives where it went, added up if it went to several places, 0 if to none. */
    private void gradient(String call, Tensor names, Tensor result, Tensor leaf, Tensor before) {
        if (!result.requiresGrad()) {
            return; // only shows what it was made of
        }
        double[] upstream = new double[Math.toIntExact(result.numel())];
        Arrays.setAll(upstream, i -> SPECIAL[i * 5 % SPECIAL.length]);
        result.backward(Tensors.of(result.dtype(), upstream, result.shape()));
        Map<Long, Double> sums = new HashMap<>();
        long[] to = names.toLongs();
        for (int i = 0; i < to.length; i++) {
            sums.merge(to[i], upstream[i], Double::sum);
        }
        long[] own = before.toLongs();
        double[] got = leaf.grad().toDoubles();
        for (int i = 0; i < own.length; i++) {
            double expected = sums.getOrDefault(own[i], 0.0);
            if (expected + 0.0 != got[i] + 0.0 && !(Double.isNaN(expected) && Double.isNaN(got[i]))) {
                problems.add(call + ": the gradient of element " + i + " is " + got[i] + " instead of " + expected);
                return;
            }
        }
    }
}
