package akari.tensor;

import akari.backend.Layout;
import org.jspecify.annotations.Nullable;

/** The change in place {@code inner} of the view {@code part}, as the change of its base that it is. */
record ViewChange(Call inner, Layout part, Layout whole) implements Op {
    @Override
    public String name() {
        return inner.op.name();
    }

    @Override
    public Tensor forward(Call call, Tensor[] in) {
        throw new AssertionError("only recorded, after " + name() + " ran");
    }

    @Override
    public @Nullable Tensor[] backward(Call call, Tensor g) {
        Tensor part = Tape.apply(new ViewOps.AsStrided(part(), whole), g);
        @Nullable Tensor[] results = new Tensor[inner.outputs()];
        results[0] = part;
        @Nullable Tensor[] out = Backward.derive(inner, results).clone();
        if (!call.needs(0)) {
            out[0] = null;
            return out;
        }
        Tensor hole = inner.needs(0) ? out[0] : null;
        ViewOps.Overwrite rest = new ViewOps.Overwrite(part(), whole);
        out[0] = hole == null ? Tape.apply(rest, g) : Tape.apply(rest, g, hole.to(g.dtype()));
        return out;
    }
}
