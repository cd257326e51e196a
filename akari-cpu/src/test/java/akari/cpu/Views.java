package akari.cpu;

import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.transfer.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Views to test with: any layout, filled with random numbers and special values. */
public final class Views {
    public static final ReferenceBackend REFERENCE = new ReferenceBackend();

    private Views() {}

    public static View of(DType t, Layout layout) {
        return new View(REFERENCE.allocate(layout.end() * t.bytes()), t, layout);
    }

    public static View contiguous(DType t, long... sizes) {
        return of(t, Layout.contiguous(Shape.of(sizes)));
    }

    public static View floats(long[] sizes, float... values) {
        View v = contiguous(DType.FLOAT32, sizes);
        REFERENCE.upload(MemorySegment.ofArray(values), v.buffer(), 0);
        return v;
    }

    public static View filled(Random r, View v, double special) {
        for (long i = 0; i < v.buffer().bytes() / v.dtype().bytes(); i++) {
            long at = v.buffer().address() + i * v.dtype().bytes();
            double x = r.nextDouble() < special
                    ? new double[] {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30}
                            [r.nextInt(6)]
                    : r.nextInt(4) == 0 ? r.nextInt(-3, 4) : r.nextGaussian() * 3;
            float[] one = {(float) x};
            if (v.dtype() == DType.BOOL) {
                one[0] = r.nextInt(2);
            }
            Transfer.store(v.dtype(), one, at, 1, 1);
        }
        return v;
    }

    /** A layout of {@code shape} that is contiguous, permuted, channels-last, sliced, stepped or (when allowed) broadcast. */
    public static Layout layout(Random r, Shape shape, boolean mayBroadcast) {
        int rank = shape.rank();
        switch (r.nextInt(mayBroadcast ? 6 : 5)) {
            case 0, 1 -> {
                return Layout.contiguous(shape);
            }
            case 2 -> {
                int[] order = new Random(r.nextLong())
                        .ints(0, 1000)
                        .distinct()
                        .limit(rank)
                        .toArray();
                int[] dims = new int[rank];
                long[] sizes = new long[rank];
                for (int d = 0; d < rank; d++) {
                    for (int e = 0; e < rank; e++) {
                        dims[d] += order[e] < order[d] ? 1 : 0;
                    }
                    sizes[dims[d]] = shape.get(d);
                }
                return Layout.contiguous(Shape.of(sizes)).permute(dims);
            }
            case 3 -> {
                return Layout.channelsLast(shape);
            }
            case 4 -> {
                if (rank == 0) {
                    return Layout.contiguous(shape).at(3);
                }
                int d = r.nextInt(rank);
                long step = r.nextInt(1, 4);
                long n = shape.get(d);
                return Layout.contiguous(shape.with(d, n * step + 2)).slice(d, 1, n, step);
            }
            default -> {
                Shape small = shape;
                for (int d = 0; d < rank; d++) {
                    small = r.nextBoolean() ? small.with(d, 1) : small;
                }
                return Layout.contiguous(small).expand(shape);
            }
        }
    }

    public static Shape shape(Random r) {
        long[] sizes = new long[r.nextInt(5)];
        for (int d = 0; d < sizes.length; d++) {
            sizes[d] = r.nextInt(30) == 0 ? 0 : 1 + r.nextInt(r.nextInt(3) == 0 ? 40 : 7);
        }
        return Shape.of(sizes);
    }

    /** All elements in row-major order, as doubles. */
    public static double[] read(View v) {
        Layout target = Layout.contiguous(v.shape());
        View copy = of(DType.FLOAT64, target);
        REFERENCE.pointwise(
                new akari.backend.Kernel("copy", 1, 0, java.util.List.of(akari.formula.Expr.in(0))),
                DType.FLOAT64,
                new double[0],
                new View[] {copy},
                new View[] {v});
        double[] out = new double[(int) v.numel()];
        REFERENCE.download(copy.buffer(), 0, MemorySegment.ofArray(out).asSlice(0, out.length * 8L));
        return out;
    }
}
