package akari.tensor;

import akari.backend.DType;
import akari.backend.Shape;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** PyTorch's text form of a tensor: four decimals, scientific where magnitudes differ much, columns aligned, ends of long dimensions. */
final class Printer {
    private static final int LINE = 80;
    private static final int EDGE = 3;
    private static final int THRESHOLD = 1000;

    private final Tensor t;
    private final boolean summarise;
    private final DoubleFunction<String> format;
    private final int width;

    private Printer(Tensor t) {
        this.t = t;
        this.summarise = t.numel() > THRESHOLD;
        double[] shown = shown(t, summarise);
        this.format = format(t.dtype(), shown);
        int w = 0;
        for (double v : shown) {
            // as PyTorch does: zeros, infinities and NaN do not widen the columns of floating numbers
            if (!t.dtype().isFloating() || v != 0 && Double.isFinite(v)) {
                w = Math.max(w, format.apply(v).length());
            }
        }
        this.width = w;
    }

    static String print(Tensor t) {
        Tensor plain = t.detach();
        String suffix = suffix(t);
        if (t.numel() == 0) {
            return "tensor([]" + (t.dim() == 1 ? "" : ", size=" + sizes(t.shape())) + suffix + ")";
        }
        StringBuilder out = new StringBuilder("tensor(");
        new Printer(plain).append(plain, 7, out);
        return out.append(suffix).append(')').toString();
    }

    private static String sizes(Shape s) {
        return "(" + s.toString().replaceAll("[\\[\\]]", "") + (s.rank() == 1 ? ",)" : ")");
    }

    private static String suffix(Tensor t) {
        String s = "";
        if (!t.device().type().equals("cpu")) {
            s += ", device='" + t.device() + "'";
        }
        boolean implied = t.numel() > 0
                ? t.dtype() == DType.FLOAT32 || t.dtype() == DType.INT64 || t.dtype() == DType.BOOL
                : t.dtype() == DType.FLOAT32;
        if (!implied) {
            s += ", dtype=" + t.dtype();
        }
        String producer = t.producerName();
        if (producer != null) {
            s += ", gradFn=" + producer;
        } else if (t.requiresGrad()) {
            s += ", requiresGrad=true";
        }
        return s;
    }

    /** The values that will be printed, as doubles. */
    private static double[] shown(Tensor t, boolean summarise) {
        Tensor x = t;
        for (int d = 0; summarise && d < t.dim(); d++) {
            if (x.size(d) > 2 * EDGE) {
                x = Tensors.cat(List.of(x.narrow(d, 0, EDGE), x.narrow(d, x.size(d) - EDGE, EDGE)), d);
            }
        }
        return x.toDoubles();
    }

    private static DoubleFunction<String> format(DType type, double[] values) {
        if (type == DType.BOOL) {
            return v -> v != 0 ? "True" : "False";
        }
        if (!type.isFloating()) {
            return v -> Long.toString((long) v);
        }
        boolean whole = true;
        double max = 0;
        double min = Double.MAX_VALUE;
        for (double v : values) {
            if (Double.isFinite(v) && v != 0) {
                whole &= v == Math.rint(v);
                max = Math.max(max, Math.abs(v));
                min = Math.min(min, Math.abs(v));
            }
        }
        boolean scientific = max > 0 && (max / min > 1000 || max > 1e8 || !whole && min < 1e-4);
        boolean digits = whole;
        return v -> {
            if (Double.isNaN(v)) {
                return "nan";
            }
            if (Double.isInfinite(v)) {
                return v > 0 ? "inf" : "-inf";
            }
            return String.format(Locale.ROOT, scientific ? "%.4e" : digits ? "%.0f." : "%.4f", v);
        };
    }

    private void append(Tensor x, int indent, StringBuilder out) {
        if (x.dim() == 0) {
            out.append(format.apply(x.item()));
            return;
        }
        if (x.dim() == 1) {
            row(x, indent, out);
            return;
        }
        out.append('[');
        long n = x.size(0);
        for (long i = 0; i < n; i++) {
            if (i > 0) {
                out.append(',').append("\n".repeat(x.dim() - 1)).append(" ".repeat(indent + 1));
            }
            if (summarise && n > 2 * EDGE && i == EDGE) {
                out.append("...,").append("\n".repeat(x.dim() - 1)).append(" ".repeat(indent + 1));
                i = n - EDGE;
            }
            append(x.get(i), indent + 1, out);
        }
        out.append(']');
    }

    private void row(Tensor x, int indent, StringBuilder out) {
        boolean cut = summarise && x.size(0) > 2 * EDGE;
        double[] values = cut ? shown(x, true) : x.toDoubles();
        int perLine = Math.max(1, (LINE - indent) / (width + 2));
        out.append('[');
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(i % perLine == 0 ? ",\n" + " ".repeat(indent + 1) : ", ");
            }
            if (cut && i == EDGE) {
                out.append(" ..., ");
            }
            String v = format.apply(values[i]);
            out.append(" ".repeat(Math.max(0, width - v.length()))).append(v);
        }
        out.append(']');
    }
}
