package akari.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import akari.backend.Activation;
import akari.backend.Backend;
import akari.backend.Combine;
import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.ReferenceBackend;
import akari.backend.Scan;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.Pooling;
import akari.core.Shape;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import akari.testkit.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every primitive: its result against the reference backend's, its gradients against finite differences, in all layouts. */
class PrimitiveTest {
    private static final DType[] FLOATING = {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64};
    private static final Backend REFERENCE = new ReferenceBackend();
    private static final Map<String, List<Sample>> SAMPLES = new TreeMap<>();

    /** A call of a primitive; float64 inputs are the ones that are converted and differentiated. */
    record Sample(Op op, Tensor... inputs) {
        boolean differentiable() {
            if (op instanceof DrawOps.Overwritten) {
                return false; // hands its input on, which then is overwritten: its gradient is 0 whatever differences
                // say
            }
            return !(op instanceof ReductionOps.Reduce r)
                    || r.op() == ReduceOp.SUM
                    || r.op() == ReduceOp.PROD
                    || r.op() == ReduceOp.MAX
                    || r.op() == ReduceOp.MIN;
        }

        @Override
        public String toString() {
            return op + " " + Arrays.stream(inputs).map(Tensor::shape).toList();
        }
    }

    static List<Sample> samples() {
        return SAMPLES.values().stream().flatMap(List::stream).toList();
    }

    static List<Sample> differentiable() {
        return samples().stream().filter(Sample::differentiable).toList();
    }

    @Test
    void everyPrimitiveHasSamples() {
        for (Class<?> c : Families.primitives()) {
            assertNotNull(SAMPLES.get(c.getSimpleName()), c + " has no sample here: add one");
        }
        assertEquals(SAMPLES.size(), Families.primitives().size(), "samples without a primitive");
    }

    // ---- samples

    private static void sample(Op op, Tensor... inputs) {
        SAMPLES.computeIfAbsent(op.getClass().getSimpleName(), _ -> new ArrayList<>())
                .add(new Sample(op, inputs));
    }

    private static Tensor random(int k, long... shape) {
        return Golden.tensor(DType.FLOAT64, k, 1, 0, shape);
    }

    /** No two elements closer than 0.01, so that no step of a finite difference changes which is largest. */
    private static Tensor distinct(long... shape) {
        int n = Math.toIntExact(Shape.of(shape).numel());
        double[] values = new double[n];
        Arrays.setAll(values, i -> (i * 7919L % 4099 - 2048) * 0.01);
        return Tensors.of(DType.FLOAT64, values, Shape.of(shape));
    }

    private static Convolution conv(long stride, long padding, long dilation, long groups, int dims) {
        return new Convolution(Shape.fill(dims, stride), Shape.fill(dims, padding), Shape.fill(dims, dilation), groups);
    }

    static {
        linearAlgebra();
        convolutions();
        pools();
        normalizations();
        reductions();
        scans();
        sorting();
        indexing();
        shapes();
        views();
    }

    private static void linearAlgebra() {
        sample(new LinearAlgebraOps.Matmul(null), random(1, 3, 4), random(2, 4, 5));
        sample(new LinearAlgebraOps.Matmul(null), random(1, 2, 1, 3, 4), random(2, 3, 4, 2));
        sample(new LinearAlgebraOps.Matmul(null), random(1, 1, 1), random(2, 1, 1));
        sample(new LinearAlgebraOps.Matmul(null), random(1, 3, 0), random(2, 0, 2));
        sample(new LinearAlgebraOps.Matmul(null), random(1, 0, 3), random(2, 3, 2));
        sample(new LinearAlgebraOps.Linear(), random(1, 3, 4), random(2, 5, 4));
        sample(new LinearAlgebraOps.Linear(), random(1, 3, 4), random(2, 5, 4), random(3, 5));
        sample(new LinearAlgebraOps.Linear(), random(1, 0, 4), random(2, 5, 4), random(3, 5));
    }

