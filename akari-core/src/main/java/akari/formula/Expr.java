package akari.formula;

/**
 * A scalar formula, the one meaning of a {@link Pointwise} operation: {@code x.plus(a.times(x).sin().square().over(a))}. Every reader
 * (the reference interpreter, the compilers of the devices, the derivative) works from this tree. Records, so equal formulas are equal
 * objects.
 *
 * <p>Arithmetic is IEEE in float64 for float64 elements and in float32 for float32, float16 and bfloat16, in exactly the order written:
 * no reader may reassociate or contract. The result is rounded to the elements' type once.
 *
 * <p>The functions of one formula have static forms in {@link Formula}, {@code sin(x)} beside {@code x.sin()}.
 */
public sealed interface Expr {
    /** The {@code i}-th input element. */
    record In(int i) implements Expr {}

    /** The {@code i}-th run-time scalar of the call (a learning rate, a clamp bound): changing it compiles nothing. */
    record Scalar(int i) implements Expr {}

    /** A number that never changes. */
    record Const(double value) implements Expr {}

    /** A function of one formula. */
    record Unary(Fn fn, Expr a) implements Expr {}

    /** A function of two formulas. */
    record Binary(Op op, Expr a, Expr b) implements Expr {}

    /** {@code a*b + c}, rounded once. */
    record Fma(Expr a, Expr b, Expr c) implements Expr {}

    /** {@code a cmp b ? then : other}; a comparison with NaN is false, except {@code NE}. */
    record Select(Cmp cmp, Expr a, Expr b, Expr then, Expr other) implements Expr {}

    /** The functions of one number. */
    enum Fn {
        /** {@code -a}. */
        NEG,
        /** The magnitude. */
        ABS,
        /** 0 for both zeros and for NaN, as PyTorch's. */
        SIGN,
        /** The next whole number at or below. */
        FLOOR,
        /** The next whole number at or above. */
        CEIL,
        /** Half to even. */
        ROUND,
        /** The whole number next towards 0. */
        TRUNC,
        /** The square root; NaN of negative numbers. */
        SQRT,
        /** {@code eᵃ}. */
        EXP,
        /** {@code 2ᵃ}. */
        EXP2,
        /** {@code eᵃ - 1}, exact near 0. */
        EXPM1,
        /** The natural logarithm. */
        LOG,
        /** The logarithm to base 2. */
        LOG2,
        /** The logarithm to base 10. */
        LOG10,
        /** {@code log(1 + a)}, exact near 0. */
        LOG1P,
        /** Of radians. */
        SIN,
        /** Of radians. */
        COS,
        /** Of radians. */
        TAN,
        /** In radians. */
        ASIN,
        /** In radians. */
        ACOS,
        /** In radians. */
        ATAN,
        /** Hyperbolic sine. */
        SINH,
        /** Hyperbolic cosine. */
        COSH,
        /** Hyperbolic tangent. */
        TANH,
        /** Inverse of {@link #SINH}. */
        ASINH,
        /** Inverse of {@link #COSH}. */
        ACOSH,
        /** Inverse of {@link #TANH}. */
        ATANH,
        /** The error function. */
        ERF,
        /** {@code 1 - erf(a)}, exact where that is near 0. */
        ERFC,
        /** Inverse of {@link #ERF}. */
        ERFINV,
        /** Logarithm of the magnitude of the gamma function. */
        LGAMMA,
        /** Derivative of {@link #LGAMMA}. */
        DIGAMMA
    }

    /** The functions of two numbers. */
    enum Op {
        /** {@code a + b}. */
        ADD,
        /** {@code a - b}. */
        SUB,
        /** {@code a · b}. */
        MUL,
        /** {@code a / b}. */
        DIV,
        /** {@code aᵇ}. */
        POW,
        /** The smaller one; NaN when either side is NaN, as PyTorch's. */
        MIN,
        /** The larger one; NaN when either side is NaN, as PyTorch's. */
        MAX,
        /** What is left of a when b is taken away as often as it fits: of a's sign, as C's. */
        FMOD,
        /** Magnitude of a, sign of b; the sign of a zero counts. */
        COPYSIGN,
        /** The angle of the point (b, a), in radians. */
        ATAN2,
        /** {@code √(a² + b²)}, without overflow on the way. */
        HYPOT,
        /** The a-th derivative of the digamma function at b; a is a whole number. */
        POLYGAMMA,
        // bits of 64-bit integers; a fraction is cut off. A shift by less than 0 or more than 63 shifts everything out
        /** Bits set in both. */
        AND,
        /** Bits set in either. */
        OR,
        /** Bits set in one alone. */
        XOR,
        /** {@code a << b}. */
        SHL,
        /** {@code a >> b}, the sign kept. */
        SHR
    }

