package akari.cpu.dimension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Stable sorting by packed keys: the upper 32 bits of an element's {@link SortKeys key} above its position make one long, and longs
 * are what the JDK sorts with vector instructions. As all of them differ, their order is unique: stable, and the same however the
 * work is divided. Elements of 64 bits whose upper halves agree are sorted once more, by the lower halves.
 */
public final class KeySort {
    private static final MemorySegment ALL = SystemMemory.ALL;
    /** Elements of one task. */
    private static final int GRAIN = 1 << 14;
    /** Elements of one part of a single long line, of which several are sorted at a time. */
    private static final int PART = LongSort.PART;

    private final Workers workers;
    private final long heap;

    public KeySort(Workers workers) {
        this(workers, Runtime.getRuntime().maxMemory());
    }

    /** @param heap bytes of the Java heap, half of which the sorting of lines there may take */
    KeySort(Workers workers, long heap) {
        this.workers = workers;
        this.heap = heap;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    public boolean run(View x, int dim, boolean descending, View out, View index) {
        int axis = x.layout().rank() == 0 ? 0 : x.shape().axis(dim);
        DimensionLines lines = new DimensionLines(axis, x, out, index);
        if (lines.length(0) > Integer.MAX_VALUE - 8) {
            return false;
        }
        if (out.numel() == 0) {
            return true;
        }
        int n = (int) lines.length(0);
        int k = (int) lines.length(1);
        if (16L * n > heap / 2 / workers.threads()) {
            for (long l = 0; l < lines.count; l++) {
                outside(lines, l, n, k, x.dtype(), descending);
            }
            return true;
        }
        long perTask = Math.max(1, GRAIN / n);
        workers.run(Math.toIntExact(Math.ceilDiv(lines.count, perTask)), t -> {
            SortKeys keys = new SortKeys(x.dtype(), descending);
            long[] order = new long[n];
            for (long l = t * perTask; l < Math.min((t + 1) * perTask, lines.count); l++) {
                long from = lines.address(0, l);
                order = keys.read(from, lines.stride(0), n, order);
                order = k <= n / 4 ? first(order, n, k, keys) : all(order, n, keys);
                place(lines, l, order, 0, k, x.dtype().bytes());
            }
        });
        return true;
    }

    // ---- the order of a line

    private long[] all(long[] order, int n, SortKeys keys) {
        long[] sorted = n > PART && workers.threads() > 1 ? inParts(order, n) : order;
        if (sorted == order) {
            Arrays.sort(order, 0, n);
        }
        refine(sorted, n, keys);
        return sorted;
    }

    /** Sorts elements that agree in the upper half of their keys by the lower one. */
    private static void refine(long[] order, int n, SortKeys keys) {
        if (keys.whole()) {
            return;
        }
        for (int a = 0; a < n; ) {
            int b = a + 1;
            while (b < n && order[b] >> 32 == order[a] >> 32) {
                b++;
            }
            if (b - a > 1) {
                for (int i = a; i < b; i++) {
                    order[i] = keys.lower(order[i]);
                }
                Arrays.sort(order, a, b);
            }
            a = b;
        }
    }

    /** The {@code k} first of the order: a buffer of candidates is sorted and cut down to them whenever it is full. */
    private static long[] first(long[] order, int n, int k, SortKeys keys) {
        long[] best = new long[Math.max(2 * k, 1024)];
        int count = 0;
        long limit = Long.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            if (order[i] <= limit) {
                best[count++] = order[i];
                if (count == best.length) {
                    Arrays.sort(best);
                    count = k;
                    limit = best[k - 1];
                }
            }
        }
        Arrays.sort(best, 0, count);
        if (keys.whole()) {
            return best;
        }
        // whatever shares the last one's upper half may come before it
        long last = best[k - 1] >> 32;
        count = 0;
        for (int i = 0; i < n; i++) {
            if (order[i] >> 32 <= last) {
                count++;
            }
        }
        best = new long[count];
        count = 0;
        for (int i = 0; i < n; i++) {
            if (order[i] >> 32 <= last) {
                best[count++] = order[i];
            }
        }
        Arrays.sort(best);
        refine(best, count, keys);
        return best;
    }