    private static void convolutions() {
        for (Convolution c : new Convolution[] {conv(1, 0, 1, 1, 2), conv(2, 1, 1, 2, 2), conv(1, 2, 2, 1, 2)}) {
            Tensor x = random(1, 2, 4, 6, 5);
            Tensor w = random(2, 6, 4 / c.groups(), 3, 3);
            Shape out = c.outputShape(x.shape(), w.shape());
            sample(new ConvolutionOps.Conv(c), x, w, random(3, 6));
            sample(new ConvolutionOps.Conv(c), x, w);
            sample(new ConvolutionOps.ConvInputGradient(c, x.shape()), random(4, out.toArray()), w);
            sample(new ConvolutionOps.ConvWeightGradient(c, w.shape(), null, false), x, random(4, out.toArray()));
        }
        sample(new ConvolutionOps.Conv(conv(1, 1, 1, 4, 2)), random(1, 1, 4, 5, 5), random(2, 4, 1, 3, 3));
        sample(new ConvolutionOps.Conv(conv(2, 1, 1, 1, 1)), random(1, 2, 3, 8), random(2, 4, 3, 3), random(3, 4));
        sample(new ConvolutionOps.Conv(conv(1, 1, 1, 1, 3)), random(1, 1, 2, 3, 4, 3), random(2, 3, 2, 2, 2, 2));
        sample(
                new ConvolutionOps.Conv(conv(1, 0, 1, 1, 2)),
                random(1, 0, 2, 4, 4),
                random(2, 3, 2, 3, 3),
                random(3, 3));
        // kernel smaller than the stride, and a remainder that no window reaches
        sample(new ConvolutionOps.Conv(conv(3, 0, 1, 1, 2)), random(1, 1, 2, 7, 6), random(2, 2, 2, 2, 1));
    }

    private static void pools() {
        Shape two = Shape.fill(2, 2);
        Shape one = Shape.fill(2, 1);
        Shape three = Shape.fill(2, 3);
        Shape none = Shape.fill(2, 0);
        List<Pooling> pools = List.of(
                new Pooling(two, two, none, one, false, true, 0, null),
                new Pooling(three, two, one, one, false, true, 0, null),
                new Pooling(three, two, one, one, true, false, 0, null),
                new Pooling(two, two, none, one, true, true, 3, null),
                Pooling.adaptive(Shape.of(3, 2)),
                Pooling.adaptive(Shape.of(1, 1)));
        for (Pooling p : pools) {
            sample(new ConvolutionOps.MaxPool(p, false), distinct(2, 3, 7, 5));
            sample(new ConvolutionOps.AveragePool(p), random(1, 2, 3, 7, 5));
            Shape out = p.outputShape(Shape.of(2, 3, 7, 5));
            sample(new ConvolutionOps.AveragePoolGradient(p, Shape.of(2, 3, 7, 5)), random(1, out.toArray()));
        }
        sample(
                new ConvolutionOps.MaxPool(new Pooling(two, one, none, two, false, true, 0, null), true),
                distinct(1, 2, 6, 5));
        sample(new ConvolutionOps.MaxPool(pools.getFirst(), true), distinct(0, 3, 4, 4));
        sample(
                new ConvolutionOps.MaxPoolGradient(Shape.of(1, 2, 3, 4)),
                random(1, 1, 2, 1, 2),
                Tensors.tensor(5L, 6L, 0L, 6L).reshape(1, 2, 1, 2));
        Shape wide = Shape.of(3);
        sample(
                new ConvolutionOps.AveragePool(
                        new Pooling(wide, Shape.of(2), Shape.of(1), Shape.of(1), false, true, 0, null)),
                random(1, 2, 3, 9));
    }