    /** The comparisons of {@link Select}. */
    enum Cmp {
        /** {@code a < b}. */
        LT,
        /** {@code a <= b}. */
        LE,
        /** {@code a > b}. */
        GT,
        /** {@code a >= b}. */
        GE,
        /** {@code a == b}. */
        EQ,
        /** {@code a != b}; true when either side is NaN. */
        NE
    }

    // ---- writing formulas; constants fold and neutral elements vanish, so that derived gradients stay short

    /** A number that never changes. */
    static Expr lit(double v) {
        return new Const(v);
    }

    /** The {@code i}-th input's element. */
    static Expr in(int i) {
        return new In(i);
    }

    /** The {@code i}-th number given at each call. */
    static Expr scalar(int i) {
        return new Scalar(i);
    }

    /** {@code this + b}. */
    default Expr plus(Expr b) {
        return is(this, 0) ? b : is(b, 0) ? this : fold(Op.ADD, this, b);
    }

    /** {@code this + b}. */
    default Expr plus(double b) {
        return plus(lit(b));
    }

    /** {@code this - b}. */
    default Expr minus(Expr b) {
        return is(b, 0) ? this : is(this, 0) ? b.neg() : fold(Op.SUB, this, b);
    }

    /** {@code this - b}. */
    default Expr minus(double b) {
        return minus(lit(b));
    }

    /** {@code this · b}. */
    default Expr times(Expr b) {
        return is(this, 0) || is(b, 1) ? this : is(this, 1) || is(b, 0) ? b : fold(Op.MUL, this, b);
    }

    /** {@code this · b}. */
    default Expr times(double b) {
        return times(lit(b));
    }

    /** {@code this / b}. */
    default Expr over(Expr b) {
        return is(this, 0) || is(b, 1) ? this : fold(Op.DIV, this, b);
    }

    /** {@code this / b}. */
    default Expr over(double b) {
        return over(lit(b));
    }

    /** This to the power {@code b}, as C's {@code pow}. */
    default Expr pow(Expr b) {
        return is(b, 1) ? this : fold(Op.POW, this, b);
    }

    /** This to the power {@code b}. */
    default Expr pow(double b) {
        return pow(lit(b));
    }

    /** {@code this · this}. */
    default Expr square() {
        return times(this);
    }

    /** 1 where this is above 0, else 0, NaN included; its slope is 0. */
    default Expr step() {
        return select(Cmp.GT, this, lit(0), lit(1), lit(0));
    }

    /** {@code 1 / (1 + e^-this)}, written so that nothing overflows. */
    default Expr sigmoid() {
        Expr e = abs().neg().exp();
        return select(Cmp.LT, this, lit(0), e, lit(1)).over(e.plus(1));
    }

    /** {@code this · b + c}, rounded once. */
    default Expr fma(Expr b, Expr c) {
        return new Fma(this, b, c);
    }

    /** The greater of both, NaN where one is NaN; at a tie each gets half of the gradient. */
    static Expr max(Expr a, Expr b) {
        return fold(Op.MAX, a, b);
    }

    /** The lesser of both, NaN where one is NaN; at a tie each gets half of the gradient. */
    static Expr min(Expr a, Expr b) {
        return fold(Op.MIN, a, b);
    }

    /** {@code a cmp b ? then : other}; a comparison with NaN is false, except {@code NE}. No gradient goes through a and b. */
    static Expr select(Cmp cmp, Expr a, Expr b, Expr then, Expr other) {
        if (a instanceof Const(double x) && b instanceof Const(double y)) {
            return Formula.compare(cmp, x, y) ? then : other;
        }
        return same(then, other) ? then : new Select(cmp, a, b, then, other);
    }

    /** {@code -this}. */
    default Expr neg() {
        return this instanceof Const(double v) ? lit(-v) : new Unary(Fn.NEG, this);
    }

    /** The magnitude; its slope at 0 is 0. */
    default Expr abs() {
        return new Unary(Fn.ABS, this);
    }

    /** -1, 0 or 1: 0 for both zeros and for NaN. */
    default Expr sign() {
        return new Unary(Fn.SIGN, this);
    }

    /** The next whole number downwards. */
    default Expr floor() {
        return new Unary(Fn.FLOOR, this);
    }

    /** The next whole number upwards. */
    default Expr ceil() {
        return new Unary(Fn.CEIL, this);
    }

    /** The nearest whole number, halves to even. */
    default Expr round() {
        return new Unary(Fn.ROUND, this);
    }

    /** The whole part. */
    default Expr trunc() {
        return new Unary(Fn.TRUNC, this);
    }

    /** The square root. */
    default Expr sqrt() {
        return new Unary(Fn.SQRT, this);
    }

    /** e to this power. */
    default Expr exp() {
        return new Unary(Fn.EXP, this);
    }

