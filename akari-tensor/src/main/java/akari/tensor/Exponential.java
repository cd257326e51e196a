package akari.tensor;

import akari.core.DType;
import java.lang.foreign.MemorySegment;

/**
 * The exponential of matrices: the Padé approximant of degree 13 of the matrix scaled down by a power of two, squared as often (N. J.
 * Higham, "The scaling and squaring method for the matrix exponential revisited", 2005). Written in tensor operations, so that its
 * gradients come from the tape.
 */
final class Exponential {
    /** Up to this 1-norm the approximant is exact in double precision. */
    private static final double BOUND = 5.371920351148152;

    /** Coefficients of the numerator; the denominator has the same with alternating signs. */
    private static final double[] C = coefficients();

    private Exponential() {}

    private static double[] coefficients() {
        double[] c = new double[14];
        c[13] = 1;
        for (int j = 12; j >= 0; j--) {
            c[j] = c[j + 1] * (j + 1) * (26 - j) / (13 - j);
        }
        return c;
    }

    static Tensor of(Tensor a) {
        if (a.numel() == 0) {
            return a.clone();
        }
        return Tape.composite("matrixExp", () -> {
            Tensor norm = a.detach().abs().sum(-2).amax(new int[] {-1}, false);
            double[] norms = norm.toDoubles();
            double[] scales = new double[norms.length];
            double[] squarings = new double[norms.length];
            int most = 0;
            for (int i = 0; i < norms.length; i++) {
                int s = norms[i] > BOUND && norms[i] < Double.POSITIVE_INFINITY
                        ? Math.getExponent(norms[i] / BOUND) + 1
                        : 0;
                squarings[i] = s;
                scales[i] = Math.scalb(1.0, -s);
                most = Math.max(most, s);
            }
            Tensor x = approximant(a.mul(each(scales, a)));
            Tensor left = each(squarings, a);
            for (int i = 0; i < most; i++) {
                x = x.matmul(x).where(left.gt(i), x);
            }
            return x;
        });
    }

    /** A number for each matrix. */
    private static Tensor each(double[] values, Tensor a) {
        return MatrixParts.upload(
                        a, DType.FLOAT64, MatrixParts.shape(MatrixParts.batch(a), 1, 1), MemorySegment.ofArray(values))
                .to(a.dtype());
    }

    private static Tensor approximant(Tensor a) {
        Tensor eye = MatrixParts.eye(a.dtype(), a);
        Tensor a2 = a.matmul(a);
        Tensor a4 = a2.matmul(a2);
        Tensor a6 = a2.matmul(a4);
        Tensor odd = a.matmul(a6.matmul(sum(a6, C[13], a4, C[11], a2, C[9]))
                .add(sum(a6, C[7], a4, C[5], a2, C[3]))
                .add(eye.mul(C[1])));
        Tensor even = a6.matmul(sum(a6, C[12], a4, C[10], a2, C[8]))
                .add(sum(a6, C[6], a4, C[4], a2, C[2]))
                .add(eye.mul(C[0]));
        return Linalg.solve(even.sub(odd), even.add(odd));
    }

    private static Tensor sum(Tensor x, double a, Tensor y, double b, Tensor z, double c) {
        return x.mul(a).add(y.mul(b)).add(z.mul(c));
    }
}