    private long[] inParts(long[] order, int n) {
        int parts = Integer.highestOneBit(Math.ceilDiv(n, PART));
        int size = Math.ceilDiv(n, parts);
        workers.run(parts, p -> Arrays.sort(order, Math.min(n, p * size), Math.min(n, (p + 1) * size)));
        long[] from = order;
        long[] to = new long[n];
        for (long width = size; width < n; width *= 2) {
            long[] source = from;
            long[] target = to;
            long w = width;
            workers.run(Math.toIntExact(Math.ceilDiv(n, 2 * width)), p -> {
                int a = (int) Math.min(n, p * 2 * w);
                int b = (int) Math.min(n, a + w);
                int c = (int) Math.min(n, a + 2 * w);
                merge(source, a, b, c, target);
            });
            from = target;
            to = source;
        }
        return from;
    }

    private static void merge(long[] from, int a, int b, int c, long[] to) {
        int i = a;
        int j = b;
        for (int k = a; k < c; k++) {
            to[k] = j == c || i < b && from[i] < from[j] ? from[i++] : from[j++];
        }
    }

    // ---- lines for which the heap has no room

    private void outside(DimensionLines lines, long line, int n, int k, DType type, boolean descending) {
        long order = SystemMemory.need(16L * n);
        try {
            long spare = order + 8L * n;
            long first = lines.address(0, line);
            long stride = lines.stride(0);
            workers.run(Math.ceilDiv(n, PART), p -> {
                int base = p * PART;
                int count = Math.min(PART, n - base);
                long[] part = new SortKeys(type, descending)
                        .read(first + base * stride * type.bytes(), stride, count, new long[count]);
                for (int i = 0; i < count; i++) {
                    part[i] += base;
                }
                MemorySegment.copy(part, 0, ALL, JAVA_LONG_UNALIGNED, order + 8L * base, count);
            });
            LongSort.sort(workers, order, n, spare);
            SortKeys keys = new SortKeys(type, descending);
            keys.over(first, stride);
            refine(order, n, keys, spare);
            long[] part = new long[Math.min(k, PART)];
            for (int base = 0; base < k; base += PART) {
                int count = Math.min(PART, k - base);
                MemorySegment.copy(ALL, JAVA_LONG_UNALIGNED, order + 8L * base, part, 0, count);
                place(lines, line, part, base, count, type.bytes());
            }
        } finally {
            SystemMemory.give(order);
        }
    }

    /** As {@link #refine(long[], int, SortKeys)}. */
    private void refine(long order, int n, SortKeys keys, long spare) {
        for (int a = 0; a < n && !keys.whole(); ) {
            int b = a + 1;
            while (b < n && LongSort.get(order, b) >> 32 == LongSort.get(order, a) >> 32) {
                b++;
            }
            if (b - a > 1) {
                for (int i = a; i < b; i++) {
                    ALL.set(JAVA_LONG_UNALIGNED, order + 8L * i, keys.lower(LongSort.get(order, i)));
                }
                LongSort.sort(workers, order + 8L * a, b - a, spare);
            }
            a = b;
        }
    }

    // ---- results

    /** Writes {@code k} results from place {@code first} on. */
    private static void place(DimensionLines lines, long line, long[] order, long first, int k, int bytes) {
        long from = lines.address(0, line);
        long fromStep = lines.stride(0) * bytes;
        long toStep = lines.stride(1) * bytes;
        long to = lines.address(1, line) + first * toStep;
        long indexStep = lines.stride(2) * Long.BYTES;
        long index = lines.address(2, line) + first * indexStep;
        for (int i = 0; i < k; i++) {
            int at = (int) order[i];
            ALL.set(JAVA_LONG_UNALIGNED, index + i * indexStep, at);
            copy(bytes, from + at * fromStep, to + i * toStep);
        }
    }

    private static void copy(int bytes, long from, long to) {
        switch (bytes) {
            case 1 -> ALL.set(JAVA_BYTE, to, ALL.get(JAVA_BYTE, from));
            case 2 -> ALL.set(JAVA_SHORT_UNALIGNED, to, ALL.get(JAVA_SHORT_UNALIGNED, from));
            case 4 -> ALL.set(JAVA_INT_UNALIGNED, to, ALL.get(JAVA_INT_UNALIGNED, from));
            default -> ALL.set(JAVA_LONG_UNALIGNED, to, ALL.get(JAVA_LONG_UNALIGNED, from));
        }
    }
}
