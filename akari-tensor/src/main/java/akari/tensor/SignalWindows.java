package akari.tensor;

import akari.core.DType;
import java.util.function.UnaryOperator;

/** Window functions of signal processing, of the default type. {@code periodic} ones, the default, serve Fourier transforms; others are symmetric. */
public abstract sealed class SignalWindows extends SizedTensors permits Tensors {
    SignalWindows() {}

    /** {@code (1 - cos(2πk/n)) / 2}. */
    public static Tensor hannWindow(int n) {
        return hannWindow(n, true);
    }

    public static Tensor hannWindow(int n, boolean periodic) {
        return hammingWindow(n, periodic, 0.5, 0.5);
    }

    public static Tensor hammingWindow(int n) {
        return hammingWindow(n, true);
    }

    public static Tensor hammingWindow(int n, boolean periodic) {
        return hammingWindow(n, periodic, 0.54, 0.46);
    }

    /** {@code alpha - beta·cos(2πk/n)}. */
    public static Tensor hammingWindow(int n, boolean periodic, double alpha, double beta) {
        return window(
                "hammingWindow",
                n,
                periodic,
                k -> k.mul(2 * Math.PI).cos().mul(-beta).add(alpha));
    }

    public static Tensor blackmanWindow(int n) {
        return blackmanWindow(n, true);
    }

    /** {@code 0.42 - 0.5·cos(2πk/n) + 0.08·cos(4πk/n)}. */
    public static Tensor blackmanWindow(int n, boolean periodic) {
        return window("blackmanWindow", n, periodic, k -> {
            Tensor second = k.mul(4 * Math.PI).cos().mul(0.08);
            return k.mul(2 * Math.PI).cos().mul(-0.5).add(second).add(0.42);
        });
    }

    public static Tensor bartlettWindow(int n) {
        return bartlettWindow(n, true);
    }

    /** A triangle. */
    public static Tensor bartlettWindow(int n, boolean periodic) {
        return window("bartlettWindow", n, periodic, k -> k.mul(2).sub(1).abs().rsub(1));
    }

    public static Tensor kaiserWindow(int n) {
        return kaiserWindow(n, true, 12);
    }

    public static Tensor kaiserWindow(int n, boolean periodic) {
        return kaiserWindow(n, periodic, 12);
    }

    /** {@code I₀(beta·√(1 - (2k/n - 1)²)) / I₀(beta)}. */
    public static Tensor kaiserWindow(int n, boolean periodic, double beta) {
        return window("kaiserWindow", n, periodic, k -> {
            Tensor inside = k.mul(2).sub(1).square().rsub(1).clamp(0, null).sqrt();
            return inside.mul(beta).i0().div(full(DType.FLOAT64, beta).i0());
        });
    }

    /** @param shape of {@code k/n}, which runs from 0 to 1, or just short of 1 */
    private static Tensor window(String op, int n, boolean periodic, UnaryOperator<Tensor> shape) {
        if (n < 0) {
            throw new IllegalArgumentException(op + ": a window of " + n + " numbers");
        }
        if (n == 1) {
            return ones(1);
        }
        Tensor k = arange(DType.FLOAT64, 0, n, 1).div(periodic ? n : n - 1);
        return shape.apply(k).to(defaultDType());
    }
}
