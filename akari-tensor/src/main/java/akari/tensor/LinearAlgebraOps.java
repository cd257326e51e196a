package akari.tensor;

import akari.backend.Layout;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link LinearAlgebra}. */
final class LinearAlgebraOps {
    private LinearAlgebraOps() {}

    /** {@link LinearAlgebra#matmul}, not rounded to a half where its operands are halves. */
    static Tensor wide(Tensor a, Tensor b) {
        NullArgument.check(a, "a");
        return product(a, b, Autocast.lower(a).dtype().isHalf() ? DType.FLOAT32 : null);
    }

    static Tensor product(Tensor x, Tensor other, @Nullable DType dtype) {
        NullArgument.check(other, "other");
        Tensor a = Autocast.lower(x);
        Tensor b = Autocast.lower(other);
        if (a.dim() == 0 || b.dim() == 0) {
            throw new IllegalArgumentException(
                    "matmul needs at least one dimension, got " + a.shape() + " and " + b.shape());
        }
        if (a.dtype() != b.dtype() || a.dtype() == DType.BOOL) {
            throw ShapeMismatches.types("matmul", "two tensors of one type, and not of bool", a, b);
        }
        ShapeMismatches.checkInner(a.shape(), b.shape());
        boolean row = a.dim() == 1;
        boolean column = b.dim() == 1;
        Tensor l = row ? a.unsqueeze(0) : a;
        Tensor r = column ? b.unsqueeze(1) : b;
        Tensor out = Tape.apply(new Matmul(dtype), l, r);
        out = column ? out.squeeze(-1) : out;
        return row ? out.squeeze(column ? -1 : -2) : out;
    }

    /** One floating type for all; within autocast float32 parameters beside halves. */
    static void checkTypes(String op, Tensor x, Tensor weight, @Nullable Tensor bias) {
        boolean fits = x.dtype().isFloating();
        for (Tensor p : new @Nullable Tensor[] {weight, bias}) {
            boolean mixed = p != null && Autocast.isOn() && x.dtype().isHalf() && p.dtype() == DType.FLOAT32;
            fits &= p == null || p.dtype() == x.dtype() || mixed;
        }
        if (!fits) {
            throw ShapeMismatches.types(op, x, weight, bias);
        }
    }

    /** Inputs x {@code [n, in]}, weight {@code [out, in]} and perhaps bias. Its weight gradient lies in memory as the weight does. */
    record Linear() implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor w = Autocast.weight(in[1], x.dtype());
            Tensor out = x.like(x.dtype(), Shape.of(x.size(0), w.size(0)));
            x.backend()
                    .matmul(
                            x.view,
                            w.view.with(w.view.layout().transpose(0, 1)),
                            in.length > 2 ? in[2].view : null,
                            out.view);
            if (call.needs(0)) {
                Autocast.saveWeight(call, in[1], w);
            }
            call.slot(0, call.needs(1) ? call.save(x) : -1);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            @Nullable Tensor[] out = new Tensor[call.inputs()];
            if (call.needs(0)) {
                out[0] = Tape.apply(new Matmul(call.inputType(0)), g, Autocast.savedWeight(call));
            }
            if (call.needs(1)) {
                out[1] = Tape.apply(new Matmul(call.inputType(1)), g.t(), call.saved(call.slot(0)));
            }
            if (call.needs(2)) {
                out[2] = g.sum(0);
            }
            return out;
        }
    }

    /**
     * Inputs a and b; where one is a half and the other is not, that one is lowered.
     *
     * @param dtype of the result; null for the inputs'
     */
    record Matmul(@Nullable DType dtype) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor a = in[1].dtype().isHalf() ? Autocast.weight(in[0], in[1].dtype()) : in[0];
            Tensor b = Autocast.weight(in[1], a.dtype());
            ShapeMismatches.checkInner(a.shape(), b.shape());
            Shape batch = ShapeMismatches.batch(a.shape(), b.shape());
            Tensor out = a.like(dtype == null ? a.dtype() : dtype, matrix(batch, a.size(-2), b.size(-1)));
            Layout la = a.view.layout().expand(matrix(batch, a.size(-2), a.size(-1)));
            Layout lb = b.view.layout().expand(matrix(batch, b.size(-2), b.size(-1)));
            Tensor left = a.viewed(la);
            if (repeatTogether(la, lb)) {
                left = left.contiguous(); // a backend's product is of different matrices on at least one side
            }
            a.backend().matmul(left.view, b.view.with(lb), null, out.view);
            call.slot(0, call.needs(1) ? call.save(in[0]) : -1);
            call.slot(1, call.needs(0) ? call.save(in[1]) : -1);
            return out;
        }

        private static boolean repeatTogether(Layout a, Layout b) {
            for (int d = 0; d < a.rank() - 2; d++) {
                if (a.stride(d) == 0 && b.stride(d) == 0 && a.size(d) > 1) {
                    return true;
                }
            }
            return false;
        }

        private static Shape matrix(Shape batch, long rows, long columns) {
            long[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
            sizes[batch.rank()] = rows;
            sizes[batch.rank() + 1] = columns;
            return Shape.of(sizes);
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor given) {
            @Nullable Tensor[] out = new Tensor[2];
            DType type = call.inputType(0);
            Tensor g = type.isHalf() ? given.to(type) : given;
            if (call.needs(0)) {
                Tensor b = call.saved(call.slot(1));
                Matmul product = new Matmul(call.inputType(0));
                out[0] = Tape.apply(product, g, b.transpose(-2, -1)).sumTo(call.inputShape(0));
            }
            if (call.needs(1)) {
                Tensor a = call.saved(call.slot(0));
                Matmul product = new Matmul(call.inputType(1));
                out[1] = Tape.apply(product, a.transpose(-2, -1), g).sumTo(call.inputShape(1));
            }
            return out;
        }
    }
}
