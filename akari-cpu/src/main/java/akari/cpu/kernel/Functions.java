package akari.cpu.kernel;

import akari.cpu.kernel.Program.Op;
import akari.formula.Expr;

/**
 * The functions of a formula in elementary steps. Those of single precision are polynomials after the usual range reductions (J.-M.
 * Muller, "Elementary Functions", 2016); the coefficients are minimax fits, each computed for the interval and the weight that is
 * used here. Errors stay below 2 units in the last place. All other functions, and all in double precision, are computed one element
 * at a time, in double.
 */
final class Functions {
    /** 1.5 · 2²³: adding it rounds to an integer, which then sits in the lowest bits. */
    static final float MAGIC = 0x1.8p23f;

    /** Bits of √½ as a float: taking them away makes the exponent of [√½, √2) zero. */
    static final int SQRT_HALF_BITS = 0x3f3504f3;

    static final int ONE_BITS = 0x3f800000;

    private static final double LN2 = Math.log(2);
    private static final double LN2_HIGH = 0x1.62ep-1;
    private static final double LN2_LOW = LN2 - LN2_HIGH;
    private static final double LOG2_E = 1 / LN2;

    private final Program p;
    private final int x;

    private Functions(Program p, int x) {
        this.p = p;
        this.x = x;
    }

    static int unary(Program p, Expr.Fn fn, int x) {
        Functions f = new Functions(p, x);
        return switch (fn) {
            case NEG -> p.neg(x);
            case ABS -> p.abs(x);
            case SQRT -> p.add(Op.SQRT, x, 0);
            case SIGN -> f.sign();
            case FLOOR -> f.integral(Op.GT, -1);
            case CEIL -> f.integral(Op.LT, 1);
            case ROUND -> f.integral();
            case TRUNC -> f.truncated();
            case EXP -> p.isWide() ? p.call(fn, x) : f.exp();
            case EXPM1 -> p.isWide() ? p.call(fn, x) : f.expm1();
            case LOG -> p.isWide() ? p.call(fn, x) : f.log();
            case LOG1P -> p.isWide() ? p.call(fn, x) : f.log1p();
            case TANH -> p.isWide() ? p.call(fn, x) : f.tanh();
            case ERF -> p.isWide() ? p.call(fn, x) : f.erf();
            case EXP2 -> p.isWide() ? p.call(fn, x) : f.exp2();
            case LOG2 -> p.isWide() ? p.call(fn, x) : f.log2();
            case LOG10,
                    SIN,
                    COS,
                    TAN,
                    ASIN,
                    ACOS,
                    ATAN,
                    SINH,
                    COSH,
                    ASINH,
                    ACOSH,
                    ATANH,
                    ERFC,
                    ERFINV,
                    LGAMMA,
                    DIGAMMA -> p.call(fn, x);
        };
    }

    private int lit(double v) {
        return p.constant(v);
    }

    /** Horner's rule, the coefficient of the highest power last. */
    private int polynomial(int z, double... c) {
        int y = lit(c[c.length - 1]);
        for (int i = c.length - 2; i >= 0; i--) {
            y = p.fma(y, z, lit(c[i]));
        }
        return y;
    }

    private int sign() {
        int zero = lit(0);
        return p.select(Op.GT, x, zero, lit(1), p.select(Op.LT, x, zero, lit(-1), zero));
    }

    // ---- rounding: adding and taking away 2^23 (2^52) leaves an integer; larger numbers have no fraction

    private int whole(int magnitude) {
        int big = lit(p.isWide() ? 0x1p52 : 0x1p23);
        return p.minus(p.plus(magnitude, big), big);
    }

    private int orItself(int result) {
        return p.select(Op.LT, p.abs(x), lit(p.isWide() ? 0x1p52 : 0x1p23), p.add(Op.COPYSIGN, result, x), x);
    }

    private int integral() {
        return orItself(whole(p.abs(x)));
    }

    private int integral(Op beyond, double step) {
        int near = p.add(Op.COPYSIGN, whole(p.abs(x)), x);
        return orItself(p.select(beyond, near, x, p.plus(near, lit(step)), near));
    }

