package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** PyTorch's conventions where mathematics leaves a choice: NaN, infinities, ties, kinks, types, shapes. */
class ConventionsTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private static void values(UnaryOperator<Tensor> f, double[] in, double... expected) {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor x = Tensors.of(type, in, Shape.of(in.length));
            double[] got = f.apply(x).toDoubles();
            assertArrayEquals(
                    expected,
                    got,
                    1e-6
                            * Math.max(
                                    1,
                                    Arrays.stream(expected)
                                            .filter(Double::isFinite)
                                            .max()
                                            .orElse(1)));
        }
    }

    private static void slopes(UnaryOperator<Tensor> f, double[] in, double... expected) {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor x = Tensors.of(type, in, Shape.of(in.length)).detach().requiresGrad_();
            f.apply(x).sum().backward();
            assertArrayEquals(expected, x.grad().toDoubles(), 1e-6);
        }
    }

    private static double[] at(double... x) {
        return x;
    }

    @Test
    void nanPasses() {
        values(Tensor::relu, at(NAN, -1, INF), NAN, 0, INF);
        values(Tensor::relu6, at(NAN, 9), NAN, 6);
        values(x -> x.clamp(-1, 1), at(NAN, INF, -INF), NAN, 1, -1);
        values(x -> x.hardtanh(-1, 1), at(NAN, 2), NAN, 1);
        values(x -> x.maximum(tensor(1.0)), at(NAN, 0), NAN, 1);
        values(x -> x.minimum(tensor(NAN)), at(0, 2), NAN, NAN);
        values(Tensor::max, at(1, NAN, 3), NAN);
        values(Tensor::min, at(1, NAN, 3), NAN);
        values(x -> x.softmax(0), at(1, NAN), NAN, NAN);
        values(Tensor::sum, at(INF, -INF), NAN);
        assertEquals(1, tensor(1.0, NAN, 3.0).argmax().itemLong());
        assertEquals(1, tensor(1.0, NAN, 3.0).argmin(0, false).itemLong());
        assertArrayEquals(
                new long[] {0, 1}, tensor(NAN, 1.0).eq(tensor(NAN, 1.0)).toLongs());
        assertArrayEquals(
                new long[] {1, 0}, tensor(NAN, 1.0).ne(tensor(NAN, 1.0)).toLongs());
    }

    @Test
    void nothingOverflowsOnTheWay() {
        values(x -> x.softplus(1, 20), at(800, -800, 19.9), 800, 0, 19.9);
        values(Tensor::std, at(3e20, 4e20), 7.0710678e19);
        values(x -> x.std().div(1e-25), at(3e-25, 4e-25), 0.70710678);
        values(x -> x.norm(2), at(3e20, 4e20), 5e20);
        values(x -> x.norm(3).div(1e-25), at(3e-25, 4e-25), Math.cbrt(91));
        slopes(x -> x.norm(2), at(3e20, 4e20), 0.6, 0.8);
        slopes(x -> x.atan2(x), at(0), 0);
        values(Tensor::sigmoid, at(800, -800, INF, -INF), 1, 0, 1, 0);
        slopes(Tensor::sigmoid, at(800, -800, 0), 0, 0, 0.25);
        slopes(Tensor::tanh, at(800, -800, INF), 0, 0, 0);
        values(Tensor::logSigmoid, at(-800, 800, -1e4), -800, 0, -1e4);
        slopes(Tensor::logSigmoid, at(-800, 800), 1, 0);
        values(Tensor::silu, at(-800, 800), 0, 800);
        slopes(Tensor::silu, at(-800, 800), 0, 1);
        slopes(Tensor::geluTanh, at(-1e30, 1e30), 0, 1);
        slopes(Tensor::mish, at(-800, 800), 0, 1);
        values(x -> x.logSoftmax(0), at(1000, 0), 0, -1000);
        values(x -> x.softmax(0), at(1e30, 1e30), 0.5, 0.5);
        values(x -> x.softmax(0), at(-INF, 0), 0, 1);
        values(x -> x.logsumexp(new int[] {0}, false), at(1000, 1000), 1000 + Math.log(2));
        values(x -> x.logsumexp(new int[] {0}, false), at(-INF, -INF), -INF);
        values(x -> x.logsumexp(new int[] {0}, false), at(INF, 1), INF);
    }

    @Test
    void slopesAtKinksAndTies() {
        slopes(Tensor::relu, at(-1, 0, -0.0, 1), 0, 0, 0, 1);
        slopes(Tensor::abs, at(-2, 0, 2), -1, 0, 1);
        slopes(Tensor::relu6, at(0, 3, 6), 0, 1, 0);
        slopes(x -> x.clamp(-1, 1), at(-1, 1, 2, NAN), 1, 1, 0, 0);
        slopes(x -> x.maximum(tensor(1.0)), at(0, 1, 2, NAN), 0, 0.5, 1, 1);
        slopes(x -> x.leakyRelu(0.1), at(0, 1), 0.1, 1);
        slopes(Tensor::norm, at(0, 0), 0, 0);
        slopes(x -> x.max(0).values(), at(2, 5, 5, 1), 0, 1, 0, 0);
        slopes(Tensor::max, at(2, 5, 5, 1), 0, 0.5, 0.5, 0);
        slopes(x -> x.maximum(x.detach()), at(1, 2), 0.5, 0.5);
        slopes(x -> x.pow(0), at(0, 2), 0, 0);
        slopes(Tensor::sqrt, at(0, 4), INF, 0.25);
        slopes(x -> x.reshape(1, 1, 4).maxPool(windows(2)), at(3, 3, 1, 2), 1, 0, 0, 1);
    }

    private static Pooling windows(long size) {
        Shape one = Shape.of(1);
        return new Pooling(Shape.of(size), Shape.of(size), Shape.of(0), one, false, true, 0, null);
    }

    @Test
    void ofEqualsTheFirst() {
        Tensor t = tensor(1.0, 7.0, 7.0, 0.0, 0.0);
        assertEquals(1, t.argmax().itemLong());
        assertEquals(3, t.argmin(0, false).itemLong());
        assertEquals(0, tensor(0.0, -0.0).argmin(0, false).itemLong());
        assertEquals(1, t.max(0).indices().itemLong());
    }

    @Test
    void roundingAndDivision() {
        values(Tensor::round, at(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5), -2, -2, -0.0, 0, 2, 2);
        values(Tensor::sign, at(-3, 0, 4), -1, 0, 1);
        values(x -> x.div(0), at(1, -1, 0), INF, -INF, NAN);
        values(x -> x.pow(tensor(0.0)), at(0, NAN, INF), 1, 1, 1);
        values(x -> x.pow(-1), at(0, 2), INF, 0.5);
        values(x -> x.pow(0.5), at(-1, 4), NAN, 2);
        assertEquals(0.5, tensor(1L).div(tensor(2L)).item());
    }

    @Test
    void emptyReductions() {
        Tensor none = Tensors.zeros(0);
        assertEquals(0, none.sum().item());
        assertTrue(Double.isNaN(none.mean().item()));
        assertEquals(0, none.any().itemLong());
        assertEquals(1, none.all().itemLong());
        assertArrayEquals(new double[3], Tensors.zeros(3, 0).sum(1).toDoubles());
        assertThrows(IllegalArgumentException.class, none::max);
        assertThrows(IllegalArgumentException.class, () -> none.argmax(0));
        assertTrue(Double.isNaN(tensor(1.0).var().item()));
    }

    // ---- types

    @Test
    void promotion() {
        Tensor f = tensor(1.0);
        Tensor d = f.to(DType.FLOAT64);
        Tensor i = tensor(1L);
        Tensor b = tensor(true);
        Tensor u = i.to(DType.UINT8);
        assertEquals(DType.FLOAT64, f.add(d).dtype());
        assertEquals(DType.FLOAT32, i.mul(f).dtype());
        assertEquals(DType.INT64, u.add(i).dtype());
        assertEquals(DType.UINT8, u.add(b).dtype());
        assertEquals(DType.INT64, b.sum().dtype());
        assertEquals(DType.INT64, u.sum().dtype());
        assertEquals(DType.FLOAT32, i.mul(0.5).dtype());
        assertEquals(DType.INT64, i.mul(2).dtype());
        assertEquals(DType.UINT8, u.mul(2).dtype());
        assertEquals(DType.INT64, b.mul(2).dtype());
        assertEquals(DType.FLOAT32, i.exp().dtype());
        assertEquals(DType.FLOAT32, i.div(i).dtype());
        assertEquals(DType.BOOL, f.gt(d).dtype());
        // a 0-d tensor counts only by its category
        assertEquals(DType.FLOAT32, f.add(Tensors.full(DType.FLOAT64, 1)).dtype());
        assertEquals(DType.FLOAT64, i.add(Tensors.full(DType.FLOAT64, 1)).dtype());
        assertEquals(DType.UINT8, u.add(Tensors.full(DType.INT64, 1)).dtype());
        assertEquals(
                DType.FLOAT64,
                Tensors.full(DType.FLOAT32, 1)
                        .add(Tensors.full(DType.FLOAT64, 1))
                        .dtype());
    }

    @Test
    void wrapAround() {
        assertArrayEquals(
                new long[] {44},
                tensor(200L).to(DType.UINT8).add(tensor(100L).to(DType.UINT8)).toLongs());
        assertArrayEquals(
                new long[] {1, 0, 1}, tensor(0.5, 0.0, NAN).to(DType.BOOL).toLongs());
        assertArrayEquals(new long[] {2, -2}, tensor(2.9, -2.9).to(DType.INT64).toLongs());
        assertEquals((1L << 53) + 1, tensor((1L << 53) + 1).add(0).itemLong());
    }

    // ---- errors

    private static void fails(String message, Executable body) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void errorsNameShapes() {
        fails(
                "add: shapes do not broadcast: 3 against 4 at dimension -1",
                () -> Tensors.zeros(2, 3).add(Tensors.zeros(2, 4)));
        fails(
                "matmul: the inner sizes 3 and 2 differ",
                () -> Tensors.zeros(2, 3).matmul(Tensors.zeros(2, 3)));
        fails(
                "do not divide by the 4 of the given sizes",
                () -> Tensors.zeros(2, 3).reshape(4, -1));
        fails("cannot be viewed", () -> Tensors.zeros(2, 3).t().view(6));
        fails("out of range", () -> Tensors.zeros(2, 3).sum(2));
        fails("appears twice", () -> Tensors.zeros(2, 3).sum(0, -2));
        fails("one element", () -> Tensors.zeros(2, 3).item());
        fails("int64 index", () -> Tensors.zeros(2).gather(0, tensor(0.0)));
        fails("bool mask", () -> Tensors.zeros(2).maskedFill(tensor(1.0, 0.0), 1));
        fails("does not fit into", () -> tensor(1L).add_(tensor(0.5)));
        fails("own shape", () -> tensor(1.0).add_(tensor(1.0, 2.0)));
        fails(
                "all other dimensions must be equal",
                () -> Tensors.cat(List.of(Tensors.zeros(2, 3), Tensors.zeros(2, 4)), 0));
        fails("4 channels", () -> Tensors.zeros(1, 4, 5, 5).conv2d(Tensors.zeros(2, 3, 3, 3), null));
        fails("larger than the padded input", () -> Tensors.zeros(1, 3, 2, 2).conv2d(Tensors.zeros(2, 3, 3, 3), null));
        fails(
                "more than one value per channel",
                () -> Tensors.zeros(1, 3).batchNorm(null, null, null, null, true, 0.1, 1e-5));
    }

    @Test
    void indicesAreChecked() {
        assertThrows(RuntimeException.class, () -> Tensors.zeros(3).gather(0, tensor(3L)));
        assertThrows(RuntimeException.class, () -> Tensors.zeros(3).gather(0, tensor(-1L)));
        assertThrows(RuntimeException.class, () -> Tensors.zeros(3).scatterAdd(0, tensor(5L), tensor(1.0)));
    }
}
