package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akari.backend.DType;
import org.junit.jupiter.api.Test;

/** The text form, beside what PyTorch prints for the same numbers (but for the spelling of its keywords). */
class PrinterTest {
    private static void prints(String expected, Tensor t) {
        assertEquals(expected.stripTrailing(), t.toString());
    }

    @Test
    void numbers() {
        prints("tensor([1., 2., 3.])", tensor(1.0, 2.0, 3.0));
        prints("tensor([ 0.5000, -1.2500])", tensor(0.5, -1.25));
        prints("tensor(3.1416)", Tensors.scalar(3.14159));
        prints("tensor(7)", tensor(7L).squeeze());
        prints("tensor([ True, False])", tensor(true, false));
        prints("tensor([  1, -20, 300])", tensor(1L, -20L, 300L));
        prints("tensor([1, 2], dtype=uint8)", tensor(1L, 2L).to(DType.UINT8));
        prints("tensor([1., 2.], dtype=float64)", tensor(1.0, 2.0).to(DType.FLOAT64));
    }

    @Test
    void scientificWhereMagnitudesDifferMuch() {
        prints("tensor([1.0000e-05, 1.0000e+00])", tensor(1e-5, 1.0));
        prints("tensor([1.0000e+00, 2.0000e+03])", tensor(1.0, 2000.0));
        prints("tensor([1.0000e+10])", tensor(1e10));
        prints("tensor([   1., 1000.])", tensor(1.0, 1000.0));
        prints("tensor([-1.0000e-05])", tensor(-1e-5));
    }

    @Test
    void specialNumbersDoNotWiden() {
        prints(
                "tensor([nan, inf, -inf, 1.])",
                tensor(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.0));
        prints("tensor([0.5000,    nan, 0.0000])", tensor(0.5, Double.NaN, 0.0));
        prints("tensor([0., -0.])", tensor(0.0, -0.0));
    }

    @Test
    void matricesAndDeeper() {
        prints("""
                tensor([[0, 1, 2],
                        [3, 4, 5]])
                """, Tensors.arange(6).reshape(2, 3));
        prints("""
                tensor([[[0., 0.],
                         [0., 0.]],

                        [[0., 0.],
                         [0., 0.]]])
                """, Tensors.zeros(2, 2, 2));
        prints("""
                tensor([[0, 3],
                        [1, 4],
                        [2, 5]])
                """, Tensors.arange(6).reshape(2, 3).t());
    }

    @Test
    void longOnesAreCutAndBroken() {
        prints("tensor([   0,    1,    2,  ...,  998,  999, 1000])", Tensors.arange(1001));
        prints("""
                tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
                        18, 19, 20, 21, 22, 23, 24])
                """, Tensors.arange(25));
        prints("""
                tensor([[   0,    1,    2,  ...,   37,   38,   39],
                        [  40,   41,   42,  ...,   77,   78,   79],
                        [  80,   81,   82,  ...,  117,  118,  119],
                        ...,
                        [1480, 1481, 1482,  ..., 1517, 1518, 1519],
                        [1520, 1521, 1522,  ..., 1557, 1558, 1559],
                        [1560, 1561, 1562,  ..., 1597, 1598, 1599]])
                """, Tensors.arange(1600).reshape(40, 40));
    }

    @Test
    void emptyOnesAndHistory() {
        prints("tensor([])", Tensors.zeros(0));
        prints("tensor([], size=(2, 0))", Tensors.zeros(2, 0));
        prints("tensor([], dtype=int64)", Tensors.zeros(DType.INT64, 0));
        prints("tensor([1.], requiresGrad=true)", Tensors.ones(1).requiresGrad_());
        prints("tensor([2.], gradFn=mul)", Tensors.ones(1).requiresGrad_().mul(2));
    }
}