    private static void normalizations() {
        for (Activation then : Activation.values()) {
            sample(new NormalizationOps.BatchNorm(1e-5, then), random(1, 3, 4, 2, 5));
            sample(new NormalizationOps.BatchNorm(1e-3, then), random(1, 3, 4, 2, 5), random(2, 4), random(4, 4));
            sample(new NormalizationOps.BatchNorm(1e-5, then), random(1, 6, 3), random(2, 3), random(3, 3));
        }
        for (boolean log : new boolean[] {false, true}) {
            sample(new NormalizationOps.Softmax(0, log), random(1, 3, 4, 2));
            sample(new NormalizationOps.Softmax(1, log), random(1, 3, 4, 2));
            sample(new NormalizationOps.Softmax(2, log), random(1, 3, 4, 2));
            sample(new NormalizationOps.Softmax(1, log), random(1, 0, 4));
            sample(new NormalizationOps.Softmax(0, log), random(1, 1));
        }
    }

    private static void reductions() {
        for (ReduceOp op : ReduceOp.values()) {
            boolean indexed = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
            sample(new ReductionOps.Reduce(op, List.of(1), false), distinct(3, 4, 5));
            sample(new ReductionOps.Reduce(op, List.of(2), true), distinct(3, 4, 5));
            if (!indexed) {
                sample(new ReductionOps.Reduce(op, List.of(0, 2), true), distinct(3, 4, 5));
                sample(new ReductionOps.Reduce(op, List.of(0, 1, 2), false), distinct(3, 4, 5));
                sample(new ReductionOps.Reduce(op, List.of(), false), distinct());
            }
        }
        sample(new ReductionOps.Reduce(ReduceOp.SUM, List.of(1), false), distinct(3, 0, 2));
        sample(new ReductionOps.Reduce(ReduceOp.PROD, List.of(1), false), distinct(3, 0, 2));
        sample(new ReductionOps.Reduce(ReduceOp.MAX, List.of(0), false), distinct(3, 0, 2));
        sample(new ReductionOps.Reduce(ReduceOp.SUM, List.of(0), false), distinct(2000, 2));
    }

    private static void scans() {
        Tensor zeros = Tensors.of(DType.FLOAT64, new double[] {0.5, 0, -2, 0, 0, 3, 1.5, 2, 0.7}, Shape.of(3, 3));
        for (Scan op : List.of(Scan.SUM, Scan.PROD, Scan.MAX, Scan.MIN, Scan.LOG_SUM_EXP)) {
            sample(new ScanOps.Cumulative(op, 0, false), distinct(4, 3));
            sample(new ScanOps.Cumulative(op, 1, false), distinct(2, 5, 3));
            sample(new ScanOps.Cumulative(op, 1, false), distinct(2, 0));
            if (op == Scan.SUM || op == Scan.PROD) {
                sample(new ScanOps.Cumulative(op, 1, true), distinct(3, 4));
                sample(new ScanOps.Cumulative(op, 1, false), zeros);
            }
        }
        for (boolean reverse : new boolean[] {false, true}) {
            sample(new ScanOps.Recurrence(1, reverse), random(1, 3, 4), random(2, 3, 4));
            sample(new ScanOps.Recurrence(0, reverse), random(1, 3, 4), random(2, 3, 4));
            sample(new ScanOps.Recurrence(0, reverse), random(1, 0, 2), random(2, 0, 2));
        }
        sample(new ReductionOps.Reduce(ReduceOp.PROD, List.of(1), false), zeros);
        sample(new ReductionOps.Reduce(ReduceOp.PROD, List.of(1, 0), true), zeros);
    }

    private static void sorting() {
        for (boolean descending : new boolean[] {false, true}) {
            sample(new SortingOps.Sort(1, descending, 5), distinct(3, 5, 2));
            sample(new SortingOps.Sort(2, descending, 2), distinct(2, 3, 4));
            sample(new SortingOps.Sort(0, descending, 0), distinct(0, 4));
        }
        sample(new SortingOps.Attained(), distinct(4, 3), Tensors.of(DType.INT64, new double[] {7}, Shape.of()));
    }

