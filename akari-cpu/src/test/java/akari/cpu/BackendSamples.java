package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** The two forms of the CPU backend, and seeded operands for both. */
final class BackendSamples {
    static final CpuBackend NATIVE = new CpuBackend(true);
    static final CpuBackend JAVA = new CpuBackend(false);
    static final ReferenceBackend REFERENCE = new ReferenceBackend();
    static final int CASES = 40;

    private BackendSamples() {}

    static List<CpuBackend> backends() {
        return List.of(NATIVE, JAVA);
    }

    // ---- operands

    static MemorySegment memory(View v) {
        return MemorySegment.ofAddress(v.buffer().address())
                .reinterpret(v.buffer().bytes());
    }

    static View filled(Random r, DType type, Layout layout) {
        long n = Math.max(1, layout.end());
        View v = new View(REFERENCE.allocate(n * type.bytes()), type, layout);
        for (long i = 0; i < n; i++) {
            if (type == DType.FLOAT32) {
                memory(v).setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) r.nextGaussian());
            } else if (type == DType.FLOAT64) {
                memory(v).setAtIndex(ValueLayout.JAVA_DOUBLE, i, r.nextGaussian());
            } else {
                memory(v).setAtIndex(ValueLayout.JAVA_LONG, i, r.nextInt(3));
            }
        }
        return v;
    }

    /** A layout of {@code shape} as views produce them: row-major, channels-last, permuted, cut out of something larger. */
    static Layout layout(Random r, Shape shape) {
        int kind = r.nextInt(4);
        if (kind == 0 || shape.rank() == 0) {
            return Layout.contiguous(shape);
        }
        if (kind == 1) {
            return Layout.channelsLast(shape);
        }
        int a = r.nextInt(shape.rank());
        if (kind == 2) {
            int b = r.nextInt(shape.rank());
            Shape swapped = shape.with(a, shape.get(b)).with(b, shape.get(a));
            return Layout.contiguous(swapped).transpose(a, b);
        }
        Shape larger = shape.with(a, 2 * shape.get(a) + 3);
        return Layout.contiguous(larger).slice(a, 2, shape.get(a), 1 + r.nextInt(2));
    }

    /** As {@link #layout}, sometimes with one dimension repeated: only ever read. */
    static Layout readable(Random r, Shape shape) {
        if (shape.rank() == 0 || r.nextInt(4) > 0) {
            return layout(r, shape);
        }
        return layout(r, shape.with(r.nextInt(shape.rank()), 1)).expand(shape);
    }

    static DType type(Random r) {
        return r.nextInt(3) == 0 ? DType.FLOAT64 : DType.FLOAT32;
    }

    static View twin(View v) {
        View w = new View(REFERENCE.allocate(v.buffer().bytes()), v.dtype(), v.layout());
        MemorySegment.copy(memory(v), 0, memory(w), 0, v.buffer().bytes());
        return w;
    }

    static double[] values(View v) {
        double[] out = new double[Math.toIntExact(v.numel())];
        Shape s = v.shape();
        for (int i = 0; i < out.length; i++) {
            long at = v.layout().offset();
            long rest = i;
            for (int d = s.rank() - 1; d >= 0; d--) {
                at += rest % s.get(d) * v.layout().stride(d);
                rest /= s.get(d);
            }
            out[i] = switch (v.dtype()) {
                case FLOAT32 -> memory(v).getAtIndex(ValueLayout.JAVA_FLOAT, at);
                case FLOAT64 -> memory(v).getAtIndex(ValueLayout.JAVA_DOUBLE, at);
                default -> memory(v).getAtIndex(ValueLayout.JAVA_LONG, at);
            };
        }
        return out;
    }

    /** Equal up to rounding of sums of the expected values' size; NaN and infinities in the same places. */
    static void same(String what, View actual, View expected) {
        double[] a = values(actual);
        double[] e = values(expected);
        double size = 1;
        for (double v : e) {
            size = Double.isFinite(v) ? Math.max(size, Math.abs(v)) : size;
        }
        double tolerance = size * (actual.dtype() == DType.FLOAT32 ? 1e-5 : 1e-13);
        for (int i = 0; i < e.length; i++) {
            if (Double.isFinite(e[i])) {
                assertThat(a[i])
                        .as("%s, element %d of %s", what, i, actual.layout())
                        .isCloseTo(e[i], within(tolerance));
            } else {
                assertThat((Double) a[i])
                        .as("%s, element %d of %s", what, i, actual.layout())
                        .isEqualTo((Double) e[i]);
            }
        }
    }

    static int between(Random r, int low, int high) {
        return low + r.nextInt(high - low + 1);
    }
}
