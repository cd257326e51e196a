package akari.vision.transforms;

import akari.core.DType;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;

/**
 * Turns, moves and scales an image at random about its centre: {@code torchvision.transforms.RandomAffine} with bilinear
 * interpolation. What comes from outside the image is 0.
 *
 * @param degrees the angle is drawn from {@code [-degrees, degrees]}
 * @param translate the shift, in whole pixels, from this share of each side, both ways
 * @param minScale smallest factor
 * @param maxScale largest factor
 */
public record RandomAffine(double degrees, double translate, double minScale, double maxScale) implements Transform {
    public RandomAffine {
        if (!(degrees >= 0 && translate >= 0 && translate <= 1 && minScale > 0 && maxScale >= minScale)) {
            throw new IllegalArgumentException(
                    "RandomAffine needs degrees >= 0, translate in [0, 1] and 0 < minScale <=" + " maxScale, got "
                            + degrees + ", " + translate + ", " + minScale + ", " + maxScale);
        }
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        double angle = Math.toRadians(between(-degrees, degrees, random));
        long dx = Math.round(image.size(-1) * between(-translate, translate, random));
        long dy = Math.round(image.size(-2) * between(-translate, translate, random));
        double scale = between(minScale, maxScale, random);
        float[] out = warp(image, Math.cos(angle) / scale, Math.sin(angle) / scale, dx, dy);
        if (image.dtype() != DType.UINT8) {
            return Tensors.upload(DType.FLOAT32, image.shape(), MemorySegment.ofArray(out))
                    .to(image.dtype());
        }
        byte[] bytes = new byte[out.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(out[i]);
        }
        return Tensors.upload(DType.UINT8, image.shape(), MemorySegment.ofArray(bytes));
    }

    private static double between(double low, double high, Generator random) {
        return low + (high - low) * random.uniform();
    }

    /** For each pixel of the result, what lies where the inverse map points. */
    private static float[] warp(Tensor image, double cos, double sin, long dx, long dy) {
        int h = Math.toIntExact(image.size(-2));
        int w = Math.toIntExact(image.size(-1));
        float[] in = image.toFloats();
        float[] out = new float[in.length];
        double cx = (w - 1) / 2.0;
        double cy = (h - 1) / 2.0;
        for (int i = 0; i < out.length; i++) {
            double x = i % w - cx - dx;
            double y = i / w % h - cy - dy;
            out[i] = sample(in, i / (h * w) * h * w, h, w, cos * x + sin * y + cx, cos * y - sin * x + cy);
        }
        return out;
    }

    private static float sample(float[] in, int plane, int h, int w, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        return (float) ((1 - bottom)
                        * ((1 - right) * at(in, plane, h, w, left, top) + right * at(in, plane, h, w, left + 1, top))
                + bottom
                        * ((1 - right) * at(in, plane, h, w, left, top + 1)
                                + right * at(in, plane, h, w, left + 1, top + 1)));
    }

    private static float at(float[] in, int plane, int h, int w, int x, int y) {
        return x < 0 || x >= w || y < 0 || y >= h ? 0 : in[plane + y * w + x];
    }
}
