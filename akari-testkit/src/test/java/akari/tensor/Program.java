package akari.tensor;

import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Agreement.Outcome;
import akari.tensor.ProgramMethods.Callable;
import akari.testkit.cases.Refusals;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A seeded chain of calls on the CPU backend and, step by step, on the reference backend. Both see the same numbers in the same
 * memory layouts: after each step the reference's results, which may differ in the last place, are copied into the others.
 */
final class Program {
    private static final Pattern ASKED = Pattern.compile("no native memory for a tensor of ([0-9.]+) MB");
    private static final ReferenceBackend REFERENCE =
            new ReferenceBackend(Tensors.memory().limit());
    private static final double[] SPECIAL = {
        0, -0.0, 1, -1, 0.5, 2, -3, 1e4, -1e4, 1e-6, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };

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
        try {
            return steps();
        } catch (RuntimeException | Error e) {
            return "program " + seed + ": " + trace(e) + "\n" + text;
        }
    }

    /** The calls that worked, as Java. */
    @Override
    public String toString() {
        return text.toString();
    }

    private @Nullable String steps() {
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
        long[] sizes = ours.isEmpty() || random.nextBoolean()
                ? sizes()
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
                                        .mapToObj(ProgramCall::java)
                                        .collect(Collectors.joining(", ")),
                                values.length,
                                ProgramCall.braces(sizes),
                                ProgramCall.braces(strides),
                                offset));
        ours.add(memory.viewed(layout).detach());
        Tensor copy = Tensor.allocate(REFERENCE, type, Layout.contiguous(Shape.of(values.length)));
        copyMemory(memory, copy);
        reference.add(new Tensor(REFERENCE, new View(copy.view.buffer(), type, layout)));
    }

    /** Mostly a few elements; now and then a line that is longer than a vector register, and not a multiple of one. */
    private long[] sizes() {
        int rank = random.nextInt(4) + random.nextInt(2);
        long[] sizes = random.longs(rank, 0, 5)
                .map(n -> n == 0 && random.nextInt(3) > 0 ? 1 : n)
                .toArray();
        if (rank > 0 && rank < 3 && random.nextInt(8) == 0) sizes[random.nextInt(rank)] = 5 + random.nextInt(60);
        return sizes;
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
        ProgramCall call = new ProgramCall(m, self, arguments.of(m, ours.get(self), ours));
        int line = text.length();
        text.append("Tensor t").append(ours.size()).append(" = ").append(call).append(";\n");
        List<Tensor> before = m.inPlace() ? Agreement.copies(reference, REFERENCE) : List.copyOf(reference);
        Outcome got = Outcome.of(call, call.on(null, ours), ours);
        Outcome expected = Outcome.of(call, call.on(REFERENCE, reference), reference);
        steps++;
        if (isFull(got.refusal()) || isFull(expected.refusal())) {
            refusals++;
            ended = true;
            return null;
        }
        for (Outcome o : List.of(got, expected)) {
            if (o.refusal() != null && !(o.refusal() instanceof RuntimeException e && Refusals.documented(e))) {
                return (o == got ? "" : "on the reference backend ") + "undocumented " + trace(o.refusal());
            }
        }
        boolean comparable = m.comparable(before);
        if (comparable) {
            String problem = new Agreement(REFERENCE, call, before, new Random(seed)).problem(got, expected);
            if (problem != null) return problem;
        }
        if (got.refusal() != null || expected.refusal() != null) {
            refusals++;
            text.setLength(line);
            ended = got.refusal() == null || expected.refusal() == null;
            return null;
        }
        // what is open, in place or of a size that rounding decides leaves the two with different operands: the program
        // ends
        ended = !comparable && m.inPlace() || !synchronise(got, expected);
        for (int i = 0; !ended && comparable && i < got.results() && i < 3; i++) {
            Tensor t = got.tensors().get(i);
            if (t.numel() > Agreement.MANY) continue;
            if (i > 0) text.append("// t%d is its result %d\n".formatted(ours.size(), i));
            ours.add(t.detach());
            reference.add(expected.tensors().get(i).detach());
        }
        // one that was resized in place would keep the reference busy for hours
        ended |= ours.stream().anyMatch(t -> t.numel() > Agreement.MANY);
        return null;
    }

    /** Whether no memory was left for a result of hundreds of megabytes, which the limit does not forbid and may be too small for. */
    private static boolean isFull(@Nullable Throwable refusal) {
        if (!(refusal instanceof OutOfMemoryError e)) return false;
        Matcher asked = ASKED.matcher(String.valueOf(e.getMessage()));
        return asked.find() && Double.parseDouble(asked.group(1)) >= 256;
    }

    /** Gives our results the reference's values; false if they are of another number or shape, or in another order of memory. */
    private static boolean synchronise(Outcome got, Outcome expected) {
        if (got.results() != expected.results()) return false;
        boolean alike = true;
        for (int i = 0; i < got.tensors().size(); i++) {
            Tensor to = got.tensors().get(i);
            Tensor from = expected.tensors().get(i);
            if (!to.shape().equals(from.shape()) || to.dtype() != from.dtype()) return false;
            if (!Arrays.equals(to.stride(), from.stride())) alike = false;
            if (to.numel() <= Agreement.MANY && !Arrays.equals(to.toDoubles(), from.toDoubles())) synchronise(to, from);
        }
        return alike;
    }

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
    static void copyMemory(Tensor from, Tensor to) {
        long bytes = Math.min(from.view.buffer().bytes(), to.view.buffer().bytes());
        byte[] host = new byte[Math.toIntExact(bytes)];
        if (bytes == 0) return;
        from.backend().download(from.view.buffer(), 0, MemorySegment.ofArray(host));
        to.backend().upload(MemorySegment.ofArray(host), to.view.buffer(), 0);
    }

    static String trace(@Nullable Throwable e) {
        return e
                + Arrays.stream(e.getStackTrace())
                        .filter(f -> f.getClassName().startsWith("akari"))
                        .limit(6)
                        .map(f -> "\n        at " + f)
                        .collect(Collectors.joining());
    }
}
