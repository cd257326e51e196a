package akari.vision.transforms;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** A float for each of the 256 values of a byte, for one channel or one for each: any pixel function in a single pass. */
record Table(List<float[]> channels) {
    /** What becomes of a value 0 to 255. */
    @FunctionalInterface
    interface Pixel {
        float of(int value);
    }

    static Table of(Pixel... channels) {
        return new Table(Arrays.stream(channels).map(Table::tabulate).toList());
    }

    private static float[] tabulate(Pixel p) {
        float[] values = new float[256];
        for (int v = 0; v < 256; v++) {
            values[v] = p.of(v);
        }
        return values;
    }

    /** {@code image} is uint8 {@code […, C, H, W]}; a single table serves all channels. */
    Tensor apply(Tensor image) {
        byte[] in = image.toBytes();
        float[] out = new float[in.length];
        int plane = channels.size() == 1 ? in.length : Math.toIntExact(image.size(-1) * image.size(-2));
        int c = 0;
        for (int from = 0; from < in.length; from += plane) {
            translate(channels.get(c), in, out, from, plane);
            c = (c + 1) % channels.size();
        }
        return Tensors.upload(DType.FLOAT32, image.shape(), MemorySegment.ofArray(out));
    }

    private static void translate(float[] table, byte[] in, float[] out, int from, int count) {
        for (int i = from; i < from + count; i++) {
            out[i] = table[in[i] & 0xff];
        }
    }
}
