package akari.cpu.dimension;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Sorts longs in plain memory, of which the Java heap has room for parts alone: those are sorted there, and merged outside. */
final class LongSort {
    static final int PART = 1 << 17;

    private static final MemorySegment ALL = SystemMemory.ALL;

    private LongSort() {}

    /** @param spare as much memory again */
    static void sort(Workers workers, long address, long n, long spare) {
        workers.run(Math.toIntExact(Math.ceilDiv(n, PART)), p -> {
            long at = address + 8L * p * PART;
            long[] part = new long[(int) Math.min(PART, n - (long) p * PART)];
            MemorySegment.copy(ALL, JAVA_LONG_UNALIGNED, at, part, 0, part.length);
            Arrays.sort(part);
            MemorySegment.copy(part, 0, ALL, JAVA_LONG_UNALIGNED, at, part.length);
        });
        long from = address;
        long to = spare;
        for (long width = PART; width < n; width *= 2) {
            long source = from;
            long target = to;
            long w = width;
            workers.run(Math.toIntExact(Math.ceilDiv(n, 2 * width)), p -> {
                long a = p * 2 * w;
                merge(source, a, Math.min(n, a + w), Math.min(n, a + 2 * w), target);
            });
            from = target;
            to = source;
        }
        if (from != address) {
            MemorySegment.copy(ALL, from, ALL, address, 8 * n);
        }
    }

    static long get(long address, long i) {
        return ALL.get(JAVA_LONG_UNALIGNED, address + 8 * i);
    }

    private static void merge(long from, long a, long b, long c, long to) {
        long i = a;
        long j = b;
        for (long k = a; k < c; k++) {
            boolean first = j == c || i < b && get(from, i) < get(from, j);
            ALL.set(JAVA_LONG_UNALIGNED, to + 8 * k, get(from, first ? i++ : j++));
        }
    }
}
