package akari.tensor;

import akari.backend.Backend;
import akari.backend.Kernel;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.formula.Expr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Shaping}. */
final class ShapingOps {
    private ShapingOps() {}

    static final Kernel IDENTITY = new Kernel("copy", 1, 0, List.of(Expr.in(0)));

    /** A copy, perhaps of another type: row-major if asked for, else in the source's memory order. */
    record Copy(DType dtype, boolean rowMajor) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Layout from = x.view.layout();
            Layout to = rowMajor ? Layout.contiguous(x.shape()) : from.like(x.shape());
            Tensor out = Tensor.allocate(x.backend(), dtype, to);
            if (x.numel() > 0) {
                // exact in every case: float32 serves all that fits it, because it is the fast one
                DType compute =
                        x.dtype().fitsFloat32() ? DType.FLOAT32 : x.dtype().compute();
                x.backend().pointwise(IDENTITY, compute, new double[0], new View[] {out.view}, new View[] {x.view});
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {g.to(call.inputType(0))};
        }
    }

    /** A copy on another device. */
    record Transfer(Device device) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0].contiguous();
            Backend target = Backend.of(device);
            Tensor out = Tensor.allocate(target, x.dtype(), Layout.contiguous(x.shape()));
            long bytes = x.numel() * x.dtype().bytes();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment host = arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
                x.backend()
                        .download(
                                x.view.buffer(),
                                x.view.layout().offset() * x.dtype().bytes(),
                                host);
                target.upload(host, out.view.buffer(), 0);
            }
            call.extras(in[0].detach());
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {g.to(call.extra(0).device())};
        }
    }

    record Reshape(Shape target) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Layout view = in[0].view.layout().reshape(target);
            if (view != null) {
                return in[0].viewed(view);
            }
            Tensor copy = in[0].contiguous();
            return new Tensor(copy.backend(), copy.view.with(Layout.contiguous(target)));
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {g.reshape(call.inputShape(0))};
        }
    }

    record Expand(Shape target) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            return in[0].viewed(in[0].view.layout().expand(target));
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {g.sumTo(call.inputShape(0))};
        }
    }

    /** Concatenation along {@code dim}. */
    record Cat(int dim) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Shape first = in[0].shape();
            long total = 0;
            DType type = Elementwise.promoted(in);
            for (int i = 0; i < in.length; i++) {
                if (in[i].dim() != first.rank()
                        || !in[i].shape().with(dim, first.get(dim)).equals(first)) {
                    throw ShapeMismatches.cat(dim, i, in[i].shape(), first);
                }
                total += in[i].size(dim);
            }
            Tensor out = in[0].like(type, first.with(dim, total));
            long at = 0;
            for (Tensor t : in) {
                out.narrow(dim, at, t.size(dim)).copy_(t);
                at += t.size(dim);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            @Nullable Tensor[] out = new Tensor[call.inputs()];
            long at = 0;
            for (int i = 0; i < out.length; i++) {
                long n = call.inputShape(i).get(dim);
                out[i] = call.needs(i) ? g.narrow(dim, at, n).to(call.inputType(i)) : null;
                at += n;
            }
            return out;
        }
    }
}
