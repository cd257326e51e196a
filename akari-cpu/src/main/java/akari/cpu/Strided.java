package akari.cpu;

import akari.backend.Layout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Copies of elements between any two layouts in plain memory. */
final class Strided {
    private static final long BLOCK = 1 << 14;

    private Strided() {}

    /**
     * Copies {@code from}, whose elements of {@code bytes} (4 or 8) start at {@code source}, to {@code target} laid out as
     * {@code to}; the layouts have one shape, and their offsets do not count.
     */
    static void copy(Workers workers, int bytes, long source, Layout from, long target, Layout to) {
        int rank = from.rank();
        if (from.numel() == 0) {
            return;
        }
        // dimensions by falling step of the target, so that memory is written in order
        Integer[] order = new Integer[rank];
        Arrays.setAll(order, d -> d);
        Arrays.sort(order, (a, b) -> Long.compare(to.stride(b), to.stride(a)));
        int n = Math.max(rank, 1);
        long[] size = new long[n];
        long[] in = new long[n];
        long[] out = new long[n];
        Arrays.fill(size, 1);
        for (int i = 0; i < rank; i++) {
            size[i] = from.size(order[i]);
            in[i] = from.stride(order[i]) * bytes;
            out[i] = to.stride(order[i]) * bytes;
        }
        long length = size[n - 1];
        long lines = from.numel() / length;
        long linesPerTask = Math.max(1, BLOCK / length);
        workers.run(Math.toIntExact(Math.ceilDiv(lines, linesPerTask)), task -> {
            long last = Math.min(lines, (task + 1) * linesPerTask);
            for (long line = task * linesPerTask; line < last; line++) {
                long a = source;
                long b = target;
                long rest = line;
                for (int d = n - 2; d >= 0; d--) {
                    long i = rest % size[d];
                    rest /= size[d];
                    a += i * in[d];
                    b += i * out[d];
                }
                line(bytes, length, a, in[n - 1], b, out[n - 1]);
            }
        });
    }

    private static void line(int bytes, long n, long a, long in, long b, long out) {
        MemorySegment all = SystemMemory.ALL;
        if (in == bytes && out == bytes && n >= 32) {
            MemorySegment.copy(all, a, all, b, n * bytes);
        } else if (bytes == Float.BYTES) {
            for (long i = 0; i < n; i++) {
                all.set(
                        ValueLayout.JAVA_INT_UNALIGNED,
                        b + i * out,
                        all.get(ValueLayout.JAVA_INT_UNALIGNED, a + i * in));
            }
        } else {
            for (long i = 0; i < n; i++) {
                all.set(
                        ValueLayout.JAVA_LONG_UNALIGNED,
                        b + i * out,
                        all.get(ValueLayout.JAVA_LONG_UNALIGNED, a + i * in));
            }
        }
    }

    static void zero(long address, long bytes) {
        SystemMemory.ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
