package akari.vision.transforms;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;

/**
 * Resamples to {@code height × width}, bilinear: {@code torchvision.transforms.Resize} on tensors. uint8 images are computed in float
 * and rounded; without antialiasing a value half-way between two bytes may fall to the other side than PyTorch's.
 *
 * @param antialias widen the filter when shrinking, so that every pixel counts; makes no difference when enlarging
 */
public record Resize(int height, int width, boolean antialias) implements Transform {
    public Resize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("Resize to " + height + "×" + width + ": sizes must be positive");
        }
    }

    /** With antialiasing. */
    public Resize(int height, int width) {
        this(height, width, true);
    }

    @Override
    public Tensor apply(Tensor image, Generator random) {
        if (image.dim() < 3 || image.numel() == 0) {
            throw new IllegalArgumentException("Resize takes images [..., C, H, W], got shape " + image.shape());
        }
        int h = Math.toIntExact(image.size(-2));
        int w = Math.toIntExact(image.size(-1));
        if (h == height && w == width) {
            return image;
        }
        float[] out = resample(image.toFloats(), h, w);
        Shape shape = image.shape().with(-2, height).with(-1, width);
        if (image.dtype() != DType.UINT8) {
            return Tensors.upload(DType.FLOAT32, shape, MemorySegment.ofArray(out))
                    .to(image.dtype());
        }
        byte[] bytes = new byte[out.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.clamp(Math.round(Math.rint(out[i])), 0, 255);
        }
        return Tensors.upload(DType.UINT8, shape, MemorySegment.ofArray(bytes));
    }

    /** Rows first, then columns, as the filter is separable. */
    private float[] resample(float[] in, int h, int w) {
        Taps across = Taps.of(w, width, antialias);
        Taps down = Taps.of(h, height, antialias);
        int planes = in.length / (h * w);
        float[] rows = new float[h * width];
        float[] out = new float[planes * height * width];
        for (int p = 0; p < planes; p++) {
            for (int y = 0; y < h; y++) {
                across.line(in, (p * h + y) * w, 1, rows, y * width, 1);
            }
            for (int x = 0; x < width; x++) {
                down.line(rows, x, width, out, p * height * width + x, width);
            }
        }
        return out;
    }

    /** For each output position the first input position and the weights from there on. */
    private record Taps(int[] first, float[][] weights) {
        static Taps of(int from, int to, boolean antialias) {
            return antialias ? averaging(from, to) : interpolating(from, to);
        }

        /** The two neighbours of each position. Float arithmetic here and below, as in PyTorch: many bytes lie half-way. */
        private static Taps interpolating(int from, int to) {
            int[] first = new int[to];
            float[][] weights = new float[to][];
            float scale = (float) from / to;
            for (int i = 0; i < to; i++) {
                float at = Math.max(0, scale * (i + 0.5f) - 0.5f);
                first[i] = Math.min((int) at, from - 1);
                float right = at - first[i];
                weights[i] = first[i] + 1 < from ? new float[] {1 - right, right} : new float[] {1};
            }
            return new Taps(first, weights);
        }

        /** A triangle, when shrinking as wide as the scale, cut off at the border. */
        private static Taps averaging(int from, int to) {
            int[] first = new int[to];
            float[][] weights = new float[to][];
            float scale = (float) from / to;
            float support = Math.max(scale, 1);
            float inverse = 1 / support;
            for (int i = 0; i < to; i++) {
                float center = scale * (i + 0.5f);
                int low = Math.max(0, (int) (center - support + 0.5f));
                int high = Math.min(from, (int) (center + support + 0.5f));
                float[] w = new float[high - low];
                float sum = 0;
                for (int k = 0; k < w.length; k++) {
                    w[k] = Math.max(0, 1 - Math.abs((low + k - center + 0.5f) * inverse));
                    sum += w[k];
                }
                for (int k = 0; k < w.length; k++) {
                    w[k] /= sum;
                }
                first[i] = low;
                weights[i] = w;
            }
            return new Taps(first, weights);
        }

        void line(float[] in, int from, int step, float[] out, int to, int outStep) {
            for (int i = 0; i < first.length; i++) {
                float sum = 0;
                float[] w = weights[i];
                for (int k = 0; k < w.length; k++) {
                    sum = Math.fma(w[k], in[from + (first[i] + k) * step], sum);
                }
                out[to + i * outStep] = sum;
            }
        }
    }

    @Override
    public boolean batched() {
        return true;
    }
}
