package akari.tensor;

import akari.backend.Backend;
import akari.backend.View;
import akari.core.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Rearranging}. */
final class RearrangingOps {
    private RearrangingOps() {}

    /** A copy that reads the dimensions {@code dims} backwards. */
    record Flip(List<Integer> dims) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor out = Tensor.allocate(x.backend(), x.dtype(), x.view.layout().like(x.shape()));
            boolean[] which = new boolean[x.dim()];
            dims.forEach(d -> which[d] = true);
            if (x.numel() > 0) {
                View back = x.view.with(x.view.layout().flip(which));
                DType compute = x.dtype().compute();
                x.backend()
                        .pointwise(ShapingOps.IDENTITY, compute, Backend.NO_SCALARS, new View[] {out.view}, new View[] {
                            back
                        });
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(this, g)};
        }
    }
}
