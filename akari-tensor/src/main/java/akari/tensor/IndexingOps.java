package akari.tensor;

import akari.backend.Combine;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Indexing}. */
final class IndexingOps {
    private IndexingOps() {}

    /** Operands as the backends take them: at least one dimension, an int64 index, no source beyond the index. */
    record Along(
            int dim, Tensor self, Tensor index, @Nullable Tensor source) {
        Tensor src() {
            Tensor s = source;
            if (s == null) {
                throw new IllegalStateException("no source");
            }
            for (int d = 0; d < s.dim(); d++) {
                s = s.size(d) == index.size(d) ? s : s.narrow(d, 0, index.size(d));
            }
            return s;
        }
    }

    /** The index of slices, spread over what they hold. */
    record Rows(int dim, Tensor self, Tensor index) {}

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
            Tensor index = call.saved(0);
            // single elements as scatterAdd adds them; whole rows, of which one index picks all, in their own type
            Tensor sum = index.view.layout().isContiguous()
                    ? Scattering.scatter(zeros, dim, index, g, Combine.ADD)
                    : Tape.apply(new Scatter(dim, Combine.ADD), zeros, index, g);
            return new @Nullable Tensor[] {sum, null};
        }
    }

    /**
     * Inputs: base, index, and a source of the index's shape; for MAX and MIN perhaps also the tensor from which the base was made, whose elements
     * share the gradient where they equal the result.
     */
    record Scatter(int dim, Combine how) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor out = in[0].like(in[0].dtype(), in[0].shape()).copy_(in[0]);
            out.backend().scatter(out.view, dim, in[1].view, in[2].view, how);
            call.save(in[1]);
            if (how != Combine.SET && how != Combine.ADD) {
                call.save(in[in.length > 3 ? 3 : 0]);
                call.save(in[2]);
                call.save(out);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor index = call.saved(0);
            return switch (how) {
                case SET -> {
                    Tensor hole = call.needs(0) ? Scattering.hole(g, dim, index) : null;
                    yield new @Nullable Tensor[] {
                        hole, null, call.needs(2) ? Tape.apply(new Gather(dim), g, index) : null
                    };
                }
                case ADD ->
                    new @Nullable Tensor[] {
                        call.needs(0) ? g : null, null, call.needs(2) ? Tape.apply(new Gather(dim), g, index) : null
                    };
                case MULTIPLY -> Scattering.product(dim, call.saved(1), index, call.saved(2), call.saved(3), g);
                case MAX, MIN ->
                    Scattering.extreme(call.inputs(), dim, call.saved(1), index, call.saved(2), call.saved(3), g);
            };
        }
    }
}
