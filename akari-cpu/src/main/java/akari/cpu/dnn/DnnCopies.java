package akari.cpu.dnn;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Strided;
import java.lang.foreign.MemorySegment;

/** Brings operands into the layout that a primitive wants, and results back from it; no copy where they already agree. */
final class DnnCopies {
    private final Workers workers;
    private final DnnCache<Key, Primitive> cache = new DnnCache<>(DnnCopies::make);

    DnnCopies(Workers workers) {
        this.workers = workers;
    }

    private record Key(DType type, Layout from, Layout to, int threads) {}

    /** Where to read {@code v} as if its layout were {@code want}, starting at offset 0. */
    long in(Workspace w, View v, Layout want) {
        if (Strided.same(v.layout(), want)) {
            return v.address();
        }
        long to = w.take(v.numel() * v.dtype().bytes());
        Layout l = v.layout();
        boolean planes = v.dtype() == DType.FLOAT32 && l.rank() == 4 && l.size(1) == 3 && l.isContiguous();
        if (planes && want.isChannelsLast()) {
            Interleave.run(workers, v.address(), l.size(0), l.size(2) * l.size(3), to);
        } else if (!described(l)) {
            copy(v.dtype(), l, v.address(), want, to);
        } else {
            between(v.dtype(), l, want).run(w, v.address(), to);
        }
        return to;
    }

    /** Where to write {@code v} as if its layout were {@code want}; then {@link #deliver}. */
    long out(Workspace w, View v, Layout want) {
        return Strided.same(v.layout(), want)
                ? v.address()
                : w.take(v.numel() * v.dtype().bytes());
    }

    void deliver(Workspace w, long written, Layout want, View v) {
        if (written == v.address()) {
            return;
        }
        if (described(v.layout())) {
            between(v.dtype(), want, v.layout()).run(w, written, v.address());
        } else {
            copy(v.dtype(), want, written, v.layout(), v.address());
        }
    }

    /** Whether oneDNN has words for it: each dimension steps over all of the next smaller stride, so no two are interleaved. */
    static boolean described(Layout l) {
        long[] strides = l.strides();
        boolean[] done = new boolean[strides.length];
        long least = 1;
        while (true) {
            int next = -1;
            for (int d = 0; d < strides.length; d++) {
                if (!done[d] && l.size(d) > 1 && (next < 0 || strides[d] < strides[next])) {
                    next = d;
                }
            }
            if (next < 0) {
                return true;
            }
            if (strides[next] < least) {
                return false;
            }
            done[next] = true;
            least = strides[next] * l.size(next);
        }
    }

    /** Element by element, for layouts without a descriptor. */
    private static void copy(DType type, Layout from, long source, Layout to, long target) {
        long bytes = type.bytes();
        long[] at = new long[from.rank()];
        for (long i = from.numel(); i > 0; i--) {
            long read = 0;
            long written = 0;
            for (int d = 0; d < at.length; d++) {
                read += at[d] * from.stride(d);
                written += at[d] * to.stride(d);
            }
            MemorySegment.copy(
                    SystemMemory.ALL, source + read * bytes, SystemMemory.ALL, target + written * bytes, bytes);
            for (int d = at.length - 1; d >= 0 && ++at[d] == from.size(d); d--) {
                at[d] = 0;
            }
        }
    }

    private Primitive between(DType type, Layout from, Layout to) {
        return cache.get(new Key(type, from.at(0), to.at(0), DnnLayers.threads(workers, 8 * from.numel())));
    }

    private static Primitive make(Key k) {
        long source = descriptor(k.type, k.from);
        long target = descriptor(k.type, k.to);
        Primitive p = reorder("copy from " + k.from + " to " + k.to, k.threads, source, target);
        OneDnn.destroyDescriptor(source);
        OneDnn.destroyDescriptor(target);
        return p;
    }

    /** A copy between two descriptors, which stay the caller's. */
    static Primitive reorder(String what, int threads, long from, long to) {
        OneDnn.threads(threads);
        long recipe = OneDnn.reorder(what, from, to);
        Primitive p = new Primitive(what, threads, recipe, OneDnn.SRC, OneDnn.DST);
        OneDnn.destroyRecipe(recipe);
        return p;
    }

    /** oneDNN's descriptor of a layout, now the caller's. */
    static long descriptor(DType type, Layout layout) {
        return layout.rank() == 0
                ? OneDnn.strided(type, new long[] {1}, new long[] {1})
                : OneDnn.strided(type, layout.shape().toArray(), layout.strides());
    }
}
