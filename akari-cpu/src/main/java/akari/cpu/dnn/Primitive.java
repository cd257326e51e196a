package akari.cpu.dnn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import akari.cpu.machine.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A compiled oneDNN primitive. Any number of threads may run it at once: each run takes a prepared argument list, of which there
 * are as many as runs at one time, and puts the addresses of its data in.
 */
final class Primitive {
    private static final Cleaner CLEANER = Cleaner.create();

    private final String what;
    private final int threads;
    private final Handles handles;
    private final int[] arguments;
    private final long scratchpad;

    /**
     * @param what operation and shapes, for errors
     * @param threads how many OpenMP threads its runs use
     * @param recipe oneDNN's primitive descriptor; still the caller's
     * @param arguments in the order in which {@link #run} takes their addresses
     */
    Primitive(String what, int threads, long recipe, int... arguments) {
        this.what = what;
        this.threads = threads;
        this.arguments = arguments;
        long[] layouts = new long[arguments.length + 1];
        for (int i = 0; i <= arguments.length; i++) {
            layouts[i] = OneDnn.wanted(recipe, i < arguments.length ? arguments[i] : OneDnn.SCRATCHPAD);
        }
        this.scratchpad = OneDnn.bytes(layouts[arguments.length]);
        this.handles = new Handles(OneDnn.primitive(what, recipe), layouts, new ConcurrentLinkedQueue<>());
        CLEANER.register(this, handles);
    }

    private record Handles(long primitive, long[] layouts, ConcurrentLinkedQueue<Call> idle) implements Runnable {
        @Override
        public void run() {
            for (Call call : idle) {
                for (long memory : call.memories) {
                    OneDnn.destroyMemory(memory);
                }
            }
            for (long layout : layouts) {
                OneDnn.destroyDescriptor(layout);
            }
            OneDnn.destroyPrimitive(primitive);
        }
    }

    /** One argument list: {@code struct { int argument; dnnl_memory_t memory; }[]}. */
    private record Call(MemorySegment list, long[] memories) {}

    private Call call() {
        Call call = handles.idle.poll();
        if (call != null) {
            return call;
        }
        int n = scratchpad == 0 ? arguments.length : arguments.length + 1;
        MemorySegment list = Arena.ofAuto().allocate(16L * n, 8);
        long[] memories = new long[n];
        for (int i = 0; i < n; i++) {
            memories[i] = OneDnn.memory(handles.layouts[i]);
            list.set(JAVA_INT, 16L * i, i < arguments.length ? arguments[i] : OneDnn.SCRATCHPAD);
            list.set(JAVA_LONG, 16L * i + 8, memories[i]);
        }
        return new Call(list, memories);
    }

    /** Runs to the end; {@code addresses} in the order of the arguments. */
    void run(Workspace w, long... addresses) {
        Call call = call();
        for (int i = 0; i < addresses.length; i++) {
            OneDnn.set(call.memories[i], addresses[i]);
        }
        if (scratchpad > 0) {
            OneDnn.set(call.memories[addresses.length], w.take(scratchpad));
        }
        OneDnn.threads(threads);
        OneDnn.execute(what, handles.primitive, w.stream(OneDnn::stream), call.memories.length, call.list.address());
        handles.idle.add(call);
        Reference.reachabilityFence(this);
    }

    /** oneDNN's descriptor of the {@code i}-th argument, valid as long as this object. */
    long layout(int i) {
        return handles.layouts[i];
    }

    long bytes(int i) {
        return OneDnn.bytes(handles.layouts[i]);
    }
}