    private int truncated() {
        int a = p.abs(x);
        int near = whole(a);
        return orItself(p.select(Op.GT, near, a, p.minus(near, lit(1)), near));
    }

    // ---- exponentials: x = k·ln 2 + r with |r| ≤ ln 2 / 2

    private int clamp(int v, double low, double high) {
        int top = p.select(Op.GT, v, lit(high), lit(high), v);
        return p.select(Op.LT, top, lit(low), lit(low), top);
    }

    /** MAGIC + k. */
    private int shifted(int v) {
        return p.fma(v, lit(LOG2_E), lit(MAGIC));
    }

    private int power2(int shifted) {
        return p.add(Op.POWER2, shifted, 0);
    }

    private int remainder(int v, int shifted) {
        int k = p.minus(shifted, lit(MAGIC));
        return p.fma(k, lit(-LN2_LOW), p.fma(k, lit(-LN2_HIGH), v));
    }

    /** Results near the ends of the range take a detour of 2^-64 or 2, so that the exponent always fits and denormals are rounded. */
    private int exp() {
        int v = clamp(x, -105, 89);
        int t = shifted(v);
        int r = remainder(v, t);
        int q = polynomial(r, 0.49999994f, 0.16666518f, 0.041668423f, 0.008369064f, 0.0013813887f);
        int y = p.plus(p.fma(q, p.mul(r, r), r), lit(1));
        int low = lit(-86);
        int detour = p.plus(t, p.select(Op.LT, v, low, lit(64), lit(-1)));
        return p.mul(p.mul(y, power2(detour)), p.select(Op.LT, v, low, lit(0x1p-64), lit(2)));
    }

    /** As {@link #exp}, with a remainder that is exact before it is multiplied by ln 2. */
    private int exp2() {
        int v = clamp(x, -151, 128);
        int t = p.plus(v, lit(MAGIC));
        int r = p.mul(p.minus(v, p.minus(t, lit(MAGIC))), lit(LN2));
        int q = polynomial(r, 0.49999994f, 0.16666518f, 0.041668423f, 0.008369064f, 0.0013813887f);
        int y = p.plus(p.fma(q, p.mul(r, r), r), lit(1));
        int low = lit(-124);
        int detour = p.plus(t, p.select(Op.LT, v, low, lit(64), lit(-1)));
        return p.mul(p.mul(y, power2(detour)), p.select(Op.LT, v, low, lit(0x1p-64), lit(2)));
    }

    /** {@code 2·(2^(k-1)·(e^r - 1) + 2^(k-1) - ½)}. */
    private int expm1() {
        int v = clamp(x, -20, 89);
        int t = shifted(v);
        int r = remainder(v, t);
        int q = polynomial(r, 0.5f, 0.16666667f, 0.041666348f, 0.008333272f, 0.0013941517f, 0.00019914885f);
        int m = p.fma(q, p.mul(r, r), r);
        int half = power2(p.minus(t, lit(1)));
        int y = p.fma(half, m, p.minus(half, lit(0.5)));
        return p.select(Op.LT, p.abs(x), lit(0x1p-24), x, p.plus(y, y));
    }

    /** Small arguments by the odd polynomial, others from {@code 1 - 2/(e^2|x| + 1)}. */
    private int tanh() {
        int a = p.abs(x);
        int z = p.mul(x, x);
        int s = polynomial(z, -0.33333284f, 0.13331491f, -0.0537435f, 0.02065059f, -0.005717048f);
        int small = p.mul(x, p.fma(s, z, lit(1)));
        int top = p.select(Op.GT, a, lit(10), lit(10), a);
        int v = p.plus(top, top);
        int t = shifted(v);
        int r = remainder(v, t);
        int q = polynomial(r, 0.49999994f, 0.16666518f, 0.041668423f, 0.008369064f, 0.0013813887f);
        int e = p.plus(p.fma(q, p.mul(r, r), r), lit(1));
        int big = p.minus(lit(1), p.div(lit(2), p.fma(e, power2(t), lit(1))));
        return p.select(Op.LT, a, lit(0.625), small, p.add(Op.COPYSIGN, big, x));
    }