    /** {@code e^this - 1}, exact near 0. */
    default Expr expm1() {
        return new Unary(Fn.EXPM1, this);
    }

    /** The natural logarithm. */
    default Expr log() {
        return new Unary(Fn.LOG, this);
    }

    /** {@code log(1 + this)}, exact near 0. */
    default Expr log1p() {
        return new Unary(Fn.LOG1P, this);
    }

    /** The sine of radians. */
    default Expr sin() {
        return new Unary(Fn.SIN, this);
    }

    /** The cosine of radians. */
    default Expr cos() {
        return new Unary(Fn.COS, this);
    }

    /** The hyperbolic tangent. */
    default Expr tanh() {
        return new Unary(Fn.TANH, this);
    }

    /** The error function. */
    default Expr erf() {
        return new Unary(Fn.ERF, this);
    }

    /** 2 to this power. */
    default Expr exp2() {
        return new Unary(Fn.EXP2, this);
    }

    /** The logarithm to base 2. */
    default Expr log2() {
        return new Unary(Fn.LOG2, this);
    }

    /** The logarithm to base 10. */
    default Expr log10() {
        return new Unary(Fn.LOG10, this);
    }

    /** The tangent of radians. */
    default Expr tan() {
        return new Unary(Fn.TAN, this);
    }

    /** The inverse sine, in radians. */
    default Expr asin() {
        return new Unary(Fn.ASIN, this);
    }

    /** The inverse cosine, in radians. */
    default Expr acos() {
        return new Unary(Fn.ACOS, this);
    }

    /** The inverse tangent, in radians. */
    default Expr atan() {
        return new Unary(Fn.ATAN, this);
    }

    /** The hyperbolic sine. */
    default Expr sinh() {
        return new Unary(Fn.SINH, this);
    }

    /** The hyperbolic cosine. */
    default Expr cosh() {
        return new Unary(Fn.COSH, this);
    }

    /** The inverse hyperbolic sine. */
    default Expr asinh() {
        return new Unary(Fn.ASINH, this);
    }

    /** The inverse hyperbolic cosine. */
    default Expr acosh() {
        return new Unary(Fn.ACOSH, this);
    }

    /** The inverse hyperbolic tangent. */
    default Expr atanh() {
        return new Unary(Fn.ATANH, this);
    }

    /** {@code 1 - erf(this)}, exact where that is small. */
    default Expr erfc() {
        return new Unary(Fn.ERFC, this);
    }

    /** The inverse error function. */
    default Expr erfinv() {
        return new Unary(Fn.ERFINV, this);
    }

    /** The logarithm of the magnitude of the gamma function. */
    default Expr lgamma() {
        return new Unary(Fn.LGAMMA, this);
    }

    /** The derivative of {@code lgamma}. */
    default Expr digamma() {
        return new Unary(Fn.DIGAMMA, this);
    }

    /** See {@link Op#FMOD}. */
    default Expr fmod(Expr b) {
        return fold(Op.FMOD, this, b);
    }

    /** This magnitude with the sign of {@code b}. */
    default Expr copysign(Expr b) {
        return fold(Op.COPYSIGN, this, b);
    }

    /** The angle of the point {@code (x, this)}. */
    default Expr atan2(Expr x) {
        return fold(Op.ATAN2, this, x);
    }

    /** {@code √(this² + b²)}, without overflow. */
    default Expr hypot(Expr b) {
        return fold(Op.HYPOT, this, b);
    }

    /** The {@code n}-th derivative of the digamma function. */
    default Expr polygamma(Expr n) {
        return fold(Op.POLYGAMMA, n, this);
    }

    /** The bits of both, of integers as all that follow. */
    default Expr and(Expr b) {
        return fold(Op.AND, this, b);
    }

    /** The bits of either. */
    default Expr or(Expr b) {
        return fold(Op.OR, this, b);
    }

    /** The bits of just one. */
    default Expr xor(Expr b) {
        return fold(Op.XOR, this, b);
    }

    /** The bits moved {@code b} places up. */
    default Expr shl(Expr b) {
        return fold(Op.SHL, this, b);
    }

    /** The bits moved {@code b} places down, the sign kept. */
    default Expr shr(Expr b) {
        return fold(Op.SHR, this, b);
    }

    /** Equality that looks no deeper than one level: formulas share subterms, and a full comparison would visit each path. */
    private static boolean same(Expr a, Expr b) {
        return a == b || (a instanceof Const || a instanceof In || a instanceof Scalar) && a.equals(b);
    }

    private static boolean is(Expr e, double v) {
        return e instanceof Const(double c) && c == v;
    }

    private static Expr fold(Op op, Expr a, Expr b) {
        return a instanceof Const(double x) && b instanceof Const(double y)
                ? lit(Formula.binary(op, x, y))
                : new Binary(op, a, b);
    }
}
