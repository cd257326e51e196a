package akari.tensor;

import org.jspecify.annotations.Nullable;

/** The operations behind {@link Draws}. */
final class DrawOps {
    private DrawOps() {}

    /** What was computed here is gone: no gradient flows back. */
    record Overwritten() implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            return in[0];
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {g.like(g.dtype(), g.shape()).zero_()};
        }
    }
}
