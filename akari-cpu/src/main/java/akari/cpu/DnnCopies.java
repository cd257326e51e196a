package akari.cpu;

import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.View;
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
        if (same(v.layout(), want)) {
            return v.address();
        }
        long to = w.take(v.numel() * v.dtype().bytes());
        Layout l = v.layout();
        boolean planes = v.dtype() == DType.FLOAT32 && l.rank() == 4 && l.size(1) == 3 && l.isContiguous();
        if (planes && want.isChannelsLast()) {
            Interleave.run(workers, v.address(), l.size(0), l.size(2) * l.size(3), to);
        } else if (l.overlaps()) {
            gather(v, want, to);
        } else {
            between(v.dtype(), l, want).run(w, v.address(), to);
        }
        return to;
    }

    /** Where to write {@code v} as if its layout were {@code want}; then {@link #deliver}. */
    long out(Workspace w, View v, Layout want) {
        return same(v.layout(), want)
                ? v.address()
                : w.take(v.numel() * v.dtype().bytes());
    }

    void deliver(Workspace w, long written, Layout want, View v) {
        if (written != v.address()) {
            between(v.dtype(), want, v.layout()).run(w, written, v.address());
        }
    }

    /** Element by element: oneDNN describes no layout in which elements share memory. */
    private static void gather(View v, Layout want, long to) {
        Layout l = v.layout();
        long bytes = v.dtype().bytes();
        long[] at = new long[l.rank()];
        for (long i = v.numel(); i > 0; i--) {
            long from = 0;
            long into = 0;
            for (int d = 0; d < at.length; d++) {
                from += at[d] * l.stride(d);
                into += at[d] * want.stride(d);
            }
            MemorySegment.copy(
                    SystemMemory.ALL, v.address() + from * bytes, SystemMemory.ALL, to + into * bytes, bytes);
            for (int d = at.length - 1; d >= 0 && ++at[d] == l.size(d); d--) {
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

    /** Whether both put every element at the same place relative to the first one. */
    static boolean same(Layout a, Layout b) {
        for (int d = 0; d < a.rank(); d++) {
            if (a.stride(d) != b.stride(d) && a.size(d) > 1) {
                return false;
            }
        }
        return true;
    }
}
