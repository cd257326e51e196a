package akari.tensor;

import akari.backend.Backend;
import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.Shape;
import akari.backend.View;
import akari.tensor.ProgramArguments.Ref;
import akari.tensor.ProgramMethods.Callable;
import akari.testkit.cases.Refusals;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A seeded chain of calls on the CPU backend and, step by step, on the reference backend. Both see the same numbers in the same
 * memory layouts: after each step the reference's results, which may differ in the last place, are copied into the others.
 */
final class Program {
    private static final Backend REFERENCE = new ReferenceBackend();
    private static final double[] SPECIAL = {
        0, -0.0, 1, -1, 0.5, 2, -3, 1e4, -1e4, 1e-6, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    /** No program needs larger tensors. */
    private static final int MANY = 2000;

    private final Random random;
    private final ProgramArguments arguments;
    private final List<Callable> methods;
    private final List<Tensor> ours = new ArrayList<>();
    private final List<Tensor> reference = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final long seed;
    int steps;
    int refusals;
    private boolean ended;

    Program(long seed, List<Callable> methods) {
        this.seed = seed;
        this.methods = methods;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        arguments = new ProgramArguments(random);
    }

    /** What went wrong with the program that shows it, or null. */
    @Nullable
    String run() {
        try (Scope scope = Tensors.scope()) {
            int leaves = 2 + random.nextInt(2);
            for (int i = 0; i < leaves; i++) leaf(i == 0);
            int length = 3 + random.nextInt(6);
            for (int i = 0; i < length && !ended; i++) {
                String problem = step();
                if (problem != null) return "program " + seed + ": " + problem + "\n" + text;
            }
            return null;
        }
    }

    // ---- leaves

    private void leaf(boolean floating) {
        DType[] types = DType.values();
        DType type = floating || random.nextBoolean()
                ? random.nextBoolean()
                        ? DType.FLOAT32
                        : List.of(DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16).get(random.nextInt(3))
                : types[random.nextInt(types.length)];
        int rank = random.nextInt(4) + random.nextInt(2);
        long[] sizes = ours.isEmpty() || random.nextBoolean()
                ? random.longs(rank, 0, 5)
                        .map(n -> n == 0 && random.nextInt(3) > 0 ? 1 : n)
                        .toArray()
                : ours.getFirst().shape().toArray();
        long[] strides = new long[sizes.length];
        long offset = layout(sizes, strides);
        Layout layout = Layout.of(Shape.of(sizes), strides, offset);
        double[] values = new double[(int) Math.max(1, layout.end())];
        Arrays.setAll(values, _ -> value(type));
        Tensor memory = Tensors.of(type, values, Shape.of(values.length));
        text.append(
                "Tensor t%d = Tensors.of(DType.%s, new double[] {%s}, Shape.of(%d)).asStrided(new long[] %s, new long[] %s, %d);\n"
                        .formatted(
                                ours.size(),
                                type.name(),
                                Arrays.stream(memory.toDoubles())
                                        .mapToObj(Program::java)
                                        .collect(Collectors.joining(", ")),
                                values.length,
                                braces(sizes),
                                braces(strides),
                                offset));
        ours.add(memory.viewed(layout).detach());
        Tensor copy = Tensor.allocate(REFERENCE, type, Layout.contiguous(Shape.of(values.length)));
        copyMemory(memory, copy);
        reference.add(new Tensor(REFERENCE, new View(copy.view.buffer(), type, layout)));
    }

    private double value(DType type) {
        if (type == DType.BOOL) return random.nextInt(2);
        if (!type.isFloating()) {
            double v = random.nextInt(8) == 0 ? 100 * random.nextGaussian() : random.nextInt(5);
            return type == DType.UINT8 ? Math.min(255, Math.abs(Math.rint(v))) : Math.rint(v);
        }
        return random.nextInt(6) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : 4 * random.nextDouble() - 2;
    }

    /** Fills in strides: row-major, transposed, with gaps, expanded or overlapping. Returns the offset. */
    private long layout(long[] sizes, long[] strides) {
        int kind = random.nextInt(8);
        long step = kind == 2 ? 2 : 1;
        boolean reversed = kind == 1;
        for (int i = 0; i < sizes.length; i++) {
            int d = reversed ? i : sizes.length - 1 - i;
            strides[d] = step;
            step *= Math.max(1, sizes[d]);
        }
        if (kind == 3 && sizes.length > 0) strides[random.nextInt(sizes.length)] = 0;
        if (kind == 4 && sizes.length > 1) strides[0] = Math.max(1, strides[0] - 1);
        return kind >= 2 && kind <= 5 ? random.nextInt(3) : 0;
    }

    // ---- steps

    private @Nullable String step() {
        int self = random.nextInt(3) == 0 ? random.nextInt(ours.size()) : ours.size() - 1;
        Callable m = methods.get(random.nextInt(methods.size()));
        List<@Nullable Object> args = arguments.of(m, ours.get(self), ours);
        String call = call(m, self, args);
        int line = text.length();
        text.append("Tensor t").append(ours.size()).append(" = ").append(call).append(";\n");
        // a method in place changes what it is called on: for the search for its condition the program must know how it
        // was
        List<Tensor> before = m.inPlace() ? copies(reference) : List.copyOf(reference);
        Tensors.manualSeed(seed);
        Object a = invoke(m, ours.get(self), arguments(m, args, ours));
        Tensors.manualSeed(seed);
        Object b = onReference(m, self, args, reference);
        steps++;
        for (Object r : new Object[] {a, b}) {
            if (r instanceof Throwable e && !(e instanceof RuntimeException x && Refusals.documented(x))) {
                return (r == a ? "" : "on the reference backend ") + "undocumented " + trace(e);
            }
        }
        if (a instanceof Throwable || b instanceof Throwable) {
            refusals++;
            text.setLength(line);
            if (a instanceof Throwable && b instanceof Throwable) return null;
            if (!m.comparable(before.stream().allMatch(Program::finite))) return null;
            text.append(call).append(";\n");
            return a instanceof Throwable e
                    ? "refused, but the reference backend does it: " + trace(e)
                    : "done, but the reference backend refuses: " + trace((Throwable) b);
        }
        List<Tensor> got = a == null ? List.of() : ProgramMethods.tensors(a);
        List<Tensor> expected = b == null ? List.of() : ProgramMethods.tensors(b);
        if (got.size() != expected.size()) return got.size() + " results, expected " + expected.size();
        // results first, then all that an in-place method may have changed through a view
        List<Tensor> checkedOurs = new ArrayList<>(got);
        List<Tensor> checkedReference = new ArrayList<>(expected);
        if (m.inPlace()) {
            checkedOurs.addAll(ours);
            checkedReference.addAll(reference);
        }
        boolean comparable = m.comparable(before.stream().allMatch(Program::finite));
        // what is open in place leaves the two with different operands: the program ends
        if (!comparable && m.inPlace()) ended = true;
        for (int i = 0; comparable && i < checkedOurs.size(); i++) {
            String problem;
            try {
                problem = compare(checkedOurs.get(i), checkedReference.get(i), m, self, args, before, i, got.size());
            } catch (RuntimeException e) {
                problem = "result " + i + " of shape " + checkedOurs.get(i).shape() + " cannot be read: " + trace(e);
            }
            if (problem != null) return problem;
        }
        for (int i = 0; i < got.size() && i < 3; i++) {
            if (got.get(i).numel() > MANY || !comparable) continue;
            if (i > 0)
                text.append("// t")
                        .append(ours.size())
                        .append(" is its result ")
                        .append(i)
                        .append('\n');
            ours.add(got.get(i).detach());
            reference.add(expected.get(i).detach());
        }
        return null;
    }

    private static boolean finite(Tensor t) {
        return Arrays.stream(t.toDoubles()).allMatch(Double::isFinite);
    }

    private @Nullable String compare(
            Tensor got,
            Tensor expected,
            Callable m,
            int self,
            List<@Nullable Object> args,
            List<Tensor> before,
            int i,
            int results) {
        if (got.dtype() != expected.dtype() || !got.shape().equals(expected.shape())) {
            return "result " + i + " is " + got.dtype() + " " + got.shape() + ", expected " + expected.dtype() + " "
                    + expected.shape();
        }
        if (got.numel() > MANY) return null;
        double[] x = got.toDoubles();
        double[] y = expected.toDoubles();
        if (Arrays.equals(x, y)) return null;
        if (!got.dtype().isFloating()) {
            if (i < results && conditioned(x, y, m, self, args, before, i, got.dtype())) {
                synchronise(got, expected);
                return null;
            }
            return "result " + i + " is " + Arrays.toString(x) + ", expected " + Arrays.toString(y);
        }
        double tolerance = tolerance(got.dtype());
        double largest = 0;
        for (double v : y) if (Double.isFinite(v)) largest = Math.max(largest, Math.abs(v));
        boolean near = true;
        for (int k = 0; k < x.length; k++) {
            near &= Double.compare(x[k], y[k]) == 0
                    || x[k] == y[k]
                    || Math.abs(x[k] - y[k]) <= tolerance * largest + 1e-37;
        }
        if (!near && !(i < results && conditioned(x, y, m, self, args, before, i, got.dtype()))) {
            return "result " + i + " (" + got.dtype() + ") is " + Arrays.toString(x) + ", expected "
                    + Arrays.toString(y);
        }
        synchronise(got, expected);
        return null;
    }

    private static double tolerance(DType type) {
        return switch (type) {
            case BFLOAT16 -> 0x1p-7;
            case FLOAT16 -> 0x1p-10;
            case FLOAT32 -> 1e-5;
            default -> 1e-12;
        };
    }

    /** Whether the reference itself moves as far when its inputs move by a unit in the last place, or leaves the type's range. */
    private boolean conditioned(
            double[] x,
            double[] y,
            Callable m,
            int self,
            List<@Nullable Object> args,
            List<Tensor> before,
            int result,
            DType type) {
        double[] allowed = new double[x.length];
        for (int attempt = 0; attempt < 8; attempt++) {
            List<Tensor> moved = before.stream().map(t -> moved(t)).toList();
            Tensors.manualSeed(seed);
            Object r = onReference(m, self, args, moved);
            if (r == null || r instanceof Throwable) continue;
            Tensor t = ProgramMethods.tensors(r).get(result);
            if (t.numel() != y.length) return true; // how many there are depends on the last place
            double[] z = t.toDoubles();
            for (int k = 0; k < y.length; k++) {
                double d = Math.abs(z[k] - y[k]);
                allowed[k] = Math.max(allowed[k], Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
            }
        }
        double largest = 0;
        for (Tensor t : operands(self, args, before)) {
            for (double v : t.toDoubles()) if (Double.isFinite(v)) largest = Math.max(largest, Math.abs(v));
        }
        // sums and products on the way to a result may leave float32's range where double's has room
        boolean overflow = largest > 1e9;
        double scale = tolerance(type)
                        * Arrays.stream(y)
                                .filter(Double::isFinite)
                                .map(Math::abs)
                                .max()
                                .orElse(0)
                // what cancels on the way leaves the rounding of the operands
                + 4 * unit(type) * largest;
        for (int k = 0; k < x.length; k++) {
            if (Double.compare(x[k], y[k]) == 0 || x[k] == y[k] || Math.abs(x[k] - y[k]) <= 16 * allowed[k] + scale)
                continue;
            if (overflow && (!Double.isFinite(x[k]) || !Double.isFinite(y[k]))) continue;
            return false;
        }
        return true;
    }

    private static double unit(DType type) {
        return switch (type) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            case FLOAT32 -> 0x1p-23;
            case FLOAT64 -> 0x1p-52;
            default -> 0;
        };
    }

    private static List<Tensor> operands(int self, List<@Nullable Object> args, List<Tensor> pool) {
        List<Tensor> out = new ArrayList<>(List.of(pool.get(self)));
        for (Object a : args) {
            if (a instanceof Ref r) out.add(pool.get(r.index()));
            if (a instanceof List<?> l) l.forEach(r -> out.add(pool.get(((Ref) r).index())));
        }
        return out;
    }

    /** The same, each floating element moved by at most a unit in its last place. */
    private Tensor moved(Tensor t) {
        Tensor copy = new Tensor(REFERENCE, t.view).copy();
        if (!t.dtype().isFloating() || t.numel() == 0) return copy;
        double unit = unit(t.dtype());
        double[] values = copy.toDoubles();
        for (int i = 0; i < values.length; i++) values[i] += values[i] * unit * (random.nextInt(3) - 1);
        Tensor out = Tensor.allocate(REFERENCE, t.dtype(), Layout.contiguous(t.shape()));
        copyMemory(Tensors.of(t.dtype(), values, t.shape()), out);
        return out;
    }

    private static List<Tensor> copies(List<Tensor> tensors) {
        return new ArrayList<>(tensors.stream().map(Tensor::copy).toList());
    }

    private static @Nullable Object onReference(Callable m, int self, List<@Nullable Object> args, List<Tensor> pool) {
        Mode.current().home = REFERENCE;
        try {
            return invoke(m, pool.get(self), arguments(m, args, pool));
        } finally {
            Mode.current().home = null;
        }
    }

    private static @Nullable Object invoke(Callable m, Tensor self, @Nullable Object[] args) {
        try {
            return m.method().invoke(m.fixed() ? null : self, args);
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (IllegalAccessException | IllegalArgumentException e) {
            throw new AssertionError(m + " with " + Arrays.toString(args), e);
        }
    }

    private static @Nullable Object[] arguments(Callable m, List<@Nullable Object> args, List<Tensor> pool) {
        @Nullable Object[] out = args.toArray();
        for (int i = 0; i < out.length; i++) {
            if (out[i] instanceof Ref r) out[i] = pool.get(r.index());
            if (out[i] instanceof List<?> l) {
                List<Tensor> tensors =
                        l.stream().map(r -> pool.get(((Ref) r).index())).toList();
                out[i] = m.parameters().get(i).getType().isArray() ? tensors.toArray(Tensor[]::new) : tensors;
            }
        }
        return out;
    }

    // ---- memory

    private static void synchronise(Tensor to, Tensor from) {
        if (to.view.layout().equals(from.view.layout())
                && to.view.buffer().bytes() == from.view.buffer().bytes()) {
            copyMemory(from, to);
            return;
        }
        Tensor plain = from.contiguous();
        Tensor source = Tensor.allocate(to.backend(), to.dtype(), Layout.contiguous(to.shape()));
        copyMemory(plain, source);
        if (!to.view.layout().overlaps()) Tensors.noGrad(() -> to.detach().copy_(source));
    }

    /** All bytes of a buffer. */
    private static void copyMemory(Tensor from, Tensor to) {
        long bytes = Math.min(from.view.buffer().bytes(), to.view.buffer().bytes());
        byte[] host = new byte[Math.toIntExact(bytes)];
        if (bytes == 0) return;
        from.backend().download(from.view.buffer(), 0, MemorySegment.ofArray(host));
        to.backend().upload(MemorySegment.ofArray(host), to.view.buffer(), 0);
    }

    // ---- text

    private static String call(Callable m, int self, List<@Nullable Object> args) {
        String on = m.fixed() ? "Tensors" : "t" + self;
        return on + "." + m.name() + "(" + args.stream().map(Program::java).collect(Collectors.joining(", ")) + ")";
    }

    private static String java(@Nullable Object v) {
        return switch (v) {
            case null -> "null";
            case Ref r -> "t" + r.index();
            case List<?> l -> "List.of(" + l.stream().map(Program::java).collect(Collectors.joining(", ")) + ")";
            case Double d when d.isNaN() -> "Double.NaN";
            case Double d when d.isInfinite() -> d > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
            case Long n -> n + "L";
            case String s -> "\"" + s + "\"";
            case int[] a ->
                "new int[] " + braces(Arrays.stream(a).asLongStream().toArray());
            case long[] a -> "new long[] " + braces(a);
            case double[] a ->
                "new double[] {" + Arrays.stream(a).mapToObj(Program::java).collect(Collectors.joining(", ")) + "}";
            case Shape s ->
                "Shape.of("
                        + Arrays.stream(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining(", ")) + ")";
            case Enum<?> e -> e.getDeclaringClass().getSimpleName() + "." + e.name();
            default -> String.valueOf(v);
        };
    }

    private static String braces(long[] a) {
        return Arrays.stream(a).mapToObj(Long::toString).collect(Collectors.joining(", ", "{", "}"));
    }

    private static String trace(Throwable e) {
        return e
                + Arrays.stream(e.getStackTrace())
                        .filter(f -> f.getClassName().startsWith("akari"))
                        .limit(6)
                        .map(f -> "\n        at " + f)
                        .collect(Collectors.joining());
    }
}
