package akari.backend;

/**
 * A scalar formula: the one meaning of a pointwise operation. Every reader (the reference interpreter, the Vector-API compiler, the
 * CUDA printer, the derivative) works from this tree. Records, so equal formulas are equal objects.
 *
 * <p>Arithmetic is IEEE in the kernel's compute type, in exactly the order written: no reader may reassociate or contract.
 * {@code MIN} and {@code MAX} return NaN when either side is NaN, as PyTorch's do.
 */
public sealed interface Expr {
    /** The {@code i}-th input element. */
    record In(int i) implements Expr {}

    /** The {@code i}-th run-time scalar of the call (a learning rate, a clamp bound): changing it compiles nothing. */
    record Scalar(int i) implements Expr {}

    record Const(double value) implements Expr {}

    record Unary(Fn fn, Expr a) implements Expr {}

    record Binary(Op op, Expr a, Expr b) implements Expr {}

    /** {@code a*b + c}, rounded once. */
    record Fma(Expr a, Expr b, Expr c) implements Expr {}

    /** {@code a cmp b ? then : other}; a comparison with NaN is false, except {@code NE}. */
    record Select(Cmp cmp, Expr a, Expr b, Expr then, Expr other) implements Expr {}

    enum Fn {
        NEG,
        ABS,
        /** 0 for both zeros and for NaN, as PyTorch's. */
        SIGN,
        FLOOR,
        CEIL,
        /** Half to even. */
        ROUND,
        TRUNC,
        SQRT,
        EXP,
        EXP2,
        EXPM1,
        LOG,
        LOG2,
        LOG10,
        LOG1P,
        SIN,
        COS,
        TAN,
        ASIN,
        ACOS,
        ATAN,
        SINH,
        COSH,
        TANH,
        ASINH,
        ACOSH,
        ATANH,
        ERF,
        ERFC,
        ERFINV,
        /** Logarithm of the magnitude of the gamma function. */
        LGAMMA,
        DIGAMMA
    }

    enum Op {
        ADD,
        SUB,
        MUL,
        DIV,
        POW,
        MIN,
        MAX,
        /** What is left of a when b is taken away as often as it fits: of a's sign, as C's. */
        FMOD,
        /** Magnitude of a, sign of b; the sign of a zero counts. */
        COPYSIGN,
        ATAN2,
        HYPOT,
        /** The a-th derivative of the digamma function at b; a is a whole number. */
        POLYGAMMA,
        // bits of 64-bit integers; a fraction is cut off. A shift by less than 0 or more than 63 shifts everything out
        AND,
        OR,
        XOR,
        SHL,
        SHR
    }

    enum Cmp {
        LT,
        LE,
        GT,
        GE,
        EQ,
        NE
    }

    // ---- writing formulas; constants fold and neutral elements vanish, so that derived gradients stay short

    static Expr lit(double v) {
        return new Const(v);
    }

    static Expr in(int i) {
        return new In(i);
    }

    static Expr scalar(int i) {
        return new Scalar(i);
    }

    default Expr plus(Expr b) {
        return is(this, 0) ? b : is(b, 0) ? this : fold(Op.ADD, this, b);
    }

    default Expr plus(double b) {
        return plus(lit(b));
    }

    default Expr minus(Expr b) {
        return is(b, 0) ? this : is(this, 0) ? b.neg() : fold(Op.SUB, this, b);
    }

    default Expr minus(double b) {
        return minus(lit(b));
    }

    default Expr times(Expr b) {
        return is(this, 0) || is(b, 1) ? this : is(this, 1) || is(b, 0) ? b : fold(Op.MUL, this, b);
    }

    default Expr times(double b) {
        return times(lit(b));
    }

    default Expr over(Expr b) {
        return is(this, 0) || is(b, 1) ? this : fold(Op.DIV, this, b);
    }

    default Expr over(double b) {
        return over(lit(b));
    }

