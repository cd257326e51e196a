package akari.tensor;

import akari.backend.Scan;
import akari.core.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Scans}. */
final class ScanOps {
    private ScanOps() {}

    /** {@code t} moved one place on along {@code dim}, from the front or from the back, {@code fill} in the place that becomes free. */
    static Tensor shifted(Tensor t, int dim, boolean reverse, double fill) {
        long n = t.size(dim);
        if (n == 0) {
            return t;
        }
        Tensor edge = t.like(t.dtype(), t.shape().with(dim, 1)).fill_(fill);
        Tensor rest = t.narrow(dim, reverse ? 1 : 0, n - 1);
        return Tensors.cat(reverse ? List.of(rest, edge) : List.of(edge, rest), dim);
    }

    /** A running result of a tensor of at least one dimension. */
    record Cumulative(Scan op, int dim, boolean reverse) implements Op {
        @Override
        public String name() {
            return switch (op) {
                case SUM -> "cumsum";
                case PROD -> "cumprod";
                case MAX -> "cummax";
                case MIN -> "cummin";
                case LOG_SUM_EXP -> "logcumsumexp";
                case LINEAR -> throw new IllegalStateException("a linear recurrence has two operands");
            };
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            boolean indexed = op == Scan.MAX || op == Scan.MIN;
            Tensor out = x.like(indexed || x.dtype().isFloating() ? x.dtype() : DType.INT64, x.shape());
            Tensor index = indexed ? x.like(DType.INT64, x.shape()) : null;
            x.backend().scan(op, reverse, x.view, null, dim, out.view, index == null ? null : index.view);
            if (index != null) {
                call.extras(index);
                call.save(index);
            } else if (op != Scan.SUM) {
                call.save(x);
                call.save(out);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {
                switch (op) {
                    case SUM -> Tape.apply(new Cumulative(Scan.SUM, dim, !reverse), g);
                    case PROD -> ofProduct(call.saved(0), call.saved(1), g);
                    case LOG_SUM_EXP -> ofLogSum(call.saved(0), call.saved(1), g);
                    case MAX, MIN -> {
                        Tensor zeros = g.like(g.dtype(), g.shape()).zero_();
                        yield zeros.scatterAdd(dim, call.saved(0), g);
                    }
                    case LINEAR -> throw new IllegalStateException("a linear recurrence has two operands");
                }
            };
        }

        /**
         * With {@code e} the product of all elements before {@code i}, the gradient is {@code e} times
         * {@code u[i] = g[i] + x[i+1]*u[i+1]}: nothing is divided, so zeros need no care.
         */
        private Tensor ofProduct(Tensor x, Tensor y, Tensor g) {
            Tensor wide = x.to(x.dtype().compute());
            Tensor factors = reverse ? shifted(wide, dim, false, 0) : wide;
            Tensor u = Tape.apply(new Recurrence(dim, !reverse), g.to(wide.dtype()), factors);
            return shifted(y, dim, reverse, 1).mul(u);
        }

        /** {@code exp(x - y)} times {@code u[i] = g[i] + exp(y[i] - y[i+1])*u[i+1]}; no exponent is positive. */
        private Tensor ofLogSum(Tensor x, Tensor y, Tensor g) {
            if (reverse) {
                throw new UnsupportedOperationException("logcumsumexp from the back has no gradient");
            }
            DType wide = x.dtype().compute();
            Tensor sum = y.to(wide);
            Tensor nothing = sum.eq(Double.NEGATIVE_INFINITY);
            double low = Double.NEGATIVE_INFINITY;
            Tensor before = shifted(sum, dim, false, low);
            Tensor factors = before.sub(sum)
                    .maskedFill(before.eq(sum), 0) // infinities too
                    .maskedFill(nothing, low)
                    .exp();
            Tensor u = Tape.apply(new Recurrence(dim, true), g.to(wide), factors);
            return x.to(wide).sub(sum).maskedFill(nothing, low).exp().mul(u);
        }
    }

    /**
     * {@code y[i] = x[i] + f[i]*y[i-1]} from the front, {@code y[i] = x[i] + f[i+1]*y[i+1]} from the back: each is the gradient of
     * the other with respect to {@code x}. Inputs: x and f, of one shape and type.
     */
    record Recurrence(int dim, boolean reverse) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor out = x.like(x.dtype(), x.shape());
            x.backend().scan(Scan.LINEAR, reverse, x.view, in[1].view, dim, out.view, null);
            call.save(in[1]);
            call.save(out);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor f = call.saved(0);
            Tensor back = Tape.apply(new Recurrence(dim, !reverse), g, f);
            Tensor gf = null;
            if (call.needs(1)) {
                Tensor front = reverse ? back : call.saved(1);
                gf = shifted(front, dim, false, 0).mul(reverse ? call.saved(1) : back);
            }
            return new @Nullable Tensor[] {back, gf};
        }
    }
}
