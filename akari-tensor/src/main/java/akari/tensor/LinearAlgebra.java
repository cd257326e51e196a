package akari.tensor;

import akari.backend.Layout;
import akari.backend.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrix products. */
public sealed interface LinearAlgebra permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code [batch…, m, k] · [batch…, k, n]}; batch dimensions broadcast; a 1-d operand is a row on the left, a column on the right. */
    default Tensor matmul(Tensor other) {
        Tensor a = self();
        if (a.dim() == 0 || other.dim() == 0) {
            throw new IllegalArgumentException(
                    "matmul needs at least one dimension, got " + a.shape() + " and " + other.shape());
        }
        boolean row = a.dim() == 1;
        boolean column = other.dim() == 1;
        Tensor l = row ? a.unsqueeze(0) : a;
        Tensor r = column ? other.unsqueeze(1) : other;
        Tensor out = Tape.apply(new Matmul(), l, r);
        out = column ? out.squeeze(-1) : out;
        return row ? out.squeeze(column ? -1 : -2) : out;
    }

    /** {@code x · weightᵀ + bias}: {@code [*, in]}, weight {@code [out, in]}, bias {@code [out]} or null, result {@code [*, out]}. */
    default Tensor linear(Tensor weight, @Nullable Tensor bias) {
        Tensor x = self();
        if (weight.dim() != 2 || x.dim() == 0 || x.size(-1) != weight.size(1)) {
            throw new IllegalArgumentException("linear: input " + x.shape() + " does not fit weight " + weight.shape()
                    + ": the input's last size must be "
                    + (weight.dim() == 2 ? weight.size(1) : "the weight's second"));
        }
        if (bias != null && !bias.shape().equals(Shape.of(weight.size(0)))) {
            throw new IllegalArgumentException("linear: bias " + bias.shape() + " does not fit weight " + weight.shape()
                    + ": expected [" + weight.size(0) + "]");
        }
        Tensor rows = x.dim() == 2 ? x : x.reshape(-1, x.size(-1));
        Tensor out =
                bias == null ? Tape.apply(new Linear(), rows, weight) : Tape.apply(new Linear(), rows, weight, bias);
        return x.dim() == 2 ? out : out.reshape(x.shape().with(-1, weight.size(0)));
    }

    /** Inputs x {@code [n, in]}, weight {@code [out, in]} and perhaps bias. Its weight gradient lies in memory as the weight does. */
    record Linear() implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor w = in[1];
            if (x.dtype() != w.dtype() || !x.dtype().isFloating()) {
                throw new IllegalArgumentException("linear: input is " + x.dtype() + ", weight is " + w.dtype()
                        + "; both must be of one floating type");
            }
            Tensor out = x.like(x.dtype(), Shape.of(x.size(0), w.size(0)));
            x.backend()
                    .matmul(
                            x.view,
                            w.view.with(w.view.layout().transpose(0, 1)),
                            in.length > 2 ? in[2].view : null,
                            out.view);
            call.slot(0, call.needs(1) ? call.save(x) : -1);
            call.slot(1, call.needs(0) ? call.save(w) : -1);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            @Nullable Tensor[] out = new Tensor[call.inputs()];
            if (call.needs(0)) {
                out[0] = g.matmul(call.saved(call.slot(1)));
            }
            if (call.needs(1)) {
                out[1] = g.t().matmul(call.saved(call.slot(0)));
            }
            if (call.needs(2)) {
                out[2] = g.sum(0);
            }
            return out;
        }
    }

    /** Inputs a and b. */
    record Matmul() implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor a = in[0];
            Tensor b = in[1];
            if (a.dtype() != b.dtype() || !a.dtype().isFloating()) {
                throw new IllegalArgumentException("matmul needs two tensors of one floating type, got " + a.dtype()
                        + " " + a.shape() + " and " + b.dtype() + " " + b.shape());
            }
            if (a.size(-1) != b.size(-2)) {
                throw new IllegalArgumentException("matmul: " + a.shape() + " · " + b.shape() + ": the inner sizes "
                        + a.size(-1) + " and " + b.size(-2) + " differ");
            }
            Shape batch = Shape.broadcast(batch(a), batch(b));
            Tensor out = a.like(a.dtype(), matrix(batch, a.size(-2), b.size(-1)));
            Layout la = a.view.layout().expand(matrix(batch, a.size(-2), a.size(-1)));
            Layout lb = b.view.layout().expand(matrix(batch, b.size(-2), b.size(-1)));
            a.backend().matmul(a.view.with(la), b.view.with(lb), null, out.view);
            call.slot(0, call.needs(1) ? call.save(a) : -1);
            call.slot(1, call.needs(0) ? call.save(b) : -1);
            return out;
        }

        private static Shape batch(Tensor t) {
            return Shape.of(Arrays.copyOf(t.shape().toArray(), t.dim() - 2));
        }

        private static Shape matrix(Shape batch, long rows, long columns) {
            long[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
            sizes[batch.rank()] = rows;
            sizes[batch.rank() + 1] = columns;
            return Shape.of(sizes);
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            @Nullable Tensor[] out = new Tensor[2];
            if (call.needs(0)) {
                Tensor b = call.saved(call.slot(1));
                out[0] = g.matmul(b.transpose(-2, -1)).sumTo(call.inputShape(0));
            }
            if (call.needs(1)) {
                Tensor a = call.saved(call.slot(0));
                out[1] = a.transpose(-2, -1).matmul(g).sumTo(call.inputShape(1));
            }
            return out;
        }
    }
}