    private static void indexing() {
        Tensor index = Tensors.tensor(2, 0, 1, 2, 2, 0, 1, 1).reshape(2, 4);
        sample(new IndexingOps.Gather(0), random(1, 3, 4), index);
        sample(new IndexingOps.Gather(1), random(1, 2, 3), index);
        sample(new IndexingOps.Gather(1), random(1, 3, 3), index);
        sample(new IndexingOps.Gather(0), random(1, 3, 2), Tensors.zeros(DType.INT64, 0, 2));
        for (Combine how : Combine.values()) {
            if (how != Combine.SET) {
                sample(new IndexingOps.Scatter(0, how), distinct(3, 4), index, random(2, 2, 4));
                sample(new IndexingOps.Scatter(1, how), distinct(3, 5), index, random(2, 2, 4));
            }
        }
        Tensor once = Tensors.tensor(2, 0, 1, 0, 1, 2).reshape(2, 3);
        sample(new IndexingOps.Scatter(1, Combine.SET), random(1, 2, 4), once, random(2, 2, 3));
    }

    private static void views() {
        sample(new ViewOps.Permute(List.of(2, 0, 1)), random(1, 2, 3, 4));
        sample(new RearrangingOps.Flip(List.of(1)), random(1, 2, 7));
        sample(new RearrangingOps.Flip(List.of(2, 0)), random(1, 2, 3, 37));
        sample(new RearrangingOps.Flip(List.of(0)), random(1, 0, 2));
        List<ViewOps.Window> windows = List.of(
                new ViewOps.Slice(1, 1, 2, 1),
                new ViewOps.Slice(2, 1, 3, 2),
                new ViewOps.Select(1, 2),
                new ViewOps.Diagonal(1, 0, 2),
                new ViewOps.Diagonal(-1, 2, 0),
                new ViewOps.Unfold(2, 3, 2));
        for (ViewOps.Window w : windows) {
            Layout whole = Layout.contiguous(Shape.of(2, 4, 7));
            sample(w, random(1, 2, 4, 7));
            sample(new ViewOps.Embed(w, whole), random(1, w.of(whole).shape().toArray()));
        }
        Layout whole = Layout.of(Shape.of(3, 4), new long[] {6, 1}, 2);
        Layout part = Layout.of(Shape.of(2, 2), new long[] {7, 2}, 3);
        Layout overlapping = Layout.of(Shape.of(3, 2), new long[] {1, 1}, 8);
        sample(new ViewOps.AsStrided(part, whole), random(1, 3, 4));
        sample(new ViewOps.AsStrided(overlapping, whole), random(1, 3, 4));
        sample(new ViewOps.Overwrite(part, whole), random(1, 3, 4));
        sample(new ViewOps.Overwrite(part, whole), random(1, 3, 4), random(2, 2, 2));
    }

    private static void shapes() {
        sample(new ShapingOps.Copy(DType.FLOAT64, true), random(1, 2, 3, 4));
        sample(new ShapingOps.Copy(DType.FLOAT64, false), random(1, 2, 3, 4));
        sample(new ShapingOps.Transfer(Device.CPU), random(1, 2, 3));
        sample(new DrawOps.Overwritten(), random(1, 2, 3));
        sample(new ShapingOps.Reshape(Shape.of(6, 4)), random(1, 2, 3, 4));
        sample(new ShapingOps.Reshape(Shape.of(0, 7)), random(1, 2, 0));
        sample(new ShapingOps.Reshape(Shape.of(1, 1)), random(1));
        sample(new ShapingOps.Expand(Shape.of(2, 3, 4)), random(1, 3, 1));
        sample(new ShapingOps.Expand(Shape.of(0, 3)), random(1, 1, 3));
        sample(new ShapingOps.Cat(0), random(1, 2, 3), random(2, 1, 3), random(3, 0, 3));
        sample(new ShapingOps.Cat(1), random(1, 2, 3), random(2, 2, 2));
    }

    // ---- checks

