package akari.cpu.dimension;

import akari.backend.ReduceOp;
import akari.core.DType;
import akari.cpu.transfer.WideTransfer;
import java.util.Arrays;

/** Lanes of integers and of truth. */
final class LongLanes extends Lanes {
    private final ReduceOp op;
    private final DType type;
    private final long[] acc;
    private final long[][] x;

    LongLanes(ReduceOp op, DType type, int width) {
        super(width, isArg(op));
        this.op = op;
        this.type = type;
        acc = new long[width];
        x = new long[PARTS][width];
    }

    @Override
    void clear() {
        Arrays.fill(acc, identity());
        Arrays.fill(where, 0);
    }

    private long identity() {
        return switch (op) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MAX, ARGMAX -> Long.MIN_VALUE;
            case MIN, ARGMIN -> Long.MAX_VALUE;
        };
    }

    @Override
    void load(long address, long stride, int at, int n) {
        for (int k = 0; k < n; k += width) {
            read(address + k * stride * type.bytes(), stride, x[(at + k) / width], Math.min(width, n - k));
        }
    }

    private void read(long address, long stride, long[] x, int n) {
        WideTransfer.load(type, address, stride, x, 0, n);
        if (isTruth(op) && type != DType.BOOL) {
            for (int i = 0; i < n; i++) {
                x[i] = (x[i] | -x[i]) >>> 63;
            }
        }
    }

    @Override
    void pad(int from, int to) {
        for (int i = from; i < to; i++) {
            x[i / width][i % width] = identity();
        }
    }

    @Override
    void take(int parts, int n) {
        for (int k = 0; k < parts; k++) {
            combine(acc, x[k], n);
        }
    }

    @Override
    void take(Lanes others, int n) {
        combine(acc, ((LongLanes) others).acc, n);
    }

    @Override
    void fold() {
        for (int n = width; n > 1; n = (n + 1) / 2) {
            System.arraycopy(acc, (n + 1) / 2, x[0], 0, n / 2);
            combine(acc, x[0], n / 2);
        }
    }

    @Override
    void store(DType t, int lane, long address) {
        WideTransfer.store(t, where.length > 0 ? where[lane] : acc[lane], address);
    }

    @Override
    void locate(int n, boolean together, long position) {
        boolean largest = isLargest(op);
        for (int i = 0; i < n; i++) {
            int lane = together ? 0 : i;
            if (largest ? x[0][i] > acc[lane] : x[0][i] < acc[lane]) {
                acc[lane] = x[0][i];
                where[lane] = together ? position + i : position;
            }
        }
    }

    private void combine(long[] to, long[] x, int n) {
        switch (op) {
            case SUM -> {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] + x[i];
                }
            }
            case PROD -> {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] * x[i];
                }
            }
            case ANY -> {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] | x[i];
                }
            }
            case ALL -> {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] & x[i];
                }
            }
            case MAX, ARGMAX -> {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.max(to[i], x[i]);
                }
            }
            case MIN, ARGMIN -> {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.min(to[i], x[i]);
                }
            }
        }
    }
}
