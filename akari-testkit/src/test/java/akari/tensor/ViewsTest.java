package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.core.Shape;
import akari.testkit.GradCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Views share memory, in gradients as well: what is written through one is seen by all. */
class ViewsTest {

    private static Tensor leaf(double... values) {
        return Tensors.of(DType.FLOAT64, values, Shape.of(values.length)).requiresGrad_();
    }

    private static double[] gradient(Tensor x) {
        Tensor g = x.grad();
        return g == null ? new double[0] : g.toDoubles();
    }

    private static void fails(Class<? extends RuntimeException> type, String message, Executable body) {
        RuntimeException e = assertThrows(type, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    // ---- writing through a view

    @Test
    void aPartOfAnIntermediateIsScaled() {
        Tensor x = leaf(1, 2, 3);
        Tensor h = x.mul(1);
        h.narrow(0, 1, 2).mul_(5);
        assertArrayEquals(new double[] {1, 10, 15}, h.toDoubles());
        h.sum().backward();
        assertArrayEquals(new double[] {1, 5, 5}, gradient(x));
    }

    @Test
    void aRowIsReplaced() {
        Tensor x = leaf(1, 2, 3, 4);
        Tensor y = leaf(7, 8);
        Tensor h = x.mul(2).reshape(2, 2);
        h.select(0, 1).copy_(y);
        h.mul(tensor(1.0, 2.0)).sum().backward();
        assertArrayEquals(new double[] {2, 4, 0, 0}, gradient(x));
        assertArrayEquals(new double[] {1, 2}, gradient(y));
    }

    @Test
    void zerosAreFilledPartByPart() {
        Tensor x = leaf(1, 2);
        Tensor out = Tensors.zeros(DType.FLOAT64, 2, 2);
        out.select(0, 0).copy_(x);
        out.select(0, 1).copy_(x.mul(3));
        assertTrue(out.requiresGrad());
        assertEquals("copy_", out.producerName());
        out.mul(Tensors.of(DType.FLOAT64, new double[] {1, 10, 100, 1000}, Shape.of(2, 2)))
                .sum()
                .backward();
        assertArrayEquals(new double[] {301, 3010}, gradient(x));
    }

    @Test
    void anEarlierViewSeesTheChangeOfItsBase() {
        Tensor x = leaf(1, 2, 3);
        Tensor h = x.mul(1);
        Tensor view = h.narrow(0, 0, 2);
        h.mul_(4);
        view.sum().backward();
        assertArrayEquals(new double[] {4, 4, 0}, gradient(x));
    }

    @Test
    void anEarlierViewSeesTheChangeThroughAnother() {
        Tensor x = leaf(1, 2, 3, 4);
        Tensor h = x.mul(1).reshape(2, 2);
        Tensor column = h.select(1, 1);
        Tensor transposed = h.t();
        h.select(0, 0).mul_(10);
        transposed.mul(tensor(1.0, 2.0)).sum().backward(null, true, false);
        assertArrayEquals(new double[] {10, 10, 2, 2}, gradient(x));
        x.zeroGrad();
        column.sum().backward();
        assertArrayEquals(new double[] {0, 10, 0, 1}, gradient(x));
    }

    @Test
    void aViewOfAViewOfAView() {
        Tensor x = leaf(1, 2, 3, 4, 5, 6);
        Tensor h = x.mul(1);
        h.reshape(2, 3).t().slice(0, 0, 3, 2).select(1, 1).mul_(7);
        assertArrayEquals(new double[] {1, 2, 3, 28, 5, 42}, h.toDoubles());
        h.sum().backward();
        assertArrayEquals(new double[] {1, 1, 1, 7, 1, 7}, gradient(x));
    }

    @Test
    void derivativesOfWritesThroughViews() {
        GradCheck.Function f = in -> {
            Tensor h = in[0].mul(in[0]);
            Tensor diagonal = h.diagonal();
            diagonal.add_(in[1].mul(in[1])).mul_(-1.5);
            h.select(1, 0).copy_(in[1].mul(in[1]));
            diagonal.add_(h.select(0, 2));
            return h.mul(h);
        };
        Tensor x =
                leaf(1, 2, 3, 4, 5, 6, 7, 8, 9).detach().reshape(3, 3).mul(0.1).requiresGrad_();
        Tensor y = leaf(0.5, -1, 2);
        GradCheck.gradcheck(f, x, y);
        GradCheck.gradgradcheck(f, x, y);
    }

    @Test
    void writesIntoWindowsOfStrangeStrides() {
        GradCheck.Function f = in -> {
            Tensor h = in[0].mul(2).t();
            h.asStrided(new long[] {2, 2}, new long[] {3, 1}, 1).mul_(3).add_(in[1].mul(in[1]));
            return h.mul(h);
        };
        Tensor x = leaf(1, 2, 3, 4, 5, 6).detach().reshape(2, 3).requiresGrad_();
        Tensor y = leaf(0.5, -1, 2, 3).detach().reshape(2, 2).requiresGrad_();
        GradCheck.gradcheck(f, x, y);
        GradCheck.gradgradcheck(f, x, y);
    }

    @Test
    void whatMayNotBeWritten() {
        Tensor x = leaf(1, 2, 3);
        fails(
                IllegalStateException.class,
                "a view of a leaf",
                () -> x.narrow(0, 0, 1).zero_());
        Tensor h = x.mul(1);
        Tensor untracked = Tensors.noGrad(() -> h.narrow(0, 0, 1));
        fails(IllegalStateException.class, "noGrad", () -> untracked.mul_(x.narrow(0, 0, 1)));
        fails(
                IllegalArgumentException.class,
                "expanded",
                () -> h.narrow(0, 0, 1).expand(3).add_(1));
        Tensor product = h.mul(h);
        h.narrow(0, 0, 1).zero_();
        fails(
                IllegalStateException.class,
                "changed in place",
                () -> product.sum().backward());
    }

    @Test
    void versionsAreCountedForAllViews() {
        Tensor x = Tensors.empty(DType.FLOAT32, 2, 3);
        Tensor view = x.select(0, 1);
        view.fill_(1);
        x.add_(1);
        assertEquals(2, x.version());
        assertEquals(2, view.version());
        x.t_();
        assertEquals(3, view.version());
        assertArrayEquals(new double[] {2, 2, 2}, view.toDoubles());
    }

    // ---- views in place

    @Test
    void shapesInPlaceKeepTheHistory() {
        Tensor x = leaf(1, 2, 3, 4, 5, 6);
        Tensor h = x.mul(1).reshape(2, 3);
        Tensor row = h.select(0, 0);
        h.t_().unsqueeze_(0).squeeze_().swapaxes_(0, 1).transpose_(0, 1);
        assertEquals(Shape.of(3, 2), h.shape());
        h.mul(tensor(1.0, 10.0)).sum().backward();
        assertArrayEquals(new double[] {1, 1, 1, 10, 10, 10}, gradient(x));
        x.zeroGrad();
        h.mul_(2);
        row.sum().backward();
        assertArrayEquals(new double[] {2, 2, 2, 0, 0, 0}, gradient(x));
        fails(IllegalStateException.class, "leaf", () -> leaf(1, 2).unsqueeze_(0));
    }

    @Test
    void resizing() {
        Tensor x = tensor(1.0, 2.0, 3.0, 4.0);
        x.resize_(2, 1);
        assertArrayEquals(new double[] {1, 2}, x.toDoubles());
        x.resize_(2, 2);
        assertArrayEquals(new double[] {1, 2, 3, 4}, x.toDoubles());
        x.resize_(3, 3);
        assertArrayEquals(new double[] {1, 2, 3, 4}, x.flatten().narrow(0, 0, 4).toDoubles());
        assertEquals(9, x.numel());
        x.resizeAs_(Tensors.zeros(0));
        assertEquals(0, x.numel());
    }

    // ---- bounds

    @Test
    void boundsAreChecked() {
        Tensor x = Tensors.zeros(2, 3);
        fails(IndexOutOfBoundsException.class, "dimension 1 with size 3", () -> x.select(1, 3));
        fails(IndexOutOfBoundsException.class, "dimension 0 with size 2", () -> x.narrow(0, 1, 2));
        fails(IndexOutOfBoundsException.class, "", () -> x.narrow(0, 1, Long.MAX_VALUE));
        fails(IndexOutOfBoundsException.class, "", () -> x.narrow(0, Long.MIN_VALUE, 1));
        fails(IllegalArgumentException.class, "reach element 6", () -> x.asStrided(new long[] {7}, new long[] {1}));
        fails(
                IllegalArgumentException.class,
                "of a memory of 6",
                () -> x.asStrided(new long[] {2, 2}, new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, Long.MAX_VALUE));
        fails(IllegalArgumentException.class, "negative", () -> x.asStrided(new long[] {2}, new long[] {-1}, 3));
        fails(IllegalArgumentException.class, "negative", () -> Tensors.zeros(1).expand(-7));
        fails(
                IllegalArgumentException.class,
                "than a long can count",
                () -> Tensors.zeros(1, 1).expand(1L << 40, 1L << 40));
        fails(IllegalArgumentException.class, "do not fit", () -> x.unfold(1, 4, 1));
        fails(IllegalArgumentException.class, "0-d", () -> Tensors.full(1).select(0, 0));
        assertEquals(0, x.slice(1, 2, Long.MIN_VALUE, Long.MAX_VALUE).numel());
        assertEquals(
                2, x.slice(1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE).numel());
    }

    @Test
    void reinterpretingBytes() {
        Tensor x = tensor(1f, -2f);
        assertArrayEquals(
                new int[] {Float.floatToRawIntBits(1), Float.floatToRawIntBits(-2)},
                x.view(DType.INT32).toInts());
        assertEquals(Shape.of(8), x.view(DType.UINT8).shape());
        assertEquals(Shape.of(1), x.view(DType.INT64).shape());
        assertArrayEquals(
                new float[] {1, -2}, x.view(DType.UINT8).view(DType.FLOAT32).toFloats());
        fails(
                IllegalArgumentException.class,
                "do not form",
                () -> x.narrow(0, 1, 1).view(DType.INT64));
        fails(
                IllegalArgumentException.class,
                "do not form",
                () -> Tensors.zeros(2, 2).t().view(DType.UINT8));
    }

    @Test
    void partsAreViews() {
        Tensor x = Tensors.zeros(4, 6);
        List<List<Tensor>> parts = List.of(
                x.split(2),
                x.chunk(3, 1),
                x.tensorSplit(3),
                x.hsplit(2),
                x.vsplit(1L, 3L),
                x.unbind(1),
                List.of(x.diagonal(), x.unfold(1, 2, 2), x.mT(), x.movedim(0, 1), x.unflatten(1, 2, 3)));
        parts.forEach(list -> list.forEach(
                t -> assertEquals(x.dataPtr() - x.storageOffset() * 4, t.dataPtr() - t.storageOffset() * 4)));
        x.hsplit(2).get(1).fill_(1);
        assertEquals(12, x.sum().item());
    }
}
