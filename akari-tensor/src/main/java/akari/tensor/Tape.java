package akari.tensor;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records operations as the program runs them. The graph is nothing but the calls that a result references, so whatever the program
 * did (a branch, a loop, a recursion) is what is differentiated; {@link Backward} walks it.
 */
final class Tape {
    private Tape() {}

    static Tensor apply(Op op, Tensor... in) {
        Mode mode = Mode.current();
        return run(mode, new Call(op, in, records(mode, in)), in);
    }

    /** A call and its main result. */
    record Result(Call call, Tensor output) {}

    static Result call(Op op, Tensor... in) {
        Mode mode = Mode.current();
        Call call = new Call(op, in, records(mode, in));
        return new Result(call, run(mode, call, in));
    }

    /** All results of an operation that has several. */
    static Tensor[] applyAll(MultiOp op, Tensor... in) {
        Mode mode = Mode.current();
        Call call = new Call(op, in, records(mode, in));
        Tensor first = run(mode, call, in);
        Tensor[] out = new Tensor[call.outputs()];
        out[0] = first;
        for (int i = 1; i < out.length; i++) {
            out[i] = call.extra(i - 1);
            if (call.recording() && op.differentiable(i) && out[i].dtype().isFloating()) {
                out[i].link(call, i);
            }
        }
        call.handOver();
        if (mode.packing != null) {
            call.settle();
        }
        return out;
    }

    /**
     * Runs a composite. What it allocates beside its result is seen by nobody else: it returns to the pool at the end, or once
     * backward has consumed it. Whoever packs saved values may have kept some of it.
     */
    static Tensor composite(String name, Supplier<Tensor> body) {
        if (Mode.current().packing instanceof SavedTensorsHooks.Given) {
            return body.get();
        }
        try (Scope scope = new Scope(name)) {
            return scope.keep(body.get());
        }
    }

    private static boolean records(Mode mode, Tensor[] in) {
        return mode.grad && anyRequiresGrad(in);
    }

    private static Tensor run(Mode mode, Call call, Tensor[] in) {
        boolean before = mode.grad;
        Graph.Recorder recorder = mode.recorder;
        Anomaly anomaly = mode.anomaly;
        mode.grad = false;
        mode.recorder = null; // what an operation is made of is its own affair
        mode.anomaly = null;
        Tensor out;
        try {
            out = call.op.forward(call, in);
        } finally {
            mode.grad = before;
            mode.recorder = recorder;
            mode.anomaly = anomaly;
        }
        if (recorder != null) {
            recorder.record(call, in, out);
        }
        if (mode.grad && in.length > 0 && in[0] != out) {
            out.showing(in[0]);
        }
        if (call.recording()) {
            if (anomaly != null) {
                anomaly.forward(call, in, out);
            }
            if (out.dtype().isFloating() && (!(call.op instanceof MultiOp op) || op.differentiable(0))) {
                if (in.length > 0 && in[0] == out) {
                    out.relink(call);
                } else {
                    out.link(call, 0);
                }
            }
            if (mode.packing != null && !(call.op instanceof MultiOp)) {
                call.settle();
            }
        }
        return out;
    }

    static boolean anyRequiresGrad(@Nullable Tensor[] in) {
        for (Tensor t : in) {
            if (t != null && t.requiresGrad()) {
                return true;
            }
        }
        return false;
    }
}
