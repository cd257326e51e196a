package akari.backend;

import static akari.backend.Samples.BACKEND;
import static akari.backend.Samples.floats;
import static akari.backend.Samples.get;
import static akari.backend.Samples.longs;
import static akari.backend.Samples.of;
import static akari.backend.Samples.strided;
import static akari.backend.Samples.table;
import static akari.backend.Samples.values;
import static akari.backend.Samples.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.formula.Expr;
import akari.formula.Formula;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, pointwise kernels, reductions, indexing and matrix products against definitions written out by index. */
class ReferenceBackendTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] NONE = {};

    private static void run(DType compute, Expr e, View out, View... in) {
        BACKEND.pointwise(new Kernel("test", in.length, 0, List.of(e)), compute, NONE, new View[] {out}, in);
    }

    // ---- memory

    @Test
    void theCpuHasABackendWithoutAnyService() {
        assertThat(Backend.of(Device.CPU).describe()).startsWith("reference");
        assertThat(Backend.of(Device.of("cpu")).device()).isEqualTo(Device.CPU);
        assertThatThrownBy(() -> Backend.of(Device.of("cuda:1")))
                .hasMessageContaining("cuda:1")
                .hasMessageContaining("there is cpu");
    }

    @Test
    void uploadDownloadAndRelease() {
        ReferenceBackend b = new ReferenceBackend();
        Buffer buffer = b.allocate(24);
        assertThat(buffer.address() % 64).isZero();
        b.upload(MemorySegment.ofArray(new long[] {1, 2}), buffer, 8);
        long[] back = new long[1];
        b.download(buffer, 16, MemorySegment.ofArray(back));
        assertThat(back).containsExactly(2);
        assertThat(b.memory().inUse()).isEqualTo(24);
        assertThatThrownBy(() -> b.download(buffer, 24, MemorySegment.ofArray(back)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("24 to 32");
        buffer.release("the test");
        buffer.release("nobody");
        assertThat(b.memory().inUse()).isZero();
        assertThat(b.memory().peak()).isEqualTo(24);
        assertThatThrownBy(buffer::address).hasMessageContaining("released by the test");
        assertThat(b.allocate(0).bytes()).isZero();
    }

    @Test
    void unreachableMemoryComesBackAtTheLimit() {
        ReferenceBackend b = new ReferenceBackend();
        long part = b.memory().limit() / 3;
        for (int i = 0; i < 5; i++) {
            assertThat(b.allocate(part).bytes()).isEqualTo(part);
        }
        assertThat(b.memory().forcedCollections()).isPositive();
        Buffer held = b.allocate(part);
        assertThatThrownBy(() -> b.allocate(b.memory().limit()))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("-Xmx");
        assertThat(held.isReleased()).isFalse();
    }

    // ---- pointwise

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void pointwiseOverAnyLayout(long seed) {
        Random random = new Random(seed);
        DType[] types = DType.values();
        for (int round = 0; round < 40; round++) {
            long[] shape = new long[random.nextInt(4)];
            for (int d = 0; d < shape.length; d++) {
                shape[d] = random.nextInt(5);
            }
            View a = strided(random, types[random.nextInt(types.length)], shape);
            View b = strided(random, types[random.nextInt(types.length)], shape);
            if (shape.length > 0 && shape[0] > 0) {
                Layout one = a.layout().slice(0, 0, 1, 1);
                a = a.with(one.expand(a.shape()));
            }
            View x = a;
            View out = strided(random, DType.FLOAT64, shape);
            Expr e = Expr.in(0).times(Expr.in(1)).plus(Expr.in(0));
            run(DType.FLOAT64, e, out, x, b);
            assertThat(values(out)).containsExactly(table(x.shape(), i -> get(x, i) * get(b, i) + get(x, i)));
        }
    }

    @Test
    void longRowsGoBlockByBlock() {
        View x = strided(new Random(1), DType.FLOAT32, 3, 1000);
        View y = zeros(DType.FLOAT64, 3, 1000);
        run(DType.FLOAT32, Expr.in(0).exp(), y, x);
        assertThat(values(y)).containsExactly(table(x.shape(), i -> (float) Math.exp(get(x, i))));
    }

    @Test
    void everyFunctionAgreesWithTheFormula() {
        double[] points = {-INF, -2.5, -1, -0.5, -0.0, 0.0, 0.5, 1, 1.5, 800, INF, NAN};
        View x = floats(points);
        View y = zeros(DType.FLOAT64, points.length);
        for (Expr.Fn fn : Expr.Fn.values()) {
            run(DType.FLOAT64, new Expr.Unary(fn, Expr.in(0)), y, x);
            assertThat(values(y)).as("%s", fn).containsExactly(table(x.shape(), i -> Formula.unary(fn, get(x, i))));
        }
        View r = floats(NAN, 1, 0.5, INF, 2, -0.0, 3, -1, -INF, 1, 0, NAN);
        for (Expr.Op op : Expr.Op.values()) {
            run(DType.FLOAT64, new Expr.Binary(op, Expr.in(0), Expr.in(1)), y, x, r);
            assertThat(values(y))
                    .as("%s", op)
                    .containsExactly(table(x.shape(), i -> Formula.binary(op, get(x, i), get(r, i))));
        }
    }

    @Test
    void conversions() {
        View x = floats(-1.7, 0, 0.3, 1.5, 300.9, NAN);
        View bytes = zeros(DType.UINT8, 6);
        View bools = zeros(DType.BOOL, 6);
        View wide = zeros(DType.INT64, 6);
        run(DType.FLOAT64, Expr.in(0), bytes, x);
        run(DType.FLOAT64, Expr.in(0), bools, x);
        run(DType.FLOAT64, Expr.in(0), wide, x);
        assertThat(values(bytes)).startsWith(255, 0, 0, 1, 44);
        assertThat(values(bools)).containsExactly(1, 0, 1, 1, 1, 1);
        assertThat(values(wide)).startsWith(-1, 0, 0, 1, 300);
        // through float32 a value is rounded to float, whatever the types at either end
        View y = zeros(DType.FLOAT64, 1);
        run(DType.FLOAT32, Expr.in(0), y, floats(0.1));
        assertThat(values(y)).containsExactly(0.1f);
        View equal = zeros(DType.BOOL, 1);
        Kernel isScalar = new Kernel(
                "eq", 1, 1, List.of(Expr.select(Expr.Cmp.EQ, Expr.in(0), Expr.scalar(0), Expr.lit(1), Expr.lit(0))));
        BACKEND.pointwise(isScalar, DType.FLOAT32, new double[] {0.1}, new View[] {equal}, new View[] {
            of(DType.FLOAT32, Shape.of(1), 0.1)
        });
        assertThat(values(equal)).containsExactly(1);
    }

    @Test
    void int64IsExactAndWrapsAround() {
        View x = longs(Shape.of(3), Long.MAX_VALUE, -7, 1L << 60);
        View y = longs(Shape.of(3), 1, 2, 3);
        View z = longs(Shape.of(3), 0, 0, 0);
        run(DType.INT64, Expr.in(0).plus(Expr.in(1)), z, x, y);
        assertThat(Memory.getLong(DType.INT64, z.address())).isEqualTo(Long.MIN_VALUE);
        assertThat(Memory.getLong(DType.INT64, z.address() + 16)).isEqualTo((1L << 60) + 3);
        run(DType.INT64, Expr.in(0).over(Expr.in(1)), z, x, y);
        assertThat(Memory.getLong(DType.INT64, z.address() + 8)).isEqualTo(-3);
        run(DType.INT64, Expr.in(1).pow(Expr.in(1)), z, x, y);
        assertThat(values(z)).containsExactly(1, 4, 27);
        View zero = longs(Shape.of(3), 1, 0, 1);
        assertThatThrownBy(() -> run(DType.INT64, Expr.in(0).over(Expr.in(1)), z, x, zero))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("test")
                .hasMessageContaining("division by zero");
        assertThatThrownBy(() -> run(DType.INT64, Expr.in(0).exp(), z, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test")
                .hasMessageContaining("EXP");
    }

    @Test
    void outputsMayBeTheInputs() {
        View a = floats(1, 2, 3);
        View b = floats(10, 20, 30);
        Kernel swap = new Kernel("swap", 2, 1, List.of(Expr.in(1), Expr.in(0).times(Expr.scalar(0))));
        BACKEND.pointwise(swap, DType.FLOAT64, new double[] {2}, new View[] {a, b}, new View[] {a, b});
        assertThat(values(a)).containsExactly(10, 20, 30);
        assertThat(values(b)).containsExactly(2, 4, 6);
    }

    // ---- reductions

    private static View reduce(ReduceOp op, View x, DType t, long... shape) {
        View out = zeros(t, shape);
        BACKEND.reduce(op, x, out);
        return out;
    }

    @ParameterizedTest
    @EnumSource(ReduceOp.class)
    void reductionsOverAnyDimensions(ReduceOp op) {
        Random random = new Random(3);
        boolean arg = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
        for (DType t : DType.values()) {
            for (int round = 0; round < 20; round++) {
                long[] shape = {1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(4)};
                View x = strided(random, t, shape);
                long[] kept = shape.clone();
                int only = random.nextInt(3);
                for (int d = 0; d < 3; d++) {
                    kept[d] = (arg ? d == only : random.nextBoolean()) ? 1 : kept[d];
                }
                DType result =
                        arg ? DType.INT64 : op == ReduceOp.ANY || op == ReduceOp.ALL ? DType.BOOL : DType.FLOAT64;
                double[] got = values(reduce(op, x, result, kept));
                double[] expected = table(Shape.of(kept), i -> {
                    double[] acc = {0, 0, NAN};
                    Samples.each(x.shape(), j -> {
                        for (int d = 0; d < 3; d++) {
                            if (kept[d] == shape[d] && i[d] != j[d]) {
                                return;
                            }
                        }
                        double v = get(x, j);
                        boolean first = acc[1]++ == 0;
                        switch (op) {
                            case SUM -> acc[0] += v;
                            case PROD -> acc[0] = first ? v : acc[0] * v;
                            case MAX -> acc[0] = first ? v : Math.max(acc[0], v);
                            case MIN -> acc[0] = first ? v : Math.min(acc[0], v);
                            case ANY -> acc[0] = v != 0 ? 1 : acc[0];
                            case ALL -> acc[0] = v == 0 ? 0 : first ? 1 : acc[0];
                            case ARGMAX, ARGMIN -> {
                                if (first || (op == ReduceOp.ARGMAX ? v > acc[2] : v < acc[2])) {
                                    acc[2] = v;
                                    acc[0] = acc[1] - 1;
                                }
                            }
                        }
                    });
                    return acc[0];
                });
                assertThat(got).as("%s of %s", op, x.layout()).containsExactly(expected, within(1e-14));
            }
        }
    }

    @Test
    void emptyReductionsGiveTheIdentity() {
        View x = zeros(DType.FLOAT32, 2, 0);
        assertThat(values(reduce(ReduceOp.SUM, x, DType.FLOAT32, 2, 1))).containsExactly(0, 0);
        assertThat(values(reduce(ReduceOp.PROD, x, DType.FLOAT32, 2, 1))).containsExactly(1, 1);
        assertThat(values(reduce(ReduceOp.MAX, x, DType.FLOAT32, 2, 1))).containsExactly(-INF, -INF);
        assertThat(values(reduce(ReduceOp.MIN, x, DType.FLOAT32, 2, 1))).containsExactly(INF, INF);
        assertThat(values(reduce(ReduceOp.ALL, x, DType.BOOL, 2, 1))).containsExactly(1, 1);
        assertThat(values(reduce(ReduceOp.ANY, x, DType.BOOL, 2, 1))).containsExactly(0, 0);
        assertThat(reduce(ReduceOp.SUM, x, DType.FLOAT32, 1, 0).numel()).isZero();
    }

    @Test
    void nanWinsAndTheFirstOfEqualsCounts() {
        View x = of(DType.FLOAT64, Shape.of(2, 5), 1, NAN, 5, NAN, 7, 2, 9, 9, -4, -4);
        assertThat(values(reduce(ReduceOp.MAX, x, DType.FLOAT64, 2, 1))).containsExactly(NAN, 9);
        assertThat(values(reduce(ReduceOp.MIN, x, DType.FLOAT64, 2, 1))).containsExactly(NAN, -4);
        assertThat(values(reduce(ReduceOp.ARGMAX, x, DType.INT64, 2, 1))).containsExactly(1, 1);
        assertThat(values(reduce(ReduceOp.ARGMIN, x, DType.INT64, 2, 1))).containsExactly(1, 3);
        assertThat(values(reduce(ReduceOp.ANY, x, DType.BOOL, 2, 1))).containsExactly(1, 1);
        View infinite = floats(-INF, -INF);
        assertThat(values(reduce(ReduceOp.ARGMAX, infinite, DType.INT64, 1))).containsExactly(0);
        View scalar = of(DType.FLOAT32, Shape.SCALAR, 4);
        assertThat(values(reduce(ReduceOp.ARGMAX, scalar, DType.INT64))).containsExactly(0);
        assertThat(values(reduce(ReduceOp.SUM, scalar, DType.FLOAT32))).containsExactly(4);
        View bytes = of(DType.UINT8, Shape.of(3), 200, 100, 255);
        assertThat(values(reduce(ReduceOp.SUM, bytes, DType.INT64, 1))).containsExactly(555);
    }

    // ---- gather and scatter

    @ParameterizedTest
    @EnumSource(DType.class)
    void gatherAndScatter(DType t) {
        Random random = new Random(5);
        for (int dim = 0; dim < 3; dim++) {
            long[] wide = {3, 4, 5};
            long[] shape = {2, 3, 4};
            shape[dim] = 6;
            View x = strided(random, t, wide);
            View index = strided(random, DType.INT64, shape);
            Samples.each(index.shape(), i -> Samples.set(index, random.nextInt(3), i));
            View y = strided(random, t, shape);
            BACKEND.gather(x, dim, index, y);
            int d = dim;
            assertThat(values(y)).containsExactly(table(y.shape(), i -> get(x, moved(i, d, index))));

            View src = strided(random, t, shape);
            View sums = zeros(t, wide);
            View last = zeros(t, wide);
            double[] added = new double[60];
            double[] put = new double[60];
            Samples.each(src.shape(), i -> {
                int at = (int) Samples.position(sums.layout(), moved(i, d, index));
                added[at] = t == DType.BOOL ? Math.max(added[at], get(src, i)) : added[at] + get(src, i);
                added[at] = Conversions.round(t, added[at]);
                put[at] = get(src, i);
            });
            BACKEND.scatter(sums, dim, index, src, Combine.ADD);
            BACKEND.scatter(last, dim, index, src, Combine.SET);
            assertThat(values(sums)).containsExactly(added);
            assertThat(values(last)).containsExactly(put);
        }
    }

    private static long[] moved(long[] i, int dim, View index) {
        long[] j = i.clone();
        j[dim] = (long) get(index, i);
        return j;
    }

    @Test
    void indicesAreChecked() {
        View x = floats(1, 2, 3);
        View y = zeros(DType.FLOAT64, 1);
        assertThatThrownBy(() -> BACKEND.gather(x, 0, longs(Shape.of(1), 3), y))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("index 3")
                .hasMessageContaining("size 3");
        assertThatThrownBy(() -> BACKEND.scatter(x, 0, longs(Shape.of(1), -1), y, Combine.ADD))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(values(x)).containsExactly(1, 2, 3);
    }

    // ---- matrix products and softmax

    @Test
    void matmulWithBatchesAndBias() {
        Random random = new Random(6);
        for (long[] size : new long[][] {{1, 1, 1}, {3, 4, 5}, {70, 3, 300}, {2, 130, 1}, {2, 0, 3}, {0, 2, 2}}) {
            long m = size[0];
            long k = size[1];
            long n = size[2];
            View a = strided(random, DType.FLOAT64, 2, 3, m, k);
            View b = strided(random, DType.FLOAT32, 1, 3, k, n);
            View wide = b.with(b.layout().expand(Shape.of(2, 3, k, n)));
            View bias = strided(random, DType.FLOAT64, n);
            View out = strided(random, DType.FLOAT64, 2, 3, m, n);
            BACKEND.matmul(a, wide, bias, out);
            double[] expected = table(out.shape(), i -> {
                double sum = get(bias, i[3]);
                for (long p = 0; p < k; p++) {
                    sum += get(a, i[0], i[1], i[2], p) * get(wide, i[0], i[1], p, i[3]);
                }
                return sum;
            });
            assertThat(values(out)).containsExactly(expected, within(1e-12));
            View plain = zeros(DType.FLOAT64, m, n);
            BACKEND.matmul(
                    a.with(a.layout().select(0, 1).select(0, 2)),
                    b.with(b.layout().select(0, 0).select(0, 2)),
                    null,
                    plain);
            if (out.numel() > 0) {
                assertThat(get(plain, m - 1, n - 1))
                        .isCloseTo(get(out, 1, 2, m - 1, n - 1) - get(bias, n - 1), within(1e-12));
            }
        }
    }

    @Test
    void softmaxAndItsGradient() {
        Random random = new Random(7);
        for (int dim = 0; dim < 3; dim++) {
            for (boolean log : new boolean[] {false, true}) {
                View x = strided(random, DType.FLOAT64, 3, 4, 2);
                View y = strided(random, DType.FLOAT64, 3, 4, 2);
                View g = strided(random, DType.FLOAT64, 3, 4, 2);
                View gx = strided(random, DType.FLOAT64, 3, 4, 2);
                int d = dim;
                boolean l = log;
                BACKEND.softmax(x, dim, log, y);
                assertThat(values(y))
                        .containsExactly(
                                table(x.shape(), i -> {
                                    double sum = 0;
                                    for (long j = 0; j < x.layout().size(d); j++) {
                                        long[] at = i.clone();
                                        at[d] = j;
                                        sum += Math.exp(get(x, at));
                                    }
                                    double p = Math.exp(get(x, i)) / sum;
                                    return l ? Math.log(p) : p;
                                }),
                                within(1e-14));
                BACKEND.softmaxGradient(y, g, dim, log, gx);
                View moved = zeros(DType.FLOAT64, 3, 4, 2);
                LayersTest.assertGradient(x, gx, () -> {
                    BACKEND.softmax(x, d, l, moved);
                    return Samples.dot(moved, g);
                });
            }
        }
        View wide = floats(-INF, 1000, 1000);
        View y = zeros(DType.FLOAT64, 3);
        BACKEND.softmax(wide, 0, false, y);
        assertThat(values(y)).containsExactly(0, 0.5, 0.5);
        BACKEND.softmax(floats(-INF, -INF, -INF), 0, false, y);
        assertThat(values(y)).containsOnly(NAN);
        BACKEND.softmax(zeros(DType.FLOAT64, 0, 3), 0, false, zeros(DType.FLOAT64, 0, 3));
        View scalar = zeros(DType.FLOAT32);
        BACKEND.softmax(scalar, 0, false, scalar);
        assertThat(values(scalar)).containsExactly(1);
    }
}
