package akari.backend;

import akari.backend.Terms.Term;
import akari.core.DType;
import akari.formula.Expr;
import akari.formula.Formula;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference backend with rounding errors thrown by dice (Monte Carlo arithmetic, Parker 1997): what any backend that computes in
 * the type's own precision may make of an operation. Where the results of several throws differ, the operation does not determine
 * that digit; where they agree, a backend that disagrees is wrong.
 *
 * <p>Formulas, sums and products round every step, up or down by a unit in the last place where it was inexact, so that they
 * cancel, overflow and vanish on the way as they would in float32. The other operations see operands that are moved by a unit and
 * give results that are moved by one. What only moves, compares or selects elements is exact.
 */
public final class RandomRounding implements InvocationHandler {
    /** Units in the last place by which a transcendental function may be off. */
    private static final int FUNCTION = 4;
    /** Up to here products of two, and sums of some, are whole numbers that float32 holds. */
    private static final double WHOLE = 1 << 11;
    /** From here on products may leave float32's range. */
    private static final double LARGE = 1e15;

    private static final Set<String> EXACT =
            Set.of("gather", "sort", "maxPool", "pointwise", "allocate", "upload", "download");
    private static final Set<Object> SELECTING = Set.of(
            Scan.MAX,
            Scan.MIN,
            Combine.SET,
            Combine.MAX,
            Combine.MIN,
            ReduceOp.MAX,
            ReduceOp.MIN,
            ReduceOp.ARGMAX,
            ReduceOp.ARGMIN,
            ReduceOp.ANY,
            ReduceOp.ALL);
    private static final Set<String> OF_WHOLE = Set.of(
            "matmul",
            "convolution",
            "convolutionInputGradient",
            "convolutionWeightGradient",
            "averagePool",
            "averagePoolGradient",
            "scan",
            "scatter");
    private static final Set<String> RESULTS = Set.of("out", "index", "gx", "gw", "gb");

    private final ReferenceBackend reference;
    private final Random random;
    private boolean overflows;

    public RandomRounding(ReferenceBackend reference, Random random) {
        this.reference = reference;
        this.random = random;
    }

