package akari.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Kernel;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import akari.formula.Expr;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ElementsTest {
    private static final Expr X = Expr.in(0);
    private static final Expr Y = Expr.in(1);
    /** Each output is one rounding of its inputs, so that the reference's results are the same to the bit. */
    private static final List<Kernel> KERNELS = List.of(
            new Kernel("copy", 1, 0, List.of(X)),
            new Kernel("add", 2, 0, List.of(X.plus(Y))),
            new Kernel("both", 2, 1, List.of(X.times(Y), Expr.max(X, Expr.scalar(0)))),
            new Kernel("choose", 3, 0, List.of(Expr.select(Expr.Cmp.LE, X, Y, Expr.in(2), X.neg()))),
            new Kernel("constant", 0, 1, List.of(Expr.scalar(0))));
    /** Of integers in every width, where comparisons need the very numbers and sums wrap around. */
    private static final List<Kernel> INTEGERS = List.of(
            new Kernel("clamp", 1, 2, List.of(Expr.min(Expr.max(X, Expr.scalar(0)), Expr.scalar(1)))),
            new Kernel("bits", 2, 0, List.of(X.and(Y), X.or(Y), X.xor(Y))),
            new Kernel("equal", 2, 0, List.of(Expr.select(Expr.Cmp.EQ, X, Y, Expr.lit(1), Expr.lit(0)))),
            new Kernel("above", 1, 1, List.of(Expr.select(Expr.Cmp.GT, X, Expr.scalar(0), Expr.lit(1), Expr.lit(0)))),
            new Kernel("sum_below", 2, 0, List.of(Expr.select(Expr.Cmp.LT, X.plus(Y), X, Y, X.minus(Y)))),
            new Kernel("product_below", 2, 0, List.of(Expr.select(Expr.Cmp.GE, X.times(Y), Expr.lit(9), X, Y))),
            new Kernel(
                    "signs",
                    2,
                    0,
                    List.of(X.sign(), X.abs(), X.neg(), X.minus(Y).sign())),
            new Kernel("truth", 2, 0, List.of(Expr.select(Expr.Cmp.NE, X.times(Y), Expr.lit(0), X, Y))),
            new Kernel("where", 3, 0, List.of(Expr.select(Expr.Cmp.NE, X, Expr.lit(0), Y, Expr.in(2)))));

    private static final Workers WORKERS = new Workers(2);
    private static final Elements COLD = new Elements(WORKERS);
    private static final Elements COMPILED = new Elements(WORKERS, new Kernels(true));

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static DType type(Random r, DType usual) {
        return r.nextInt(4) == 0 ? DType.values()[r.nextInt(DType.values().length)] : usual;
    }

    @Test
    void integersOfEveryWidthAgreeWithTheReference() {
        Random r = new Random(17);
        DType[] types = {DType.BOOL, DType.UINT8, DType.INT8, DType.INT16, DType.INT32, DType.INT64};
        for (int i = 0; i < 1500; i++) {
            Shape shape = Views.shape(r);
            Kernel k = INTEGERS.get(r.nextInt(INTEGERS.size()));
            DType usual = types[r.nextInt(types.length)];
            double[] scalars = {r.nextInt(-2, 5), r.nextBoolean() ? 5 : 300};
            View[] in = new View[k.inputs()];
            for (int v = 0; v < in.length; v++) {
                DType t = r.nextInt(4) == 0 ? types[r.nextInt(types.length)] : usual;
                in[v] = Views.of(t, Views.layout(r, shape, true));
                byte[] bytes = new byte[(int) in[v].buffer().bytes()];
                r.nextBytes(bytes);
                for (int b = 0; t == DType.BOOL && b < bytes.length; b++) {
                    // any byte but 0 is true
                    bytes[b] = (byte) (b % 3 == 0 ? 0 : bytes[b]);
                }
                Views.REFERENCE.upload(MemorySegment.ofArray(bytes), in[v].buffer(), 0);
            }
            View[][] out = new View[3][k.outputs().size()];
            for (int v = 0; v < out[0].length; v++) {
                Layout layout = Views.layout(r, shape, false);
                DType t = r.nextInt(4) == 0 ? type(r, DType.BOOL) : usual;
                for (View[] o : out) {
                    o[v] = Views.of(t, layout);
                }
            }
            Views.REFERENCE.pointwise(k, DType.INT64, scalars, out[0], in);
            COLD.run(k, DType.INT64, scalars, out[1], in);
            COMPILED.run(k, DType.INT64, scalars, out[2], in);
            for (int v = 0; v < out[0].length; v++) {
                String what = k + " of " + in[0].dtype() + " to " + out[0][v].dtype() + " " + out[0][v].layout();
                double[] expected = Views.read(out[0][v]);
                assertThat(Views.read(out[1][v])).as(what).isEqualTo(expected);
                assertThat(Views.read(out[2][v])).as(what).isEqualTo(expected);
            }
        }
    }

    @Test
    void everyLayoutAndTypeAgreesWithTheReference() {
        Random r = new Random(11);
        for (int i = 0; i < 600; i++) {
            Shape shape = Views.shape(r);
            Kernel k = KERNELS.get(r.nextInt(KERNELS.size()));
            DType compute = new DType[] {DType.FLOAT32, DType.FLOAT32, DType.FLOAT64, DType.INT64}[r.nextInt(4)];
            double[] scalars = {r.nextInt(5)};
            View[] in = new View[k.inputs()];
            for (int v = 0; v < in.length; v++) {
                in[v] = Views.filled(r, Views.of(type(r, compute), Views.layout(r, shape, true)), 0.1);
            }
            View[] want = new View[k.outputs().size()];
            View[] cold = new View[want.length];
            View[] compiled = new View[want.length];
            for (int v = 0; v < want.length; v++) {
                Layout layout = Views.layout(r, shape, false);
                DType t = type(r, compute);
                want[v] = Views.of(t, layout);
                cold[v] = Views.of(t, layout);
                compiled[v] = Views.of(t, layout);
            }
            Views.REFERENCE.pointwise(k, compute, scalars, want, in);
            COLD.run(k, compute, scalars, cold, in);
            COMPILED.run(k, compute, scalars, compiled, in);
            for (int v = 0; v < want.length; v++) {
                double[] expected = Views.read(want[v]);
                assertThat(Views.read(cold[v])).as("%s %s", k, want[v].layout()).isEqualTo(expected);
                assertThat(Views.read(compiled[v]))
                        .as("%s %s", k, want[v].layout())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void largeCallsAreSharedWithoutAGap() {
        Random r = new Random(2);
        Kernel k = KERNELS.get(1);
        for (Shape shape :
                List.of(Shape.of(300_001), Shape.of(3, 100_003), Shape.of(70_000, 3), Shape.of(7, 111, 222))) {
            for (int form = 0; form < 4; form++) {
                Layout a = form == 1 ? transposed(shape) : Layout.contiguous(shape);
                Layout b = form == 2
                        ? Layout.contiguous(shape.with(0, 1)).expand(shape)
                        : form == 3 ? Layout.contiguous(shape.with(-1, 1)).expand(shape) : Layout.contiguous(shape);
                View x = Views.filled(r, Views.of(DType.FLOAT32, a), 0.01);
                View y = Views.filled(r, Views.of(DType.FLOAT32, b), 0.01);
                View want = Views.of(DType.FLOAT32, Layout.contiguous(shape));
                View got = Views.of(DType.FLOAT32, Layout.contiguous(shape));
                Views.REFERENCE.pointwise(k, DType.FLOAT32, new double[0], new View[] {want}, new View[] {x, y});
                for (Elements e : List.of(COLD, COMPILED)) {
                    e.run(k, DType.FLOAT32, new double[0], new View[] {got}, new View[] {x, y});
                    assertThat(Views.read(got)).isEqualTo(Views.read(want));
                }
            }
        }
    }

    private static Layout transposed(Shape shape) {
        int rank = shape.rank();
        if (rank == 1) {
            return Layout.contiguous(shape);
        }
        Shape turned = shape.with(0, shape.get(-1)).with(-1, shape.get(0));
        return Layout.contiguous(turned).transpose(0, -1);
    }

    @Test
    void anOutputMayBeAnInput() {
        for (Elements e : List.of(COLD, COMPILED)) {
            View x = Views.floats(new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
            View columns = x.with(x.layout().transpose(0, 1));
            e.run(KERNELS.get(1), DType.FLOAT32, new double[0], new View[] {columns}, new View[] {columns, columns});
            assertThat(Views.read(x)).containsExactly(2, 4, 6, 8, 10, 12);
        }
    }

    @Test
    void aBusyKernelIsCompiledAndSwitchedIn() throws InterruptedException {
        Kernels kernels = new Kernels(false);
        Kernel k = new Kernel("busy", 2, 0, List.of(X.times(Y).exp()));
        Kernels.Variant v = kernels.of(k).variant(Lane.FLOAT, 0);
        assertThat(v.loop(100)).isNull();
        v.loop(1 << 20);
        for (int i = 0; i < 30_000 && v.loop(1) == null; i++) {
            Thread.sleep(10);
        }
        assertThat(v.loop(1)).isNotNull();
    }
}
