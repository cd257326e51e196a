package akari.tensor;

import akari.backend.DType;
import akari.backend.Shape;
import org.jspecify.annotations.Nullable;

/** Picking and placing elements by index tensors. Indices are int64, checked against the dimension. */
public sealed interface Indexing permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code out[i][j] = this[index[i][j]][j]} for {@code dim = 0}, and so on; {@code index} has this tensor's rank. */
    default Tensor gather(int dim, Tensor index) {
        return Tape.apply(new Gather(axis("gather", dim, index)), self(), index);
    }

    /** The slices {@code index[0], index[1], …} of dimension {@code dim}; {@code index} has one dimension. */
    default Tensor indexSelect(int dim, Tensor index) {
        if (index.dim() != 1) {
            throw new IllegalArgumentException("indexSelect needs a 1-d index, got shape " + index.shape());
        }
        int axis = self().shape().axis(dim);
        Shape wanted = self().shape().with(axis, index.numel());
        Shape column = Shape.fill(self().dim(), 1).with(axis, index.numel());
        return self().gather(axis, index.reshape(column).expand(wanted.toArray()));
    }

    /** A copy of this tensor with {@code src} added at {@code index} along {@code dim}; repeated indices add up. */
    default Tensor scatterAdd(int dim, Tensor index, Tensor src) {
        return Tape.apply(new Scatter(axis("scatterAdd", dim, index), true), self(), index, src);
    }

    /** A copy of this tensor with {@code src} placed at {@code index} along {@code dim}. */
    default Tensor scatter(int dim, Tensor index, Tensor src) {
        return Tape.apply(new Scatter(axis("scatter", dim, index), false), self(), index, src);
    }

    private int axis(String op, int dim, Tensor index) {
        if (index.dtype() != DType.INT64) {
            throw new IllegalArgumentException(op + " needs an int64 index, got " + index.dtype());
        }
        if (index.dim() != self().dim()) {
            throw new IllegalArgumentException(op + ": the index of shape " + index.shape()
                    + " must have as many dimensions as " + self().shape());
        }
        int axis = self().shape().axis(dim);
        for (int d = 0; d < index.dim(); d++) {
            if (d != axis && index.size(d) > self().size(d)) {
                throw new IllegalArgumentException(op + " along dimension " + axis + ": index shape " + index.shape()
                        + " exceeds " + self().shape() + " at dimension " + d);
            }
        }
        return axis;
    }

    record Gather(int dim) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor out = x.like(x.dtype(), in[1].shape());
            x.backend().gather(x.view, dim, in[1].view, out.view);
            call.save(in[1]);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor zeros = g.like(g.dtype(), call.inputShape(0)).zero_();
            return new @Nullable Tensor[] {zeros.scatterAdd(dim, call.saved(0), g), null};
        }
    }

    /** Inputs: base, index, src. */
    record Scatter(int dim, boolean add) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Shape src = in[2].shape();
            Shape index = in[1].shape();
            boolean fits = src.rank() == index.rank();
            for (int d = 0; fits && d < src.rank(); d++) {
                fits = index.get(d) <= src.get(d);
            }
            if (!fits || in[2].dtype() != in[0].dtype()) {
                throw new IllegalArgumentException(name() + ": src " + in[2].dtype() + " " + src
                        + " must cover the index " + index + " and have the type " + in[0].dtype());
            }
            Tensor out = in[0].contiguous();
            if (out == in[0]) {
                out = in[0].clone().contiguous();
            }
            Tensor part = in[2];
            for (int d = 0; d < src.rank(); d++) {
                part = part.narrow(d, 0, index.get(d));
            }
            out.backend().scatter(out.view, dim, in[1].view, part.view, add);
            call.save(in[1]);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor index = call.saved(0);
            Tensor base = g;
            if (call.needs(0) && !add) {
                base = g.scatter(
                        dim, index, index.like(g.dtype(), index.shape()).zero_());
            }
            Tensor src = null;
            if (call.needs(2)) {
                src = g.gather(dim, index);
                Shape full = call.inputShape(2);
                for (int d = 0; d < full.rank(); d++) {
                    if (full.get(d) != index.size(d)) {
                        Shaping.Slice where = new Shaping.Slice(d, 0, index.size(d), 1);
                        src = Tape.apply(new Shaping.Embed(where, src.shape().with(d, full.get(d))), src);
                    }
                }
            }
            return new @Nullable Tensor[] {call.needs(0) ? base : null, null, src};
        }
    }
}