    @ParameterizedTest
    @MethodSource("samples")
    void agreesWithTheReferenceInEveryLayout(Sample s) {
        for (DType type : FLOATING) {
            Tensor[] plain = convert(s, type, Arrangement.CONTIGUOUS);
            Tensor[] expected = results(
                    s.op(), Arrays.stream(plain).map(t -> onto(REFERENCE, t)).toArray(Tensor[]::new));
            for (Arrangement a : Arrangement.values()) {
                Tensor[] got = results(s.op(), convert(s, type, a));
                assertEquals(expected.length, got.length);
                for (int i = 0; i < got.length; i++) {
                    assertEquals(expected[i].shape(), got[i].shape());
                    assertEquals(expected[i].dtype(), got[i].dtype());
                    requireEqual(s + " " + type + " " + a, type, expected[i].toDoubles(), got[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void gradientsInEveryLayout(Sample s) {
        for (DType type : FLOATING) {
            List<double[]> first = null;
            for (Arrangement a : Arrangement.values()) {
                Tensor[] in = convert(s, type, a);
                Arrays.stream(in).filter(t -> t.dtype().isFloating()).forEach(Tensor::requiresGrad_);
                List<Tensor> y = Arrays.stream(results(s.op(), in))
                        .filter(Tensor::requiresGrad)
                        .toList();
                Autograd.backward(
                        y,
                        y.stream()
                                .map(t -> Golden.tensor(
                                        t.dtype(), 99, 1, 0, t.shape().toArray()))
                                .toList(),
                        false,
                        false,
                        null);
                List<double[]> gradients = new ArrayList<>();
                for (int i = 0; i < in.length; i++) {
                    Tensor g = in[i].dtype().isFloating() ? in[i].grad() : null;
                    if (g == null) {
                        continue;
                    }
                    assertEquals(in[i].shape(), g.shape());
                    if (first != null) {
                        requireEqual(s + " gradient " + i + " " + type + " " + a, type, first.get(gradients.size()), g);
                    }
                    gradients.add(g.toDoubles());
                }
                first = first == null ? gradients : first;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void firstAndSecondDerivatives(Sample s) {
        Tensor[] in = convert(s, DType.FLOAT64, Arrangement.TRANSPOSED);
        Arrays.stream(in).filter(t -> t.dtype().isFloating()).forEach(Tensor::requiresGrad_);
        GradCheck.Function f = x -> {
            Tensor[] y = results(s.op(), x);
            return y.length == 1
                    ? y[0]
                    : Tensors.cat(
                            Arrays.stream(y)
                                    .filter(t -> t.dtype().isFloating())
                                    .map(Tensor::flatten)
                                    .toList(),
                            0);
        };
        GradCheck.gradcheck(f, in);
        GradCheck.gradgradcheck(f, in);
    }

    private static Tensor[] results(Op op, Tensor[] in) {
        return op instanceof MultiOp several ? Tape.applyAll(several, in) : new Tensor[] {Tape.apply(op, in)};
    }

    private static Tensor[] convert(Sample s, DType type, Arrangement a) {
        return Arrays.stream(s.inputs())
                .map(t -> a.of(t.dtype().isFloating() ? t.to(type).detach() : t))
                .toArray(Tensor[]::new);
    }

    private static void requireEqual(String what, DType type, double[] expected, Tensor got) {
        // a half's result may be the neighbour of the reference's
        Tolerance t = switch (type) {
            case BFLOAT16 -> new Tolerance(0x1p-7, 1);
            case FLOAT16 -> new Tolerance(0x1p-10, 1);
            case FLOAT32 -> new Tolerance(1e-5, 1);
            default -> new Tolerance(1e-13, 1);
        };
        assertNull(t.difference(what, expected, got.shape(), got.toDoubles()));
    }

    private static Tensor onto(Backend backend, Tensor t) {
        byte[] bytes = new byte[Math.toIntExact(t.numel() * t.dtype().bytes())];
        Tensor out = Tensor.allocate(backend, t.dtype(), Layout.contiguous(t.shape()));
        if (bytes.length > 0) {
            Tensor plain = t.contiguous();
            MemorySegment host = MemorySegment.ofArray(bytes);
            t.backend()
                    .download(
                            plain.view.buffer(),
                            plain.view.layout().offset() * t.dtype().bytes(),
                            host);
            backend.upload(host, out.view.buffer(), 0);
        }
        return out;
    }
}
