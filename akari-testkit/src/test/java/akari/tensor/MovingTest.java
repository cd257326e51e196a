package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
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
    /** Tensors of a pool that are moved; behind them come indices, then masks. */
    private static final int DATA = 7;

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
            "overlapAdd",
            "indexAdd",
            "indexAdd_",
            "scatterAdd",
            "scatterAdd_",
            "scatterReduce",
            "scatterReduce_",
            "sumTo",
            "sumToSize",
            "vander",
            "nonzero",
            "nonzeroAsTuple",
            "argwhere",
            "isin",
            "view",
            // positions that made-up numbers never hit, in SelectionTest
            "set");

    /** Moves of other families. */
    private static final Set<String> FURTHER =
            Set.of("clone", "contiguous", "where", "maskedFill", "maskedFill_", "copy_", "positive");

    private final List<String> problems = new ArrayList<>();

    @Test
    void methodsMoveBits() {
        Set<String> untried = new TreeSet<>();
        Set<String> tried = new TreeSet<>();
        for (Callable m : ProgramMethods.all()) {
            Class<?> family = m.method().getDeclaringClass();
            boolean moves = FAMILIES.contains(family) && !ARITHMETIC.contains(m.name()) || FURTHER.contains(m.name());
            if (moves) {
                (tried(m) ? tried : untried).add(m.name());
            }
        }
        assertThat(problems).isEmpty();
        assertThat(tried)
                .as("methods of which made-up arguments fit at least one form")
                .containsAll(untried);
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
            int self = random.nextInt(DATA);
            List<@Nullable Object> args = new ArrayList<>(arguments.of(m, values.get(self), values));
            args.replaceAll(a -> a instanceof Number && !(a instanceof Integer)
                    ? IntegersTest.moderate(((Number) a).longValue())
                    : IntegersTest.moderate(a));
            for (int i = 0; i < args.size(); i++) {
                String name = m.parameters().get(i).getName();
                if (args.get(i) instanceof ProgramArguments.Ref && IntegersTest.NO_VALUES.contains(name)) {
                    boolean mask = name.equals("mask") || name.equals("condition");
                    args.set(i, new ProgramArguments.Ref(DATA + (mask ? 3 + random.nextInt(2) : random.nextInt(3))));
                }
                if (args.get(i) instanceof Boolean && name.equals("accumulate")) {
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
            boolean again = m.name().equals("put"); // may set a place twice
            if (graph && some && a.size() == 1 && !again) {
                gradient(type + " " + arrangement + " " + call, e.getFirst(), a.getFirst(), leaf, names.get(self));
            }
            done += some ? 1 : 0;
        }
        return done > 0;
    }

    // ---- functions of images, and what orders elements

    private record Move(String name, Function<Tensor, Tensor> call, long... shape) {}

    private static List<Move> moves() {
        List<Move> out = new ArrayList<>();
        for (PaddingMode mode : PaddingMode.values()) {
            out.add(new Move("pad " + mode, x -> Functional.pad(x, new long[] {2, 1, 1, 2}, mode, 7), 2, 2, 3, 4));
            out.add(new Move("pad of a row " + mode, x -> Functional.pad(x, new long[] {3, 0}, mode, 0), 1, 2, 5));
        }
        out.add(new Move("crop", x -> Functional.pad(x, new long[] {-1, 2}, PaddingMode.ZEROS, 0), 3, 4));
        for (InterpolationMode mode : List.of(InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT)) {
            for (long n : new long[] {1, 2, 3, 5, 9}) {
                out.add(new Move(mode + " to " + n, x -> Functional.interpolate(x, Shape.of(n, 4), mode), 1, 2, 4, 3));
            }
        }
        out.add(new Move("pixelShuffle", x -> x.pixelShuffle(2), 2, 8, 2, 3));
        out.add(new Move("pixelUnshuffle", x -> x.pixelUnshuffle(2), 2, 2, 4, 6));
        out.add(new Move("channelShuffle", x -> x.channelShuffle(2), 2, 4, 2, 3));
        out.add(new Move("unflatten", x -> x.unflatten(1, 2, 2), 3, 4, 2));
        for (long[] w : new long[][] {{2, 1, 1, 1, 0, 1}, {2, 3, 1, 2, 0, 1}, {3, 2, 2, 1, 1, 2}, {1, 1, 2, 2, 0, 1}}) {
            Shape kernel = Shape.of(w[0], w[1]);
            Convolution c = new Convolution(Shape.of(w[2], w[3]), Shape.of(w[4], w[4]), Shape.of(w[5], w[5]), 1);
            out.add(new Move("unfold by " + kernel + " " + c, x -> Functional.unfold(x, kernel, c), 2, 2, 5, 6));
        }
        Convolution apart = new Convolution(Shape.of(2, 3), Shape.of(0, 0), Shape.of(1, 1), 1);
        Convolution wide = new Convolution(Shape.of(5, 3), Shape.of(1, 0), Shape.of(2, 1), 1);
        out.add(new Move("fold", x -> Functional.fold(x, Shape.of(5, 6), Shape.of(2, 3), apart), 2, 12, 4));
        out.add(new Move("fold wide", x -> Functional.fold(x, Shape.of(8, 6), Shape.of(2, 3), wide), 1, 6, 4));
        out.add(new Move("overlapAdd", x -> x.overlapAdd(0, 3, 9), 3, 2, 2));
        out.add(new Move("flip", x -> x.flip(0, 2), 3, 5, 70));
        out.add(new Move("flip of a row", x -> x.flip(0), 1001));
        out.add(new Move("rot90", x -> x.rot90(3, 0, 2), 2, 3, 33));
        out.add(new Move("roll", x -> x.roll(new long[] {2, -1}, new int[] {1, 2}), 2, 5, 3));
        out.add(new Move("embedding", x -> Functional.embedding(Tensors.tensor(1L, 3, 0), x, -1), 4, 3));
        out.add(new Move("dropout in evaluation", x -> x.dropout(0.5, false).clone(), 3, 4));
        return out;
    }

    @Test
    void functionsMoveBits() {
        for (Move move : moves()) {
            for (DType type : TYPES) {
                for (Arrangement arrangement : Arrangement.values()) {
                    Shape shape = Shape.of(move.shape);
                    Tensor names = arrangement.of(
                            Tensors.arange(FIRST, FIRST + shape.numel()).reshape(shape));
                    Map<Long, Double> elements = new HashMap<>();
                    double[] values = special(shape.numel());
                    Arrays.setAll(values, i -> {
                        elements.put(FIRST + i, values[i]);
                        return values[i];
                    });
                    Tensor leaf = arrangement
                            .of(Tensors.of(type, values, shape))
                            .detach()
                            .requiresGrad_(true);
                    Tensor expected = move.call.apply(names);
                    Tensor actual = move.call.apply(leaf);
                    String call = type + " " + arrangement + " " + move.name;
                    compare(call, expected, actual, elements);
                    gradient(call, expected, actual, leaf, names);
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aPixelReachesTheOutputsThatReadIt() {
        for (InterpolationMode mode : List.of(InterpolationMode.LINEAR, InterpolationMode.BICUBIC)) {
            for (long size : new long[] {1, 2, 3, 4, 5, 6, 9}) {
                for (DType type : TYPES) {
                    for (double v : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                        smoothed(mode, size, type, v);
                    }
                }
            }
        }
        // PyTorch's answer
        Tensor x = Tensors.ones(1, 1, 6, 6);
        x.at(0, 0, 2, 3).fill_(Double.NaN);
        Tensor y = Functional.interpolate(x, Shape.of(3, 3), InterpolationMode.LINEAR, false, true);
        assertThat(y.isnan().toLongs()).containsExactly(0, 1, 1, 0, 1, 1, 0, 0, 0);
        Tensor wider = Functional.interpolate(x, Shape.of(6, 12), InterpolationMode.LINEAR);
        assertThat(wider.isnan().nonzero().select(1, 2).toLongs()).containsExactly(2, 2, 2, 2);
        assertThat(wider.isnan().nonzero().select(1, 3).toLongs()).containsExactly(5, 6, 7, 8);
        Tensor cubic = Functional.interpolate(x, Shape.of(6, 6), InterpolationMode.BICUBIC);
        assertThat(cubic.isnan().sum().item()).isEqualTo(16);
    }

    /** An antialiased image of 6 by 7 with one outlier, and the gradient of one outlier of its result. */
    private static void smoothed(InterpolationMode mode, long size, DType type, double outlier) {
        Tensor plain = Tensors.arange(42).reshape(1, 1, 6, 7).to(type);
        Tensor x = plain.clone();
        x.at(0, 0, 2, 3).fill_(outlier);
        x.requiresGrad_(true);
        Shape shape = Shape.of(size, size);
        Tensor expected = Functional.interpolate(plain, shape, mode, false, true);
        Tensor y = Functional.interpolate(x, shape, mode, false, true);
        Tensor upstream = Tensors.zerosLike(y);
        upstream.at(0, 0, size / 2, 0).fill_(outlier);
        y.backward(upstream);
        String call = mode + " to " + size + ", " + type + ", " + outlier;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double got = y.at(0, 0, i, j).item();
                if (reads(mode, 6, size, i, 2) && reads(mode, 7, size, j, 3)) {
                    assertThat(Double.isFinite(got)).as(call).isFalse();
                } else {
                    assertThat(got).as(call).isEqualTo(expected.at(0, 0, i, j).item());
                }
            }
        }
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 7; j++) {
                boolean reached = reads(mode, 6, size, size / 2, i) && reads(mode, 7, size, 0, j);
                double got = x.grad().at(0, 0, i, j).item();
                assertThat(Double.isFinite(got)).as(call + " " + i + " " + j).isEqualTo(!reached);
            }
        }
    }

    /** Whether sample {@code i} of {@code out} is made of sample {@code p} of {@code in}: PyTorch's rule. */
    private static boolean reads(InterpolationMode mode, long in, long out, long i, long p) {
        if (in == out) {
            return p == i;
        }
        double step = (double) in / out;
        double reach = (mode == InterpolationMode.BICUBIC ? 2 : 1) * Math.max(step, 1);
        double centre = step * (i + 0.5);
        return p >= Math.max((long) (centre - reach + 0.5), 0) && p < (long) (centre + reach + 0.5);
    }

    @Test
    void orderKeepsBits() {
        for (DType type : TYPES) {
            for (Arrangement arrangement : Arrangement.values()) {
                Tensor x = arrangement.of(Tensors.of(type, special(60), Shape.of(5, 12)));
                Map<Reductions.Indexed, Integer> ordered = new HashMap<>();
                for (int dim = 0; dim < 2; dim++) {
                    for (boolean other : new boolean[] {false, true}) {
                        ordered.put(x.sort(dim, other), dim);
                        ordered.put(x.topk(3, dim, other, true), dim);
                        ordered.put(other ? x.max(dim, true) : x.min(dim, true), dim);
                        ordered.put(other ? x.cummax(dim) : x.cummin(dim), dim);
                        ordered.put(other ? x.median(dim, true) : x.nanmedian(dim, true), dim);
                        ordered.put(other ? x.mode(dim, true) : x.kthvalue(2, dim, true), dim);
                    }
                }
                ordered.forEach((r, dim) -> {
                    double[] from = x.gather(dim, r.indices()).toDoubles();
                    double[] got = r.values().toDoubles();
                    for (int i = 0; i < got.length; i++) {
                        assertThat(same(from[i], got[i]))
                                .as(type + " " + arrangement + ": " + got[i] + " of " + from[i])
                                .isTrue();
                    }
                });
            }
        }
    }

    private static double[] special(long n) {
        double[] values = new double[Math.toIntExact(n)];
        Arrays.setAll(values, i -> SPECIAL[(i * 7919 + i / 11) % SPECIAL.length]);
        return values;
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
        out.add(Tensors.tensor(2L, 0, 1)); // no place twice: what is overwritten has a gradient all the same
        out.add(Tensors.tensor(1L, 0));
        out.add(Tensors.tensor(2L, 0, 1, 0, 1, 2).reshape(2, 3));
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
        if (!result.requiresGrad() || !names.shape().equals(result.shape())) {
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