    public Backend backend() {
        return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, this);
    }

    /** Whether anything since the last question was so large that float32 may overflow on the way to a result that it holds. */
    public boolean overflows() {
        boolean before = overflows;
        overflows = false;
        return before;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String name = method.getName();
        if (args != null && name.equals("pointwise")) {
            DType compute = (DType) args[1];
            if (compute.isFloating()) {
                pointwise((Kernel) args[0], compute, (double[]) args[2], (View[]) args[3], (View[]) args[4]);
                return null;
            }
        } else if (args != null && name.equals("reduce")) {
            View in = (View) args[1];
            if (in.dtype().isFloating() && (args[0] == ReduceOp.SUM || args[0] == ReduceOp.PROD)) {
                reduce(args[0] == ReduceOp.SUM ? Expr.Op.ADD : Expr.Op.MUL, in, (View) args[2]);
                return null;
            }
        } else if (name.equals("factorizations")) {
            Factorizations all = reference.factorizations();
            return Proxy.newProxyInstance(
                    Backend.class.getClassLoader(),
                    new Class<?>[] {Factorizations.class},
                    (_, m, a) -> decompose(all, m, a));
        } else if (method.isDefault() && method.getDeclaringClass() == Backend.class && args != null) {
            return InvocationHandler.invokeDefault(proxy, method, args);
        } else if (args != null && !exact(name, args)) {
            return moved(method, args);
        }
        return call(reference, method, args);
    }

    private static boolean exact(String name, @Nullable Object[] args) {
        return EXACT.contains(name) || Arrays.stream(args).anyMatch(a -> a instanceof Enum<?> && SELECTING.contains(a));
    }

    private static @Nullable Object call(Object on, Method method, @Nullable Object @Nullable [] args)
            throws Throwable {
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private @Nullable Object decompose(Factorizations all, Method method, @Nullable Object[] args) throws Throwable {
        move((View) args[0], false, 1);
        Object value = call(all, method, args);
        // what becomes infinite on the way may be NaN by another order of the same steps
        for (Object a : args) overflows |= a instanceof View v && !isFinite(v);
        return value;
    }

    private @Nullable Object moved(Method method, @Nullable Object[] args) throws Throwable {
        boolean whole = OF_WHOLE.contains(method.getName());
        boolean statistics = method.getName().equals("batchNorm");
        @Nullable Object[] changed = args.clone();
        List<View> results = new ArrayList<>();
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < args.length; i++) {
            if (!(args[i] instanceof View v) || !v.dtype().isFloating()) continue;
            String name = parameters[i].getName();
            if (RESULTS.contains(name) || statistics && (name.equals("mean") || name.equals("variance"))) {
                results.add(v);
            } else {
                View copy = copy(v);
                move(copy, whole, 1);
                changed[i] = copy;
            }
        }
        Object value = call(reference, method, changed);
        results.forEach(v -> move(v, true, steps(method.getName(), args)));
        return value;
    }

    private static boolean isFinite(View v) {
        boolean finite = true;
        Rows rows = Rows.anyOrder(v);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) finite &= Double.isFinite(Memory.get(v.dtype(), rows.at(0, i)));
        }
        return finite;
    }

    private View copy(View v) {
        Buffer b = reference.allocate(v.buffer().bytes());
        MemorySegment.copy(Memory.ALL, v.buffer().address(), Memory.ALL, b.address(), b.bytes());
        return new View(b, v.dtype(), v.layout());
    }

    /** By how many units a sum may be off: one a product, as the same rounding may come each time (Higham 2002, section 3.1). */
    private static int steps(String name, @Nullable Object[] args) {
        long products = 1;
        if (name.equals("matmul") && args[0] instanceof View a) {
            products = a.shape().get(-1);
        } else if (name.startsWith("convolution") && args[2] instanceof View v) {
            // the weight of a filter, or of an input channel; the upstream gradient of an output channel
            products = v.numel() / Math.max(1, v.shape().get(name.equals("convolution") ? 0 : 1));
        }
        return (int) Math.clamp(products, 1, 1 << 20);
    }

    /** Each element of a view by some units in its last place; small whole numbers not, if these are exact. */
    private void move(View v, boolean whole, int units) {
        if (v.numel() == 0 || !v.dtype().isFloating()) return;
        Rows rows = Rows.anyOrder(v);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                double x = Memory.get(v.dtype(), rows.at(0, i));
                overflows |= Double.isFinite(x) && Math.abs(x) > LARGE;
                if (whole && x == Math.rint(x) && Math.abs(x) <= WHOLE) continue;
                Memory.set(v.dtype(), rows.at(0, i), x + (random.nextInt(2 * units + 1) - units) * unit(v.dtype(), x));
            }
        }
    }

    // ---- sums and products

    private void reduce(Expr.Op op, View in, View out) {
        long[] strides = Layout.contiguous(out.shape()).strides();
        for (int d = 0; d < strides.length; d++) {
            if (out.shape().get(d) != in.shape().get(d)) strides[d] = 0;
        }
        List<List<Double>> groups = new ArrayList<>();
        for (long i = 0; i < out.numel(); i++) groups.add(new ArrayList<>());
        // a byte stands for each result: only its address is looked at
        View places = new View(in.buffer(), DType.BOOL, Layout.of(in.shape(), strides, 0));
        Rows rows = Rows.ordered(in, places);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                groups.get((int) (rows.at(1, i) - in.buffer().address())).add(Memory.get(in.dtype(), rows.at(0, i)));
            }
        }
        DType compute = in.dtype().compute();
        rows = Rows.ordered(out, new View(in.buffer(), DType.BOOL, Layout.contiguous(out.shape())));
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                List<Double> group =
                        groups.get((int) (rows.at(1, i) - in.buffer().address()));
                Collections.shuffle(group, random);
                double sum = op == Expr.Op.ADD ? 0 : 1;
                for (double x : group) sum = binary(compute, op, sum, x);
                Memory.set(out.dtype(), rows.at(0, i), sum);
            }
        }
    }

    // ---- formulas

    private void pointwise(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        List<View> views = new ArrayList<>(List.of(outputs));
        views.addAll(List.of(inputs));
        Terms terms = kernel.terms();
        double[] r = new double[terms.size()];
        Rows rows = Rows.anyOrder(views.toArray(View[]::new));
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                for (int k = 0; k < r.length; k++) {
                    Term t = terms.get(k);
                    r[k] = switch (t.head()) {
                        case Expr.In(int n) ->
                            Conversions.round(compute, Memory.get(inputs[n].dtype(), rows.at(outputs.length + n, i)));
                        case Expr.Scalar(int n) -> Conversions.round(compute, scalars[n]);
                        case Expr.Const(double v) -> Conversions.round(compute, v);
                        default -> step(compute, t, r);
                    };
                }
                for (int v = 0; v < outputs.length; v++) {
                    Memory.set(outputs[v].dtype(), rows.at(v, i), r[terms.result(v)]);
                }
            }
        }
    }

    private double step(DType compute, Term t, double[] r) {
        double a = r[t.a()];
        double b = r[t.b()];
        double c = r[t.c()];
        return switch (t.head()) {
            case Expr.Fn fn -> unary(compute, fn, a);
            case Expr.Op op -> binary(compute, op, a, b);
            case Terms.Fused _ when random.nextBoolean() -> rounded(compute, Math.fma(a, b, c), false, 1);
            case Terms.Fused _ -> binary(compute, Expr.Op.ADD, binary(compute, Expr.Op.MUL, a, b), c);
            case Expr.Cmp cmp -> Formula.compare(cmp, a, b) ? c : r[t.d()];
            default -> throw new AssertionError(t);
        };
    }

    private double unary(DType compute, Expr.Fn fn, double a) {
        double v = Formula.unary(fn, a);
        return switch (fn) {
            case NEG, ABS, SIGN, FLOOR, CEIL, ROUND, TRUNC -> v;
            case SQRT -> rounded(compute, v, Math.fma(v, v, -a) == 0, 1);
            default -> rounded(compute, v, v == 0, FUNCTION);
        };
    }

    private double binary(DType compute, Expr.Op op, double a, double b) {
        double v = Formula.binary(op, a, b);
        return switch (op) {
            case MIN, MAX, FMOD, COPYSIGN, AND, OR, XOR, SHL, SHR -> v;
            case ADD -> rounded(compute, v, exactSum(a, b, v), 1);
            case SUB -> rounded(compute, v, exactSum(a, -b, v), 1);
            case MUL -> rounded(compute, v, Math.fma(a, b, -v) == 0, 1);
            case DIV -> rounded(compute, v, Math.fma(v, b, -a) == 0, 1);
            case POW, ATAN2, HYPOT, POLYGAMMA -> rounded(compute, v, v == 0, FUNCTION);
        };
    }

    /** Whether {@code v = a + b} without an error (Knuth's two-sum). */
    private static boolean exactSum(double a, double b, double v) {
        double rest = v - a;
        return a - (v - rest) + (b - rest) == 0;
    }

    private double rounded(DType compute, double v, boolean exact, int units) {
        double r = Conversions.round(compute, v);
        if (!Double.isFinite(r) || exact && r == v) return r;
        // hardware may flush what is below the normal numbers
        if (compute == DType.FLOAT32 && Math.abs(r) < Float.MIN_NORMAL && random.nextInt(3) == 0)
            return Math.copySign(0, r);
        return Conversions.round(compute, r + (random.nextInt(2 * units + 1) - units) * unit(compute, r));
    }

    /** The distance of a type's numbers at {@code v}. */
    public static double unit(DType type, double v) {
        if (!Double.isFinite(v)) return 0;
        return switch (type) {
            case FLOAT64 -> Math.ulp(v);
            case FLOAT32 -> Math.abs(v) > Float.MAX_VALUE ? 0x1p104 : Math.ulp((float) v);
            case BFLOAT16 -> 0x1p16 * Math.min(0x1p104, Math.ulp((float) v));
            case FLOAT16 -> Math.max(0x1p-24, 0x1p13 * Math.ulp((float) v));
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> 0;
        };
    }
}
