package akari.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Kernel;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Expr.Fn;
import akari.formula.Expr.Op;
import akari.formula.Formula;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelsTest {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1,
        -1,
        0.5f,
        -0.5f,
        1.5f,
        2.5f,
        -2.5f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        1e-30f,
        -1e-20f,
        0.9f,
        Math.nextDown(0.9f),
        0.625f,
        -0.625f,
        0.99999994f,
        -0.99999994f,
        3.9f,
        4,
        10,
        20,
        -20,
        86,
        -86,
        -87.5f,
        88.72f,
        88.73f,
        89,
        -103.9f,
        -104,
        -105,
        300,
        -300,
        8388607.5f,
        8388608,
        -8388608.5f,
        1e10f,
        -1e30f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private static final Expr X = Expr.in(0);

    private static Kernel kernel(int inputs, int scalars, Expr... outputs) {
        return new Kernel("test", inputs, scalars, List.of(outputs));
    }

    private static float[][] interpret(Kernel k, double[] scalars, float[]... in) {
        return onMemory(k, in, (at, n) -> {
            int operands = at.length;
            long[] stride = new long[operands];
            DType[] types = new DType[operands];
            Arrays.fill(stride, 1);
            Arrays.fill(types, DType.FLOAT32);
            new BlockInterpreter(new Program(k, Lane.FLOAT)).run(at, stride, types, scalars, n);
        });
    }

    private static float[][] compile(Kernel k, double[] scalars, float[]... in) {
        return onMemory(
                k,
                in,
                (at, n) -> Compiler.compile(new Program(k, Lane.FLOAT), k.inputs(), 0)
                        .run(at, scalars, n));
    }

    private interface Body {
        void run(long[] at, int n);
    }

    private static float[][] onMemory(Kernel k, float[][] in, Body body) {
        int n = in[0].length;
        int outputs = k.outputs().size();
        long memory = SystemMemory.need((outputs + in.length) * n * 4L);
        long[] at = new long[outputs + in.length];
        Arrays.setAll(at, i -> memory + 4L * n * i);
        for (int i = 0; i < in.length; i++) {
            for (int j = 0; j < n; j++) {
                SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, at[outputs + i] + 4L * j, in[i][j]);
            }
        }
        body.run(at, n);
        float[][] out = new float[outputs][n];
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < n; j++) {
                out[i][j] = SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, at[i] + 4L * j);
            }
        }
        SystemMemory.give(memory);
        return out;
    }

    private static float[] inputs(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = switch (random.nextInt(4)) {
                case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
                case 1 -> (float) random.nextGaussian();
                case 2 -> (float) (random.nextGaussian() * 50);
                default -> Float.intBitsToFloat(random.nextInt());
            };
        }
        return x;
    }

    private static final List<Fn> VECTOR_FUNCTIONS = Arrays.stream(Fn.values())
            .filter(f -> isVector(new Expr.Unary(f, X)))
            .toList();

    private static final List<Op> VECTOR_OPERATIONS = Arrays.stream(Op.values())
            .filter(o -> isVector(new Expr.Binary(o, X, Expr.in(1))))
            .toList();

    private static boolean isVector(Expr e) {
        return new Program(kernel(2, 0, e), Lane.FLOAT).isVector();
    }

    private static Expr random(Random r, int depth) {
        if (depth == 0 || r.nextInt(8) == 0) {
            return switch (r.nextInt(6)) {
                case 0 -> Expr.scalar(r.nextInt(2));
                case 1 -> Expr.lit(SPECIAL[r.nextInt(SPECIAL.length)]);
                default -> Expr.in(r.nextInt(3));
            };
        }
        Expr a = random(r, depth - 1);
        return switch (r.nextInt(10)) {
            case 0, 1, 2 -> new Expr.Unary(VECTOR_FUNCTIONS.get(r.nextInt(VECTOR_FUNCTIONS.size())), a);
            case 3 -> new Expr.Fma(a, random(r, depth - 1), random(r, depth - 1));
            case 4, 5 ->
                new Expr.Select(
                        Cmp.values()[r.nextInt(6)],
                        a,
                        random(r, depth - 1),
                        random(r, depth - 1),
                        random(r, depth - 1));
            default ->
                new Expr.Binary(VECTOR_OPERATIONS.get(r.nextInt(VECTOR_OPERATIONS.size())), a, random(r, depth - 1));
        };
    }

    @Test
    void bothFormsGiveTheSameBitsOnRandomKernels() {
        Random r = new Random(7);
        for (int i = 0; i < 120; i++) {
            Kernel k = kernel(3, 2, random(r, 4), random(r, 3));
            double[] scalars = {r.nextGaussian(), SPECIAL[r.nextInt(SPECIAL.length)]};
            int n = 1 + r.nextInt(300);
            float[][] in = {inputs(r, n), inputs(r, n), inputs(r, n)};
            assertSameBits(k, scalars, in);
        }
    }

    private static void assertSameBits(Kernel k, double[] scalars, float[]... in) {
        float[][] slow = interpret(k, scalars, in);
        float[][] fast = compile(k, scalars, in);
        for (int o = 0; o < slow.length; o++) {
            for (int j = 0; j < slow[o].length; j++) {
                if (Float.floatToIntBits(slow[o][j]) != Float.floatToIntBits(fast[o][j])) {
                    int at = j;
                    assertThat(fast[o][j])
                            .as(
                                    "%s of %s",
                                    k.outputs().get(o),
                                    Arrays.toString(
                                            Arrays.stream(in).map(x -> x[at]).toArray()))
                            .isEqualTo(Float.valueOf(slow[o][j]));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Fn.class)
    void functionsAreExactToTwoUnits(Fn fn) {
        float[] x = new float[SPECIAL.length + 60_000];
        System.arraycopy(SPECIAL, 0, x, 0, SPECIAL.length);
        Random r = new Random(3);
        for (int i = SPECIAL.length; i < x.length; i++) {
            x[i] = switch (i % 4) {
                case 0 -> (i - 30_000) * 1e-4f;
                case 1 -> (float) (r.nextGaussian() * 30);
                case 2 -> 1 + (float) (r.nextGaussian() * 0.1);
                default -> Float.intBitsToFloat(r.nextInt());
            };
        }
        Kernel k = kernel(1, 0, new Expr.Unary(fn, X));
        float[] y = interpret(k, new double[0], x)[0];
        for (int i = 0; i < x.length; i++) {
            double want = Formula.unary(fn, x[i]);
            check(fn.name(), x[i], want, y[i]);
        }
        if (new Program(k, Lane.FLOAT).isVector()) {
            assertSameBits(k, new double[0], x);
        }
    }

    private static void check(String what, float x, double want, float got) {
        float rounded = (float) want;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0) {
            assertThat(got).as("%s(%s)", what, x).isEqualTo(Float.valueOf(rounded));
            return;
        }
        double ulps = Math.abs(got - want) / Math.ulp(rounded);
        assertThat(ulps).as("%s(%s) = %s, expected %s", what, x, got, want).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void operationsAgreeWithTheFormula(Op op) {
        int s = SPECIAL.length;
        float[] a = new float[s * s];
        float[] b = new float[s * s];
        for (int i = 0; i < s * s; i++) {
            a[i] = SPECIAL[i / s];
            b[i] = SPECIAL[i % s];
        }
        Kernel k = kernel(2, 0, new Expr.Binary(op, X, Expr.in(1)));
        float[] y = interpret(k, new double[0], a, b)[0];
        for (int i = 0; i < y.length; i++) {
            float want = (float) Formula.binary(op, a[i], b[i]);
            assertThat(y[i]).as("%s %s %s", a[i], op, b[i]).isEqualTo(Float.valueOf(want));
        }
        if (VECTOR_OPERATIONS.contains(op)) {
            assertSameBits(k, new double[0], a, b);
        }
    }

    @Test
    void constantPowersAreTheSameAsPow() {
        for (double n : new double[] {-1, 0, 1, 2, 3}) {
            float[] y = interpret(kernel(1, 0, X.pow(Expr.lit(n))), new double[0], SPECIAL)[0];
            for (int i = 0; i < y.length; i++) {
                check("pow " + n, SPECIAL[i], Math.pow(SPECIAL[i], n), y[i]);
            }
        }
    }

    @Test
    void aSharedTermIsOneStep() {
        Expr e = X.exp();
        Program once = new Program(kernel(1, 0, e), Lane.FLOAT);
        Program twice = new Program(kernel(1, 0, e.times(X.exp()), X.exp()), Lane.FLOAT);
        assertThat(twice.nodes()).hasSize(once.nodes().size() + 1);
        // a formula that doubles at every level is a short program all the same
        Expr deep = X;
        for (int i = 0; i < 12; i++) {
            deep = deep.plus(deep);
        }
        assertThat(new Program(kernel(1, 0, deep), Lane.FLOAT).nodes()).hasSize(13);
    }

    @Test
    void registersAreShared() {
        Expr sum = X;
        for (int i = 0; i < 50; i++) {
            sum = sum.times(X).sqrt();
        }
        float[] y = interpret(kernel(1, 0, sum), new double[0], new float[] {1, 4, 0.25f})[0];
        assertThat(y).containsExactly(1, 4, 0.25f);
    }

    @Test
    void doublesCompileToo() {
        Random r = new Random(5);
        List<Kernel> kernels = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Kernel k = kernel(3, 2, random(r, 4));
            if (new Program(k, Lane.DOUBLE).isVector()) {
                kernels.add(k);
            }
        }
        assertThat(kernels).hasSizeGreaterThan(10);
        for (Kernel k : kernels) {
            int n = 37;
            double[] scalars = {r.nextGaussian(), -2};
            double[][] in = new double[3][n];
            long memory = SystemMemory.need(4 * 8 * n);
            long[] at = new long[4];
            Arrays.setAll(at, i -> memory + 8L * n * i);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < n; j++) {
                    in[i][j] = r.nextInt(3) == 0 ? SPECIAL[r.nextInt(SPECIAL.length)] : r.nextGaussian() * 3;
                    SystemMemory.ALL.set(ValueLayout.JAVA_DOUBLE, at[i + 1] + 8L * j, in[i][j]);
                }
            }
            Compiler.compile(new Program(k, Lane.DOUBLE), 3, 0).run(at, scalars, n);
            for (int j = 0; j < n; j++) {
                double got = SystemMemory.ALL.get(ValueLayout.JAVA_DOUBLE, at[0] + 8L * j);
                double want = Formula.eval(k.outputs().getFirst(), scalars, in[0][j], in[1][j], in[2][j]);
                assertThat(got).as("%s", k.outputs()).isEqualTo(Double.valueOf(want));
            }
            SystemMemory.give(memory);
        }
    }
}