    /** Small arguments by the odd polynomial, others as {@code 1 - 2^q(|x|)}, q fitted to the logarithm of erfc. */
    private int erf() {
        int a = p.abs(x);
        int z = p.mul(x, x);
        int s = polynomial(z, 0.12837915f, -0.37612534f, 0.1128223f, -0.026781958f, 0.005016229f, -0.00061112945f);
        int small = p.fma(s, x, x);
        int top = p.select(Op.GT, a, lit(4), lit(4), a);
        int q = polynomial(
                top,
                -0.0002560965f,
                -1.6269985f,
                -0.9190832f,
                -0.15009396f,
                0.032138925f,
                -0.004408277f,
                0.00028446945f);
        int t = p.plus(q, lit(MAGIC));
        int f = p.minus(q, p.minus(t, lit(MAGIC)));
        int e = polynomial(f, 1, 0.69314724f, 0.24022098f, 0.055502955f, 0.009676502f, 0.001341062f);
        int big = p.fma(p.neg(e), power2(t), lit(1));
        return p.select(Op.LT, a, lit(0.9), small, p.add(Op.COPYSIGN, big, x));
    }

    // ---- logarithms: v = m·2^e with m in [√½, √2)

    /** {@code log(1 + f)} less its first two terms. */
    private int logTail(int f, int f2) {
        int c = polynomial(
                f,
                0.3333331f,
                -0.24999987f,
                0.20002225f,
                -0.16669251f,
                0.14218679f,
                -0.1238435f,
                0.11872837f,
                -0.117897555f,
                0.069155954f);
        return p.mul(p.mul(f2, f), c);
    }

    /** Of a positive normal number; {@code shift} is added to its binary exponent. */
    private int logOfNormal(int v, int shift) {
        int e = p.plus(p.add(Op.EXPONENT, v, 0), shift);
        int f = p.minus(p.add(Op.MANTISSA, v, 0), lit(1));
        int f2 = p.mul(f, f);
        int y = p.fma(e, lit(LN2_LOW), logTail(f, f2));
        y = p.plus(f, p.fma(lit(-0.5), f2, y));
        return p.fma(e, lit(LN2_HIGH), y);
    }

    private int log() {
        int tiny = lit(Float.MIN_NORMAL);
        int v = p.select(Op.LT, x, tiny, p.mul(x, lit(0x1p23)), x);
        int y = logOfNormal(v, p.select(Op.LT, x, tiny, lit(-23), lit(0)));
        return logEnds(y, x);
    }

    /** {@code e + log(m)/ln 2}: exact for powers of two. */
    private int log2() {
        int tiny = lit(Float.MIN_NORMAL);
        int v = p.select(Op.LT, x, tiny, p.mul(x, lit(0x1p23)), x);
        int e = p.plus(p.add(Op.EXPONENT, v, 0), p.select(Op.LT, x, tiny, lit(-23), lit(0)));
        int f = p.minus(p.add(Op.MANTISSA, v, 0), lit(1));
        int f2 = p.mul(f, f);
        int small = p.fma(lit(-0.5), f2, logTail(f, f2));
        int low = p.fma(small, lit(LOG2_E), p.mul(f, lit(LOG2_E - (float) LOG2_E)));
        return logEnds(p.plus(p.fma(f, lit(LOG2_E), low), e), x);
    }

    /** Infinity and NaN stay; log of 0 and of what is below. */
    private int logEnds(int y, int v) {
        int zero = lit(0);
        int finite = p.select(Op.LT, v, lit(Double.POSITIVE_INFINITY), y, v);
        int some = p.select(Op.EQ, v, zero, lit(Double.NEGATIVE_INFINITY), finite);
        return p.select(Op.LT, v, zero, lit(Double.NaN), some);
    }

    /** {@code log u + (rounding error of u)/u} for {@code u = 1 + x}. */
    private int log1p() {
        int one = lit(1);
        int u = p.plus(x, one);
        int d = p.minus(u, one);
        int lost = p.plus(p.minus(one, p.minus(u, d)), p.minus(x, d));
        int y = p.plus(logOfNormal(u, lit(0)), p.div(lost, u));
        return p.select(Op.LT, p.abs(x), lit(0x1p-24), x, logEnds(y, u));
    }
}
