package akari.cpu;

import akari.backend.Buffer;
import akari.backend.MemoryStats;

/** Native memory for tensors. */
final class Pool {
    /** Limits from {@code akari.memory.limit} and the machine's memory. */
    Pool() {}

    Buffer allocate(long bytes) {
        throw new UnsupportedOperationException("allocate " + bytes);
    }

    MemoryStats stats() {
        return new MemoryStats(0, 0, 0, 0, 0);
    }
}
