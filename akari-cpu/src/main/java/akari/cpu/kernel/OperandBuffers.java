package akari.cpu.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.transfer.Bfloat16;
import akari.cpu.transfer.Blocks;
import akari.cpu.transfer.Strided;
import akari.cpu.transfer.Transfer;
import akari.cpu.transfer.WideTransfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** A thread's buffers for operands that are not as a compiled kernel wants them: in another type, or not contiguous. */
final class OperandBuffers {
    /** Elements of a row that pass through at a time. */
    static final int SIZE = Blocks.SIZE;

    private static final MemorySegment ALL = SystemMemory.ALL;

    private final float[] row = new float[SIZE];
    private final long[] longs = new long[SIZE];
    private MemorySegment memory = MemorySegment.NULL;
    private long[] at = {};

    /**
     * @param staged has a bit for every operand that is to pass through a buffer
     * @param from where the operands begin, outputs first
     */
    void run(
            Loop loop,
            Lane lane,
            int outputs,
            long staged,
            DType[] types,
            long[] from,
            long[] stride,
            double[] scalars,
            int n) {
        int operands = types.length;
        if (at.length != operands) {
            if (memory.byteSize() < operands * SIZE * 8L) {
                memory = Arena.ofAuto().allocate(operands * SIZE * 8L, 64);
            }
            at = new long[operands];
        }
        for (int v = 0; v < operands; v++) {
            at[v] = from[v];
            if ((staged >> v & 1) != 0) {
                at[v] = memory.address() + v * SIZE * 8L;
                if (v >= outputs) {
                    load(lane, types[v], from[v], stride[v], at[v], n);
                }
            }
        }
        loop.run(at, scalars, n);
        for (int v = 0; v < outputs; v++) {
            if ((staged >> v & 1) != 0) {
                store(lane, types[v], at[v], from[v], stride[v], n);
            }
        }
        Reference.reachabilityFence(memory);
    }

    private void load(Lane lane, DType type, long from, long stride, long to, int n) {
        if (lane.reads(type)) {
            Strided.line(lane.bytes, n, from, stride * lane.bytes, to, lane.bytes);
            return;
        }
        Blocks b = Blocks.get();
        switch (lane) {
            case FLOAT -> {
                if (type == DType.BFLOAT16 && stride == 1) {
                    Bfloat16.WARMUP.await();
                    Bfloat16.widen(from, to, n);
                } else {
                    Transfer.load(type, from, stride, row, n);
                    MemorySegment.copy(row, 0, ALL, JAVA_FLOAT, to, n);
                }
            }
            case DOUBLE -> {
                if (type.isFloating()) {
                    WideTransfer.load(type, from, stride, b.doubles, n, row);
                } else {
                    WideTransfer.load(type, from, stride, longs, n);
                    for (int i = 0; i < n; i++) {
                        b.doubles[i] = longs[i];
                    }
                }
                MemorySegment.copy(b.doubles, 0, ALL, JAVA_DOUBLE, to, n);
            }
            case INT -> {
                WideTransfer.load(type, from, stride, longs, n);
                for (int i = 0; i < n; i++) {
                    b.ints[i] = (int) longs[i];
                }
                MemorySegment.copy(b.ints, 0, ALL, JAVA_INT, to, n);
            }
            case LONG -> {
                WideTransfer.load(type, from, stride, longs, n);
                MemorySegment.copy(longs, 0, ALL, JAVA_LONG, to, n);
            }
            case BYTE -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, to + i, (byte) (ALL.get(JAVA_BYTE, from + i * stride) != 0 ? 1 : 0));
                }
            }
            case BOOL -> throw new IllegalStateException(type + " in " + lane + " lanes");
        }
    }

    private void store(Lane lane, DType type, long from, long to, long stride, int n) {
        if (lane.is(type) && type != DType.BOOL) {
            Strided.line(lane.bytes, n, from, lane.bytes, to, stride * lane.bytes);
            return;
        }
        Blocks b = Blocks.get();
        switch (lane) {
            case FLOAT -> {
                if (type == DType.BFLOAT16 && stride == 1) {
                    Bfloat16.WARMUP.await();
                    Bfloat16.narrow(from, to, n);
                } else if (type == DType.BOOL && stride == 1) {
                    // by their bits, which the JIT makes vector code of
                    MemorySegment.copy(ALL, JAVA_INT, from, b.ints, 0, n);
                    for (int i = 0; i < n; i++) {
                        longs[i] = b.ints[i] & 0x7fff_ffff;
                    }
                    WideTransfer.store(type, longs, to, stride, n);
                } else {
                    MemorySegment.copy(ALL, JAVA_FLOAT, from, row, 0, n);
                    Transfer.store(type, row, to, stride, n);
                }
            }
            case DOUBLE -> {
                MemorySegment.copy(ALL, JAVA_DOUBLE, from, b.doubles, 0, n);
                if (type == DType.FLOAT32 || type.isHalf()) {
                    WideTransfer.store(type, b.doubles, to, stride, n, row);
                } else {
                    for (int i = 0; i < n; i++) {
                        Transfer.store(type, b.doubles[i], to + i * stride * type.bytes());
                    }
                }
            }
            case INT -> {
                MemorySegment.copy(ALL, JAVA_INT, from, b.ints, 0, n);
                for (int i = 0; i < n; i++) {
                    longs[i] = b.ints[i];
                }
                WideTransfer.store(type, longs, to, stride, n);
            }
            case LONG -> {
                MemorySegment.copy(ALL, JAVA_LONG, from, longs, 0, n);
                WideTransfer.store(type, longs, to, stride, n);
            }
            case BOOL, BYTE -> {
                // as it is, or as truth
                MemorySegment.copy(ALL, JAVA_BYTE, from, b.bytes, 0, n);
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, to + i * stride, (byte) (b.bytes[i] != 0 ? 1 : 0));
                }
            }
        }
    }
}
