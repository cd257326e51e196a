package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Autograd;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Compares gradients with finite differences, in double precision: the twin of {@code torch.autograd.gradcheck}.
 *
 * {@snippet :
 * GradCheck.gradcheck(in -> in[0].matmul(in[1]).tanh(), a, b);
 * }
 *
 * <p>A result of any shape is first multiplied by fixed weights and summed. Derivatives are taken by the five-point stencil with a
 * step of 1e-4 (times the element, if that is larger than 1), so the function must be smooth that far around its inputs: stay away
 * from kinks and ties.
 */
public final class GradCheck {
    private static final double STEP = 1e-4;
    private static final double TOLERANCE = 1e-7;

    /** What is differentiated. */
    @FunctionalInterface
    public interface Function {
        Tensor apply(Tensor[] in);
    }

    private GradCheck() {}

    /**
     * Checks the first derivatives with respect to every input that requires a gradient.
     *
     * @throws AssertionError that names the worst element
     */
    public static void gradcheck(Function f, Tensor... in) {
        @Nullable Tensor[] gradients = gradients(f, in);
        for (int i = 0; i < in.length; i++) {
            if (in[i].requiresGrad()) {
                if (in[i].dtype() != DType.FLOAT64) {
                    throw new IllegalArgumentException("gradcheck needs float64, input " + i + " is " + in[i].dtype());
                }
                Tensor g = gradients[i];
                double[] got = g == null ? new double[Math.toIntExact(in[i].numel())] : g.toDoubles();
                compare(i, in[i].shape(), got, new Differences(f, in, i));
            }
        }
    }

    /** Checks the second derivatives: those of the gradient, with respect to the inputs and to the gradient that comes in. */
    public static void gradgradcheck(Function f, Tensor... in) {
        Tensor out = Tensors.noGrad(() -> f.apply(in));
        Tensor seed = weights(out, 98).requiresGrad_();
        Tensor[] more = Arrays.copyOf(in, in.length + 1);
        more[in.length] = seed;
        gradcheck(
                all -> {
                    Tensor[] own = Arrays.copyOf(all, in.length);
                    Tensor y = f.apply(own);
                    List<Tensor> wanted = wanted(own);
                    List<@Nullable Tensor> g = y.requiresGrad()
                            ? Autograd.gradAllowUnused(List.of(y), wanted, List.of(all[in.length]), true, true)
                            : Collections.nCopies(wanted.size(), null);
                    List<Tensor> flat = new ArrayList<>();
                    for (int i = 0; i < wanted.size(); i++) {
                        Tensor gi = g.get(i);
                        flat.add(
                                gi == null
                                        ? Tensors.zeros(
                                                DType.FLOAT64, wanted.get(i).numel())
                                        : gi.flatten());
                    }
                    return Tensors.cat(flat, 0);
                },
                more);
    }

    private static List<Tensor> wanted(Tensor[] in) {
        return Arrays.stream(in).filter(Tensor::requiresGrad).toList();
    }

    /** Gradients by the tape; null entries where the function does not depend on an input, or it needs none. */
    private static @Nullable Tensor[] gradients(Function f, Tensor[] in) {
        @Nullable Tensor[] out = new Tensor[in.length];
        Tensor y = f.apply(in);
        if (!y.requiresGrad()) {
            return out;
        }
        List<@Nullable Tensor> g =
                Autograd.gradAllowUnused(List.of(y), wanted(in), List.of(weights(y, 99)), false, false);
        for (int i = 0, j = 0; i < in.length; i++) {
            if (in[i].requiresGrad()) {
                out[i] = g.get(j++);
            }
        }
        return out;
    }

    private static Tensor weights(Tensor like, int stream) {
        return Golden.tensor(DType.FLOAT64, stream, 1, 0, like.shape().toArray());
    }

    /** Finite differences with respect to the elements of one input. */
    private static final class Differences {
        private final Function f;
        private final int input;
        private final double[] x;
        private final Tensor[] at;

        Differences(Function f, Tensor[] in, int input) {
            this.f = f;
            this.input = input;
            x = in[input].toDoubles();
            at = new Tensor[in.length];
            for (int j = 0; j < in.length; j++) {
                at[j] = in[j].dtype() == DType.FLOAT64
                        ? Tensors.of(DType.FLOAT64, in[j].toDoubles(), in[j].shape())
                                .requiresGrad_(in[j].requiresGrad())
                        : in[j];
            }
        }

        double slope(int k, double step) {
            double h = step * Math.max(1, Math.abs(x[k]));
            double far = at(f, at, input, x, k, 2 * h) - at(f, at, input, x, k, -2 * h);
            double near = at(f, at, input, x, k, h) - at(f, at, input, x, k, -h);
            return (8 * near - far) / (12 * h);
        }

        /**
         * Whether a disagreement at the usual step speaks of the function and not of the gradient: with smaller steps it goes where
         * the function is steep, and grows without bound where the function jumps; and at a kink, such as a tie, every slope between
         * those of the two sides is one. A wrong gradient's disagreement stays.
         */
        boolean excuses(int k, double got, double error, double tolerance) {
            double before = error;
            for (double step = STEP / 4; step > STEP / 100; step /= 4) {
                double now = Math.abs(got - slope(k, step));
                if (now <= tolerance || now > 3 * before) {
                    return true;
                }
                before = now;
            }
            double h = STEP / 64 * Math.max(1, Math.abs(x[k]));
            double here = at(f, at, input, x, k, 0);
            double right = (at(f, at, input, x, k, h) - here) / h;
            double left = (here - at(f, at, input, x, k, -h)) / h;
            double slack = 1e-3 * Math.abs(right - left);
            return slack > tolerance && got >= Math.min(left, right) - slack && got <= Math.max(left, right) + slack;
        }
    }

    private static double at(Function f, Tensor[] in, int i, double[] x, int k, double step) {
        double[] there = x.clone();
        there[k] += step;
        Tensor[] moved = in.clone();
        moved[i] = Tensors.of(DType.FLOAT64, there, in[i].shape()).requiresGrad_(in[i].requiresGrad());
        // gradients stay on: the function may itself differentiate
        Tensor y = f.apply(moved).detach();
        double[] values = y.toDoubles();
        double sum = 0;
        for (int j = 0; j < values.length; j++) {
            sum += values[j] * Golden.v(99, j);
        }
        return sum;
    }

    private static void compare(int input, Shape shape, double[] got, Differences differences) {
        double[] expected = new double[got.length];
        Arrays.setAll(expected, k -> differences.slope(k, STEP));
        double tolerance = TOLERANCE * Math.max(1, Tolerance.largest(expected));
        for (int k = 0; k < got.length; k++) {
            double error = Math.abs(got[k] - expected[k]);
            if (!(error <= tolerance) && !differences.excuses(k, got[k], error, tolerance)) {
                throw new AssertionError(String.format(
                        Locale.ROOT,
                        "gradient of input %d, shape %s, element %d: %.12g by the tape, %.12g by finite differences",
                        input,
                        shape,
                        k,
                        got[k],
                        expected[k]));
            }
        }
    }
}
