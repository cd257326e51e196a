package akari.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import akari.backend.Conversions;
import akari.core.DType;
import akari.core.Shape;
import akari.formula.Expr;
import akari.formula.Formula;
import akari.formula.Pointwise;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pointwise operation of every family: values, slopes and gradients, in all layouts and at the values where naive formulas fail. */
class PointwiseTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /** Sensible for every operation: bounds in order, a positive beta, lambda and alpha. */
    private static final double[] SCALARS = {0.3, 0.9, 1.2};

    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        0.3,
        -0.3,
        0.5,
        -0.5,
        0.9,
        1,
        -1,
        1.5,
        -1.5,
        2.5,
        -2.5,
        3,
        -3,
        6,
        -6,
        20,
        -20,
        88,
        -88,
        800,
        -800,
        1e-3,
        -1e-3,
        1e-30,
        -1e-30,
        1e30,
        -1e30,
        INF,
        -INF,
        Double.NaN
    };

    /** Their slopes have no limit where both operands are 0, and are NaN there as in PyTorch. */
    private static final Set<String> CORNERS = Set.of("atan2", "hypot", "xlogy");

    private static final DType[] FLOATING = {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64};

    static List<Families.Named> operations() {
        return Families.pointwise();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void valuesInEveryTypeAndLayout(Families.Named op) {
        for (DType type : FLOATING) {
            double[][] in = points(op.formula().arity(), type);
            Shape shape = Shape.of(2, 4, in[0].length / 32, 4);
            double[] first = check(op.formula(), type, in, shape);
            for (Arrangement a : Arrangement.values()) {
                Tensor[] x = tensors(type, in, shape, a, Arrangement.CONTIGUOUS);
                assertSame(first, apply(op.formula(), type, x).toDoubles(), op + " " + type + " " + a);
                if (x.length > 1) {
                    Tensor[] all = tensors(type, in, shape, a, a);
                    assertSame(first, apply(op.formula(), type, all).toDoubles(), op + " " + type + " all " + a);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void broadcastScalarAndEmpty(Families.Named op) {
        int arity = op.formula().arity();
        for (DType type : FLOATING) {
            Tensor[] empty = new Tensor[arity];
            Arrays.setAll(empty, i -> Tensors.zeros(type, 3, 0, 2));
            assertEquals(Shape.of(3, 0, 2), apply(op.formula(), type, empty).shape());

            Tensor[] scalar = new Tensor[arity];
            Arrays.setAll(scalar, i -> Tensors.full(type, 0.75 - i));
            double[] values = new double[arity];
            Arrays.setAll(values, i -> 0.75 - i);
            Tensor y = apply(op.formula(), type, scalar);
            assertEquals(Shape.SCALAR, y.shape());
            requireClose(op.formula(), type, y.item(), values);

            Tensor[] mixed = new Tensor[arity];
            Arrays.setAll(
                    mixed,
                    i -> Golden.tensor(type, 40 + i, 2, 0, i % 2 == 0 ? new long[] {5, 1, 4} : new long[] {3, 1}));
            Tensor[] whole = new Tensor[arity];
            Shape common = arity == 1 ? mixed[0].shape() : Shape.of(5, 3, 4);
            Arrays.setAll(whole, i -> mixed[i].expand(common.toArray()).contiguous());
            Tensor got = apply(op.formula(), type, mixed);
            assertEquals(common, got.shape());
            assertSame(apply(op.formula(), type, whole).toDoubles(), got.toDoubles(), op + " broadcast");

            Tensor[] expanded = new Tensor[arity];
            Arrays.setAll(expanded, i -> mixed[i].expand(common.toArray()));
            assertSame(got.toDoubles(), apply(op.formula(), type, expanded).toDoubles(), op + " expanded");
        }
    }

    /** A written-out slope against the derivative of the formula, both against finite differences; ties and kinks left out. */
    @ParameterizedTest
    @MethodSource("operations")
    void slopesAreTheDerivative(Families.Named op) {
        Pointwise f = op.formula();
        for (int i = 0; i < f.arity(); i++) {
            Expr derived = Formula.derivative(f.value(), i);
            int smooth = 0;
            for (int k = 0; k < 200 || k < 2000 && smooth <= 60; k++) {
                double[] x = new double[f.arity()];
                for (int j = 0; j < x.length; j++) {
                    x[j] = 4 * Golden.v(60 + j, k);
                }
                double y = Formula.eval(f.value(), SCALARS, x);
                double[] withResult = Arrays.copyOf(x, x.length + 1);
                withResult[x.length] = y;
                double slope = Formula.eval(f.slope(i), SCALARS, withResult);
                double left = difference(f, x, i, -1e-5);
                double right = difference(f, x, i, 1e-5);
                double scale = Math.max(1, Math.abs(slope));
                if (Double.isNaN(y) || Math.abs(left - right) > 1e-3 * scale || scale > 1e3) {
                    continue;
                }
                smooth++;
                assertEquals(
                        slope,
                        Formula.eval(derived, SCALARS, x),
                        1e-11 * scale,
                        op + " derived at " + Arrays.toString(x));
                assertEquals(slope, (left + right) / 2, 1e-6 * scale, op + " differences at " + Arrays.toString(x));
            }
            assertTrue(smooth > 60, op + " was compared at " + smooth + " points only");
        }
    }

    private static double difference(Pointwise f, double[] x, int i, double h) {
        double[] there = x.clone();
        there[i] += h;
        return (Formula.eval(f.value(), SCALARS, there) - Formula.eval(f.value(), SCALARS, x)) / h;
    }

    /** Evaluated in float32 step by step, no intermediate overflow may turn a number into NaN. */
    @ParameterizedTest
    @MethodSource("operations")
    void noIntermediateOverflow(Families.Named op) {
        Pointwise f = op.formula();
        double[][] in = points(f.arity(), DType.FLOAT32);
        for (int k = 0; k < in[0].length; k++) {
            double[] x = column(in, k);
            if (!Arrays.stream(x).allMatch(Double::isFinite)) {
                continue;
            }
            double y = Formula.eval(f.value(), SCALARS, x);
            if (Double.isNaN(y)) {
                continue;
            }
            float stepwise = (float) stepwise(f.value(), x);
            assertFalse(Float.isNaN(stepwise), op + " at " + Arrays.toString(x));
            double[] withResult = Arrays.copyOf(x, x.length + 1);
            withResult[x.length] = stepwise;
            for (int i = 0; i < f.arity(); i++) {
                double slope = Formula.eval(f.slope(i), SCALARS, withResult);
                assertTrue(
                        Double.isNaN(slope) || !Double.isNaN(stepwise(f.slope(i), withResult)),
                        op + " slope " + i + " at " + Arrays.toString(x) + " is " + slope + " in double");
            }
        }
    }

    private static double stepwise(Expr e, double[] in) {
        return (float)
                switch (e) {
                    case Expr.In(int i) -> in[i];
                    case Expr.Scalar(int i) -> SCALARS[i];
                    case Expr.Const(double v) -> v;
                    case Expr.Unary(Expr.Fn fn, Expr a) -> Formula.unary(fn, stepwise(a, in));
                    case Expr.Binary(Expr.Op op, Expr a, Expr b) ->
                        Formula.binary(op, stepwise(a, in), stepwise(b, in));
                    case Expr.Fma(Expr a, Expr b, Expr c) ->
                        Math.fma(stepwise(a, in), stepwise(b, in), stepwise(c, in));
                    case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                        stepwise(Formula.compare(cmp, stepwise(a, in), stepwise(b, in)) ? t : o, in);
                };
    }

    /** The tape's gradient is the slope times what comes in, in every layout; and where the value is finite, it is not NaN. */
    @ParameterizedTest
    @MethodSource("operations")
    void gradientsInEveryTypeAndLayout(Families.Named op) {
        Pointwise f = op.formula();
        for (DType type : FLOATING) {
            double[][] in = points(f.arity(), type);
            Shape shape = Shape.of(2, 4, in[0].length / 32, 4);
            double[][] first =
                    gradients(f, type, tensors(type, in, shape, Arrangement.CONTIGUOUS, Arrangement.CONTIGUOUS));
            double[] y = apply(f, type, tensors(type, in, shape, Arrangement.CONTIGUOUS, Arrangement.CONTIGUOUS))
                    .toDoubles();
            for (int i = 0; i < f.arity(); i++) {
                for (int k = 0; k < y.length; k++) {
                    requireSlope(op, type, i, column(in, k), y[k], first[i][k]);
                }
            }
            for (Arrangement a : Arrangement.values()) {
                double[][] g = gradients(f, type, tensors(type, in, shape, a, Arrangement.CONTIGUOUS));
                for (int i = 0; i < f.arity(); i++) {
                    assertSame(first[i], g[i], op + " gradient " + i + " " + type + " " + a);
                }
            }
        }
    }

    private static void requireSlope(Families.Named op, DType type, int i, double[] x, double y, double got) {
        Pointwise f = op.formula();
        double[] withResult = Arrays.copyOf(x, x.length + 1);
        withResult[x.length] = y;
        double expected = Formula.eval(f.slope(i), SCALARS, withResult);
        String where = op + " gradient " + i + " in " + type + " at " + Arrays.toString(x) + ": got " + got;
        boolean powOfNegative = f.name().equals("pow") && i == 1 && x[0] < 0;
        boolean finiteInputs = Arrays.stream(x).allMatch(Double::isFinite);
        boolean corner = CORNERS.contains(f.name()) && Double.isNaN(expected);
        if (Double.isFinite(y) && Double.isNaN(got) && !powOfNegative && !corner && (finiteInputs || f.arity() == 1)) {
            fail(where + " though the value is " + y);
        }
        if (Double.isNaN(expected)) {
            return;
        }
        Enclosure e =
                Enclosure.of(f.slope(i), type.compute(), SCALARS, withResult).rounded(type);
        if (!e.contains(got) && !(e.mayBeNaN() && close(Conversions.round(type, expected), got, 1e-5))) {
            fail(where + ", expected " + expected + " within [" + e.low() + ", " + e.high() + "]");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void firstAndSecondDerivativesBySmoothPoints(Families.Named op) {
        Pointwise f = op.formula();
        // away from every kink of every operation (0, the scalars, integers, halves), and positive for logarithms
        List<double[]> points = new ArrayList<>();
        for (double[] line : new double[][] {{0.13, 0.31}, {0.43, 0.26}, {1.37, 0.33}, {2.23, -0.41}}) {
            double[] p = new double[f.arity()];
            Arrays.setAll(p, i -> line[0] + line[1] * i);
            if (!Double.isNaN(Formula.eval(f.value(), SCALARS, p))) {
                points.add(p);
            }
        }
        assertTrue(points.size() >= 2, op + " is a number at " + points.size() + " points");
        Tensor[] in = new Tensor[f.arity()];
        for (int i = 0; i < in.length; i++) {
            int at = i;
            in[i] = Tensors.of(
                            DType.FLOAT64,
                            points.stream().mapToDouble(p -> p[at]).toArray(),
                            Shape.of(points.size()))
                    .requiresGrad_();
        }
        GradCheck.Function g = x -> apply(f, DType.FLOAT64, x);
        GradCheck.gradcheck(g, in);
        GradCheck.gradgradcheck(g, in);
    }

    /** Integer arithmetic is exact, in 64 bits, and its result wraps around, for the formulas that integers allow. */
    @ParameterizedTest
    @MethodSource("operations")
    void integers(Families.Named op) {
        Pointwise f = op.formula();
        if (!integral(f.value())) {
            return;
        }
        long[] values = {0, 1, -1, 2, -3, 7, 127, -128, 255, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
        double[] scalars = {2, 5, 3};
        int n = (int) Math.pow(values.length, f.arity());
        for (DType type : new DType[] {DType.UINT8, DType.INT8, DType.INT16, DType.INT32, DType.INT64}) {
            long[][] in = new long[f.arity()][n];
            for (int k = 0; k < n; k++) {
                for (int i = 0, rest = k; i < f.arity(); i++, rest /= values.length) {
                    in[i][k] = Conversions.wrap(type, values[rest % values.length]);
                }
            }
            Tensor[] x = new Tensor[f.arity()];
            Arrays.setAll(x, i -> Tensors.tensor(in[i]).to(type));
            Tensor y = Elementwise.apply(f, Arrays.copyOf(scalars, f.scalars()), type, x);
            assertEquals(type, y.dtype());
            long[] got = y.toLongs();
            for (int k = 0; k < n; k++) {
                int at = k;
                long[] point = new long[f.arity()];
                Arrays.setAll(point, i -> in[i][at]);
                long expected = Conversions.wrap(type, exact(f.value(), scalars, point));
                assertEquals(expected, got[k], op + " of " + type + " at " + Arrays.toString(point));
            }
        }
    }

    private static boolean integral(Expr e) {
        return switch (e) {
            case Expr.In _, Expr.Scalar _ -> true;
            case Expr.Const(double v) -> v == Math.rint(v) && Math.abs(v) < 1e15;
            case Expr.Unary(Expr.Fn fn, Expr a) ->
                (fn == Expr.Fn.NEG || fn == Expr.Fn.ABS || fn == Expr.Fn.SIGN) && integral(a);
            case Expr.Binary(Expr.Op op, Expr a, Expr b) ->
                switch (op) {
                    case ADD, SUB, MUL, MIN, MAX, COPYSIGN, AND, OR, XOR, SHL, SHR -> integral(a) && integral(b);
                    case DIV, POW, FMOD, ATAN2, HYPOT, POLYGAMMA -> false;
                };
            case Expr.Fma(Expr a, Expr b, Expr c) -> integral(a) && integral(b) && integral(c);
            case Expr.Select(Expr.Cmp _, Expr a, Expr b, Expr t, Expr o) ->
                integral(a) && integral(b) && integral(t) && integral(o);
        };
    }

    private static long exact(Expr e, double[] s, long[] in) {
        return switch (e) {
            case Expr.In(int i) -> in[i];
            case Expr.Scalar(int i) -> (long) s[i];
            case Expr.Const(double v) -> (long) v;
            case Expr.Unary(Expr.Fn fn, Expr a) -> {
                long x = exact(a, s, in);
                yield fn == Expr.Fn.NEG ? -x : fn == Expr.Fn.ABS ? Math.abs(x) : Long.signum(x);
            }
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> {
                long x = exact(a, s, in);
                long y = exact(b, s, in);
                yield switch (op) {
                    case ADD -> x + y;
                    case SUB -> x - y;
                    case MUL -> x * y;
                    case MIN -> Math.min(x, y);
                    case MAX -> Math.max(x, y);
                    case COPYSIGN -> Math.abs(x) * (y < 0 ? -1 : 1);
                    case AND -> x & y;
                    case OR -> x | y;
                    case XOR -> x ^ y;
                    case SHL -> y < 0 || y > 63 ? 0 : x << y;
                    case SHR -> x >> (y < 0 || y > 63 ? 63 : y);
                    case DIV, POW, FMOD, ATAN2, HYPOT, POLYGAMMA -> throw new AssertionError(op);
                };
            }
            case Expr.Fma(Expr a, Expr b, Expr c) -> exact(a, s, in) * exact(b, s, in) + exact(c, s, in);
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) -> {
                int c = Long.compare(exact(a, s, in), exact(b, s, in));
                yield exact(Formula.compare(cmp, c, 0) ? t : o, s, in);
            }
        };
    }

    // ---- helpers

    /** The special values, for two and three operands in pairs, then random ones up to a multiple of 32. */
    private static double[][] points(int arity, DType type) {
        List<double[]> points = new ArrayList<>();
        for (double a : SPECIAL) {
            if (arity == 1) {
                points.add(new double[] {a});
            } else {
                for (double b : SPECIAL) {
                    points.add(arity == 2 ? new double[] {a, b} : new double[] {a, b, points.size() % 3 - 1});
                }
            }
        }
        for (int k = 0; k < 200 || points.size() % 32 != 0; k++) {
            double[] p = new double[arity];
            for (int i = 0; i < arity; i++) {
                p[i] = 5 * Golden.v(70 + i, k);
            }
            points.add(p);
        }
        double[][] in = new double[arity][points.size()];
        for (int k = 0; k < points.size(); k++) {
            for (int i = 0; i < arity; i++) {
                double v = points.get(k)[i];
                in[i][k] = Conversions.round(type, v);
            }
        }
        return in;
    }

    private static double[] column(double[][] in, int k) {
        double[] x = new double[in.length];
        Arrays.setAll(x, i -> in[i][k]);
        return x;
    }

    private static Tensor[] tensors(DType type, double[][] in, Shape shape, Arrangement first, Arrangement others) {
        Tensor[] x = new Tensor[in.length];
        Arrays.setAll(x, i -> (i == 0 ? first : others).of(Tensors.of(type, in[i], shape)));
        return x;
    }

    private static Tensor apply(Pointwise f, DType type, Tensor... in) {
        return Elementwise.apply(f, Arrays.copyOf(SCALARS, f.scalars()), type, in);
    }

    private static double[][] gradients(Pointwise f, DType type, Tensor[] in) {
        for (Tensor t : in) {
            t.requiresGrad_();
        }
        Tensor y = apply(f, type, in);
        y.backward(Tensors.ones(type, y.shape().toArray()));
        double[][] out = new double[in.length][];
        for (int i = 0; i < in.length; i++) {
            out[i] = in[i].grad().toDoubles();
        }
        return out;
    }

    private static double[] check(Pointwise f, DType type, double[][] in, Shape shape) {
        double[] y = apply(f, type, tensors(type, in, shape, Arrangement.CONTIGUOUS, Arrangement.CONTIGUOUS))
                .toDoubles();
        for (int k = 0; k < y.length; k++) {
            requireClose(f, type, y[k], column(in, k));
        }
        return y;
    }

    private static void requireClose(Pointwise f, DType type, double got, double... x) {
        double[] scalars = Arrays.stream(SCALARS)
                .map(v -> Conversions.round(type.compute(), v))
                .toArray();
        Arrays.setAll(x, i -> Conversions.round(type, x[i]));
        double expected = Formula.eval(f.value(), scalars, x);
        String where = String.format(
                Locale.ROOT, "%s in %s at %s: got %s, expected %s", f, type, Arrays.toString(x), got, expected);
        if (Double.isNaN(expected)) {
            assertTrue(Double.isNaN(got), where);
            return;
        }
        Enclosure e = Enclosure.of(f.value(), type.compute(), scalars, x).rounded(type);
        if (!e.contains(got) && !(e.mayBeNaN() && close(Conversions.round(type, expected), got, 1e-5))) {
            fail(where + " within [" + e.low() + ", " + e.high() + "]");
        }
    }

    private static boolean close(double expected, double got, double relative) {
        return expected == got || Math.abs(expected - got) <= relative * Math.abs(expected);
    }

    /** Equal to the bit, but for the signs of zeros and the payloads of NaN: the layout must not matter. */
    private static void assertSame(double[] expected, double[] got, String what) {
        assertEquals(expected.length, got.length, what);
        for (int i = 0; i < got.length; i++) {
            if (expected[i] != got[i] && !(Double.isNaN(expected[i]) && Double.isNaN(got[i]))) {
                fail(what + ", element " + i + ": got " + got[i] + ", contiguous gives " + expected[i]);
            }
        }
    }
}