    default Expr pow(Expr b) {
        return is(b, 1) ? this : fold(Op.POW, this, b);
    }

    default Expr fma(Expr b, Expr c) {
        return new Fma(this, b, c);
    }

    static Expr max(Expr a, Expr b) {
        return fold(Op.MAX, a, b);
    }

    static Expr min(Expr a, Expr b) {
        return fold(Op.MIN, a, b);
    }

    static Expr select(Cmp cmp, Expr a, Expr b, Expr then, Expr other) {
        if (a instanceof Const(double x) && b instanceof Const(double y)) {
            return Formula.compare(cmp, x, y) ? then : other;
        }
        return same(then, other) ? then : new Select(cmp, a, b, then, other);
    }

    default Expr neg() {
        return this instanceof Const(double v) ? lit(-v) : new Unary(Fn.NEG, this);
    }

    default Expr abs() {
        return new Unary(Fn.ABS, this);
    }

    default Expr sign() {
        return new Unary(Fn.SIGN, this);
    }

    default Expr floor() {
        return new Unary(Fn.FLOOR, this);
    }

    default Expr ceil() {
        return new Unary(Fn.CEIL, this);
    }

    default Expr round() {
        return new Unary(Fn.ROUND, this);
    }

    default Expr trunc() {
        return new Unary(Fn.TRUNC, this);
    }

    default Expr sqrt() {
        return new Unary(Fn.SQRT, this);
    }

    default Expr exp() {
        return new Unary(Fn.EXP, this);
    }

    default Expr expm1() {
        return new Unary(Fn.EXPM1, this);
    }

    default Expr log() {
        return new Unary(Fn.LOG, this);
    }

    default Expr log1p() {
        return new Unary(Fn.LOG1P, this);
    }

    default Expr sin() {
        return new Unary(Fn.SIN, this);
    }

    default Expr cos() {
        return new Unary(Fn.COS, this);
    }

    default Expr tanh() {
        return new Unary(Fn.TANH, this);
    }

    default Expr erf() {
        return new Unary(Fn.ERF, this);
    }

    default Expr exp2() {
        return new Unary(Fn.EXP2, this);
    }

    default Expr log2() {
        return new Unary(Fn.LOG2, this);
    }

    default Expr log10() {
        return new Unary(Fn.LOG10, this);
    }

    default Expr tan() {
        return new Unary(Fn.TAN, this);
    }

    default Expr asin() {
        return new Unary(Fn.ASIN, this);
    }

    default Expr acos() {
        return new Unary(Fn.ACOS, this);
    }

    default Expr atan() {
        return new Unary(Fn.ATAN, this);
    }

    default Expr sinh() {
        return new Unary(Fn.SINH, this);
    }

    default Expr cosh() {
        return new Unary(Fn.COSH, this);
    }

    default Expr asinh() {
        return new Unary(Fn.ASINH, this);
    }

    default Expr acosh() {
        return new Unary(Fn.ACOSH, this);
    }

    default Expr atanh() {
        return new Unary(Fn.ATANH, this);
    }

    default Expr erfc() {
        return new Unary(Fn.ERFC, this);
    }

    default Expr erfinv() {
        return new Unary(Fn.ERFINV, this);
    }

    default Expr lgamma() {
        return new Unary(Fn.LGAMMA, this);
    }

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

    default Expr hypot(Expr b) {
        return fold(Op.HYPOT, this, b);
    }

    /** The {@code n}-th derivative of the digamma function. */
    default Expr polygamma(Expr n) {
        return fold(Op.POLYGAMMA, n, this);
    }

    default Expr and(Expr b) {
        return fold(Op.AND, this, b);
    }

    default Expr or(Expr b) {
        return fold(Op.OR, this, b);
    }

    default Expr xor(Expr b) {
        return fold(Op.XOR, this, b);
    }

    default Expr shl(Expr b) {
        return fold(Op.SHL, this, b);
    }

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
