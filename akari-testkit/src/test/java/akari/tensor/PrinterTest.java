package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akari.core.DType;
import akari.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text form: what PyTorch prints for the same numbers. */
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
        prints("tensor([1, 2], dtype=torch.uint8)", tensor(1L, 2L).to(DType.UINT8));
        prints("tensor([1., 2.], dtype=torch.float64)", tensor(1.0, 2.0).to(DType.FLOAT64));
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
        prints("tensor([], dtype=torch.int64)", Tensors.zeros(DType.INT64, 0));
        prints("tensor([1.], requires_grad=True)", Tensors.ones(1).requiresGrad_());
        prints(
                "tensor([2.], grad_fn=<MulBackward0>)",
                Tensors.ones(1).requiresGrad_().mul(2));
    }

    @Test
    void digitsAreRoundedFromTheExactValue() {
        // 1/32 lies in the middle: ties to even; the double next to 2.00005 lies below it
        prints("tensor([0.0312, 0.0938])", tensor(0.03125, 0.09375));
        prints(
                "tensor([2.0000, 2.5000], dtype=torch.float64)",
                Tensors.of(DType.FLOAT64, new double[] {2.00005, 2.5}, Shape.of(2)));
        prints("tensor([-0.0005,  0.5000])", tensor(-0.00055, 0.5));
        prints("tensor([9.9999e-01, 1.0000e+05])", tensor(0.99999, 100000.0));
        prints("tensor([1.0000e-05, 1.0000e+00])", tensor(0.00000999999, 0.99999999));
        prints("tensor([-0.0000, 0.1250])", tensor(-0.0, 0.125));
    }

    @Test
    void borderOfScientific() {
        prints("tensor([1.0000e-03, 1.5000e+00])", tensor(0.001, 1.5));
        prints("tensor([0.0020, 1.5000])", tensor(0.002, 1.5));
        prints("tensor([1.0000e-04])", tensor(1e-4)); // in float32 just below the border
        prints("tensor([0.0001], dtype=torch.float64)", Tensors.of(DType.FLOAT64, new double[] {1e-4}, Shape.of(1)));
        prints("tensor([9.9000e-05])", tensor(9.9e-5));
        prints("tensor([100000000.])", tensor(1e8));
        prints("tensor([1.0000e+09])", tensor(1e9));
        prints(
                "tensor([1.0000e-05,        nan,        inf, 0.0000e+00])",
                tensor(1e-5, Double.NaN, Double.POSITIVE_INFINITY, 0));
        prints("tensor([-1.0000e+03,  5.0000e-01])", tensor(-1000.0, 0.5));
        prints("tensor([1.4013e-45, 1.0000e+00])", tensor(1e-45, 1.0));
        prints("tensor(1.0000e-10)", Tensors.scalar(1e-10));
        prints("tensor(nan)", Tensors.scalar(Double.NaN));
        prints("tensor(-inf)", Tensors.scalar(Double.NEGATIVE_INFINITY));
        prints("tensor(0.)", Tensors.scalar(0));
        prints("tensor(True)", tensor(true).squeeze());
        prints("tensor(0.1099, dtype=torch.bfloat16)", Tensors.scalar(0.11).bfloat16());
        prints("tensor([inf, inf])", tensor(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
        prints("tensor([0., 0., nan])", tensor(0.0, 0, Double.NaN));
        prints("tensor([9223372036854775807,                   0])", tensor(Long.MAX_VALUE, 0L));
    }

    @Test
    void suffixes() {
        prints("tensor([], size=(0, 3), dtype=torch.bool)", Tensors.zeros(DType.BOOL, 0, 3));
        prints(
                "tensor([], size=(2, 0), requires_grad=True)",
                Tensors.zeros(2, 0).requiresGrad_());
        prints(
                "tensor([1.], dtype=torch.float64, requires_grad=True)",
                Tensors.ones(DType.FLOAT64, 1).requiresGrad_());
        prints(
                "tensor(3., dtype=torch.float64, grad_fn=<SumBackward0>)",
                Tensors.ones(DType.FLOAT64, 3).requiresGrad_().sum());
        // a suffix that does not fit goes on a line of its own
        prints("""
                tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.],
                       requires_grad=True)
                """, Tensors.ones(18).requiresGrad_());
        prints("""
                tensor([[1., 1.],
                        [1., 1.]], dtype=torch.float16)
                """, Tensors.ones(DType.FLOAT16, 2, 2));
        prints("""
                tensor([[1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.]], dtype=torch.float64,
                       grad_fn=<MulBackward0>)
                """, Tensors.ones(DType.FLOAT64, 1, 12).requiresGrad_().mul(1));
    }

    @Test
    void theDefaultTypeNeedsNoName() {
        Tensors.setDefaultDType(DType.FLOAT64);
        try {
            prints("tensor([1., 1.])", Tensors.ones(DType.FLOAT64, 2));
            prints("tensor([1., 1.], dtype=torch.float32)", Tensors.ones(DType.FLOAT32, 2));
            assertEquals(DType.FLOAT64, Tensors.rand(2).dtype());
        } finally {
            Tensors.setDefaultDType(DType.FLOAT32);
        }
    }

    @Test
    void summaries() {
        prints("""
                tensor([[[0., 0., 0.,  ..., 0., 0., 0.],
                         [0., 0., 0.,  ..., 0., 0., 0.]],

                        [[0., 0., 0.,  ..., 0., 0., 0.],
                         [0., 0., 0.,  ..., 0., 0., 0.]]])
                """, Tensors.zeros(2, 2, 300));
        prints("""
                tensor([[[[0.],
                          [0.],
                          [0.],
                          ...,
                          [0.],
                          [0.],
                          [0.]]]])
                """, Tensors.zeros(1, 1, 1001, 1));
        // only what is shown decides about the format
        prints(
                "tensor([1., 1., 1.,  ..., 1., 1., 1.])",
                Tensors.cat(List.of(Tensors.ones(3), Tensors.full(0.5, 1000), Tensors.ones(3)), 0));
    }

    @Test
    void options() {
        try {
            Tensors.setPrintOptions(PrintOptions.DEFAULT.withPrecision(2));
            prints("tensor([ 0.33, -1.00])", tensor(1 / 3.0, -1));
            prints("tensor([1.00e-05, 1.00e+00])", tensor(1e-5, 1));
            Tensors.setPrintOptions(PrintOptions.DEFAULT.withThreshold(5).withEdgeItems(1));
            prints("""
                    tensor([[1,  ..., 1],
                            ...,
                            [1,  ..., 1]])
                    """, Tensors.ones(DType.INT64, 4, 3));
            Tensors.setPrintOptions(PrintOptions.SHORT);
            prints("tensor([0.50, 0.50,  ..., 0.50, 0.50])", Tensors.full(0.5, 2000));
            Tensors.setPrintOptions(PrintOptions.FULL);
            assertEquals(
                    2000,
                    Tensors.zeros(2000).toString().chars().filter(c -> c == '0').count());
            Tensors.setPrintOptions(PrintOptions.DEFAULT.withLineWidth(20));
            prints("""
                    tensor([0, 1, 2, 3,
                            4, 5])
                    """, Tensors.arange(6));
            // as in PyTorch the columns keep the width that they would have had
            Tensors.setPrintOptions(PrintOptions.DEFAULT.withSciMode(false));
            prints("tensor([    0.0000,     1.0000])", tensor(1e-5, 1));
            Tensors.setPrintOptions(PrintOptions.DEFAULT.withSciMode(true));
            prints("tensor([1.0000e+00, 2.0000e+00])", tensor(1.0, 2));
            prints("tensor([1, 2])", tensor(1L, 2));
            assertEquals(true, Tensors.printOptions().sciMode());
        } finally {
            Tensors.setPrintOptions(PrintOptions.DEFAULT);
        }
        assertThrows(IllegalArgumentException.class, () -> PrintOptions.DEFAULT.withLineWidth(0));
    }
}
