package akari.cpu;

import akari.backend.Buffer;
import akari.backend.Kernel;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.kernel.Elements;
import akari.formula.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Lets FLOAT32 kernels serve halves that have no kernel of their own: operands and results pass through FLOAT32 memory. */
final class Widening {
    private static final Kernel COPY = new Kernel("copy", 1, 0, List.of(Expr.in(0)));
    private static final double[] NO_SCALARS = {};

    private final Elements elements;
    private final LongFunction<Buffer> memory;

    Widening(Elements elements, LongFunction<Buffer> memory) {
        this.elements = elements;
        this.memory = memory;
    }

    /**
     * Runs {@code body} on the operands, inputs before outputs, with FLOAT32 ones in place of halves.
     *
     * @return whether there was a half; if not, nothing was done
     */
    boolean run(@Nullable View[] inputs, @Nullable View[] outputs, Consumer<View[]> body) {
        @Nullable View[] views = new View[inputs.length + outputs.length];
        System.arraycopy(inputs, 0, views, 0, inputs.length);
        System.arraycopy(outputs, 0, views, inputs.length, outputs.length);
        List<Buffer> taken = new ArrayList<>();
        for (int i = 0; i < views.length; i++) {
            View v = views[i];
            if (v != null && v.dtype().isHalf()) {
                View wide = wide(v);
                taken.add(wide.buffer());
                views[i] = wide;
                if (i < inputs.length) {
                    copy(v, wide);
                }
            }
        }
        if (taken.isEmpty()) {
            return false;
        }
        body.accept(views);
        for (int i = 0; i < outputs.length; i++) {
            View to = outputs[i];
            View from = views[inputs.length + i];
            if (to != null && from != null && from != to) {
                copy(from, to);
            }
        }
        for (Buffer b : taken) {
            b.release("the end of a call on halves");
        }
        return true;
    }

    private View wide(View v) {
        Layout layout = v.layout().like(v.shape());
        return new View(memory.apply(layout.numel() * Float.BYTES), DType.FLOAT32, layout);
    }

    private void copy(View from, View to) {
        elements.run(COPY, DType.FLOAT32, NO_SCALARS, new View[] {to}, new View[] {from});
    }
}
