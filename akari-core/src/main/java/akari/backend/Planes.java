package akari.backend;

import akari.core.DType;
import akari.core.Shape;

/**
 * A {@code [N, C, spatial…]} view as planes to be copied to and from the heap. Fewer than three spatial dimensions count as three
 * with leading dimensions of size 1.
 */
final class Planes {
    final int n;
    final int channels;
    final int[] size;

    private final DType type;
    private final long address;
    private final long stepN;
    private final long stepC;
    private final long[] step;

    Planes(View v) {
        Layout layout = v.layout();
        long bytes = v.dtype().bytes();
        n = Math.toIntExact(layout.size(0));
        channels = Math.toIntExact(layout.size(1));
        size = three(layout.shape(), 2, 1);
        type = v.dtype();
        address = v.address();
        stepN = layout.stride(0) * bytes;
        stepC = layout.stride(1) * bytes;
        step = new long[3];
        int lead = 5 - layout.rank();
        for (int d = lead; d < 3; d++) {
            step[d] = layout.stride(d - lead + 2) * bytes;
        }
    }

    /** The sizes of {@code s} from dimension {@code from} on, filled up in front to three. */
    static int[] three(Shape s, int from, int fill) {
        int[] out = {fill, fill, fill};
        for (int d = from; d < s.rank(); d++) {
            out[3 - s.rank() + d] = Math.toIntExact(s.get(d));
        }
        return out;
    }

    /** Elements of one plane. */
    int volume() {
        return size[0] * size[1] * size[2];
    }

    /** Reads a plane; its rows go to {@code at}, {@code pitch} apart, its slices {@code slicePitch} apart. */
    void load(int i, int channel, double[] to, int at, int slicePitch, int pitch) {
        for (int d = 0; d < size[0]; d++) {
            for (int h = 0; h < size[1]; h++) {
                Memory.load(
                        type,
                        row(i, channel, d, h),
                        step[2] / type.bytes(),
                        to,
                        at + d * slicePitch + h * pitch,
                        size[2]);
            }
        }
    }

    void store(double[] from, int at, int slicePitch, int pitch, int i, int channel) {
        for (int d = 0; d < size[0]; d++) {
            for (int h = 0; h < size[1]; h++) {
                Memory.store(
                        type,
                        from,
                        at + d * slicePitch + h * pitch,
                        row(i, channel, d, h),
                        step[2] / type.bytes(),
                        size[2]);
            }
        }
    }

    /** Reads a plane in row-major order. */
    void load(int i, int channel, double[] to, int at) {
        load(i, channel, to, at, size[1] * size[2], size[2]);
    }

    void store(double[] from, int at, int i, int channel) {
        store(from, at, size[1] * size[2], size[2], i, channel);
    }

    private long row(int i, int channel, int d, int h) {
        return address + i * stepN + channel * stepC + d * step[0] + h * step[1];
    }
}
