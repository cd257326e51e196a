package akari.cpu.transfer;

import akari.backend.Layout;
import akari.backend.View;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies of elements between any two layouts in plain memory. */
public final class Strided {
    /** Elements of a task. */
    private static final long BLOCK = 1 << 14;
    /** Rows and columns of a tile. */
    private static final long TILE = 64;

    private Strided() {}

    /**
     * Copies {@code from}, whose elements of {@code bytes} (1, 2, 4 or 8) start at {@code source}, to {@code target} laid out as
     * {@code to}; the layouts have one shape, and their offsets do not count.
     */
    public static void copy(Workers workers, int bytes, long source, Layout from, long target, Layout to) {
        if (from.numel() == 0) {
            return;
        }
        // dimensions by falling step of the target, so that memory is written in order, and merged where both sides
        // allow
        int n = 0;
        long[] size = new long[from.rank() + 2];
        long[] in = new long[size.length];
        long[] out = new long[size.length];
        for (int d : order(to)) {
            long count = from.size(d);
            if (count == 1) {
                continue;
            }
            long a = from.stride(d) * bytes;
            long b = to.stride(d) * bytes;
            if (n > 0 && in[n - 1] == a * count && out[n - 1] == b * count) {
                n--;
            } else {
                size[n] = 1;
            }
            size[n] *= count;
            in[n] = a;
            out[n++] = b;
        }
        if (n < 2) {
            // at least a plane
            size[1] = n == 0 ? 1 : size[0];
            in[1] = n == 0 ? bytes : in[0];
            out[1] = n == 0 ? bytes : out[0];
            size[0] = 1;
            n = 2;
        }
        planes(workers, bytes, source, target, n, size, in, out);
    }

    /** Copies between views of one shape and type. */
    public static void copy(Workers workers, int bytes, View from, View to) {
        copy(workers, bytes, from.address(), from.layout(), to.address(), to.layout());
    }

    private static int[] order(Layout l) {
        int[] order = new int[l.rank()];
        for (int d = 0; d < order.length; d++) {
            int i = d;
            for (; i > 0 && l.stride(order[i - 1]) < l.stride(d); i--) {
                order[i] = order[i - 1];
            }
            order[i] = d;
        }
        return order;
    }

    /** Goes through the planes of the last two dimensions by tiles: of a transposed plane, both sides' lines then stay in the cache. */
    private static void planes(
            Workers workers, int bytes, long source, long target, int n, long[] size, long[] in, long[] out) {
        long rows = size[n - 2];
        long columns = size[n - 1];
        boolean straight = in[n - 1] == bytes && out[n - 1] == bytes;
        long width = Math.min(columns, straight ? BLOCK : TILE);
        long height = Math.min(rows, Math.max(1, (straight ? BLOCK : TILE * TILE) / width));
        long across = Math.ceilDiv(columns, width);
        long down = Math.ceilDiv(rows, height);
        long tiles = across * down;
        for (int d = 0; d < n - 2; d++) {
            tiles *= size[d];
        }
        long all = tiles;
        long perTask = Math.max(1, BLOCK / (width * height));
        workers.run(Math.toIntExact(Math.ceilDiv(all, perTask)), task -> {
            for (long t = task * perTask; t < Math.min(all, (task + 1) * perTask); t++) {
                long column = t % across * width;
                long row = t / across % down * height;
                long a = source + row * in[n - 2] + column * in[n - 1];
                long b = target + row * out[n - 2] + column * out[n - 1];
                long rest = t / across / down;
                for (int d = n - 3; d >= 0; d--) {
                    long i = rest % size[d];
                    rest /= size[d];
                    a += i * in[d];
                    b += i * out[d];
                }
                long w = Math.min(width, columns - column);
                long h = Math.min(height, rows - row);
                if (w >= h || straight && w >= 32) {
                    for (long i = 0; i < h; i++) {
                        line(bytes, w, a + i * in[n - 2], in[n - 1], b + i * out[n - 2], out[n - 1]);
                    }
                } else {
                    for (long i = 0; i < w; i++) {
                        line(bytes, h, a + i * in[n - 1], in[n - 2], b + i * out[n - 1], out[n - 2]);
                    }
                }
            }
        });
    }

    /** {@code n} elements, {@code in} and {@code out} bytes apart. */
    public static void line(int bytes, long n, long a, long in, long b, long out) {
        MemorySegment all = SystemMemory.ALL;
        if (in == bytes && out == bytes && n >= 32) {
            MemorySegment.copy(all, a, all, b, n * bytes);
            return;
        }
        if (in == -bytes && out == bytes && bytes < 8) {
            backwards(bytes, n, a, b);
            return;
        }
        switch (bytes) {
            case 1 -> {
                for (long i = 0; i < n; i++) {
                    all.set(ValueLayout.JAVA_BYTE, b + i * out, all.get(ValueLayout.JAVA_BYTE, a + i * in));
                }
            }
            case 2 -> {
                for (long i = 0; i < n; i++) {
                    short x = all.get(ValueLayout.JAVA_SHORT_UNALIGNED, a + i * in);
                    all.set(ValueLayout.JAVA_SHORT_UNALIGNED, b + i * out, x);
                }
            }
            case 4 -> {
                for (long i = 0; i < n; i++) {
                    int x = all.get(ValueLayout.JAVA_INT_UNALIGNED, a + i * in);
                    all.set(ValueLayout.JAVA_INT_UNALIGNED, b + i * out, x);
                }
            }
            default -> {
                for (long i = 0; i < n; i++) {
                    long x = all.get(ValueLayout.JAVA_LONG_UNALIGNED, a + i * in);
                    all.set(ValueLayout.JAVA_LONG_UNALIGNED, b + i * out, x);
                }
            }
        }
    }

    /** As {@link #line} of neighbours in reverse order, eight bytes at a time. */
    private static void backwards(int bytes, long n, long a, long b) {
        MemorySegment all = SystemMemory.ALL;
        int each = 8 / bytes;
        long i = 0;
        for (; i + each <= n; i += each) {
            long x = all.get(ValueLayout.JAVA_LONG_UNALIGNED, a - (i + each - 1) * bytes);
            x = switch (bytes) {
                case 1 -> Long.reverseBytes(x);
                case 2 -> Long.rotateLeft((x & 0xffff_0000_ffffL) << 16 | x >>> 16 & 0xffff_0000_ffffL, 32);
                default -> Long.rotateLeft(x, 32);
            };
            all.set(ValueLayout.JAVA_LONG_UNALIGNED, b + i * bytes, x);
        }
        for (; i < n; i++) {
            MemorySegment.copy(all, a - i * bytes, all, b + i * bytes, bytes);
        }
    }

    public static void zero(long address, long bytes) {
        SystemMemory.ALL.asSlice(address, bytes).fill((byte) 0);
    }

    /** Whether both put every element at the same place relative to the first one. */
    public static boolean same(Layout a, Layout b) {
        for (int d = 0; d < a.rank(); d++) {
            if (a.stride(d) != b.stride(d) && a.size(d) > 1) {
                return false;
            }
        }
        return true;
    }
}
