package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** PyTorch's text form of a tensor, to the character. */
final class Printer {
    static volatile PrintOptions options = PrintOptions.DEFAULT;

    private static final String START = "tensor(";

    private final PrintOptions o;
    private final DType type;
    private final boolean summarise;
    private final Style style;
    private final int width;

    private enum Style {
        BOOL,
        INTEGER,
        /** Floating numbers that are all whole: {@code 3.} */
        WHOLE,
        FIXED,
        SCIENTIFIC
    }

    private Printer(Tensor t, PrintOptions o) {
        this.o = o;
        this.type = t.dtype();
        this.summarise = t.numel() > o.threshold();
        double[] shown = new double[0];
        long[] longs = new long[0];
        Tensor visible = summarise ? ends(t) : t;
        if (type.isFloating()) {
            shown = visible.toDoubles();
        } else {
            longs = visible.toLongs();
        }
        Style natural = style(shown);
        int w = 1;
        for (double v : shown) {
            // zeros, infinities and NaN do not widen the columns of floating numbers
            if (v != 0 && Double.isFinite(v)) {
                w = Math.max(w, text(v, natural).length());
            }
        }
        for (long v : longs) {
            w = Math.max(w, text(v).length());
        }
        this.width = w;
        // as in PyTorch, a style that was asked for does not change the width
        Boolean scientific = o.sciMode();
        this.style = scientific == null || !type.isFloating()
                ? natural
                : scientific ? Style.SCIENTIFIC : natural == Style.SCIENTIFIC ? plain(shown) : natural;
    }

    static String print(Tensor t) {
        PrintOptions o = options;
        StringBuilder out = new StringBuilder(START);
        Tensors.noGrad(() -> {
            Tensor plain = t.detach();
            if (t.numel() == 0) {
                out.append("[]");
            } else {
                new Printer(plain, o).append(plain, START.length(), out);
            }
        });
        int line = out.length() - out.lastIndexOf("\n") + 1;
        for (String suffix : suffixes(t)) {
            if (line + suffix.length() + 2 > o.lineWidth()) {
                out.append(",\n").append(" ".repeat(START.length()));
                line = START.length() + suffix.length();
            } else {
                out.append(", ");
                line += suffix.length() + 2;
            }
            out.append(suffix);
        }
        return out.append(')').toString();
    }

    private static List<String> suffixes(Tensor t) {
        List<String> out = new ArrayList<>();
        boolean empty = t.numel() == 0;
        if (!t.device().type().equals("cpu")) {
            out.add("device='" + t.device() + "'");
        }
        if (empty && t.dim() != 1) {
            out.add("size=" + tuple(t.shape()));
        }
        boolean implied =
                t.dtype() == Tensors.defaultDType() || !empty && (t.dtype() == DType.INT64 || t.dtype() == DType.BOOL);
        if (!implied) {
            out.add("dtype=torch." + t.dtype());
        }
        Node producer = t.gradFn();
        if (producer != null) {
            out.add("grad_fn=<" + producer.name() + ">");
        } else if (t.requiresGrad()) {
            out.add("requires_grad=True");
        }
        return out;
    }

    private static String tuple(Shape s) {
        String sizes = LongStream.of(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + sizes + (s.rank() == 1 ? ",)" : ")");
    }

    /** The elements that a summary shows. */
    private Tensor ends(Tensor t) {
        Tensor x = t;
        for (int d = 0; d < t.dim(); d++) {
            long n = x.size(d);
            if (n > 2L * o.edgeItems()) {
                x = Tensors.cat(
                        List.of(x.narrow(d, 0, o.edgeItems()), x.narrow(d, n - o.edgeItems(), o.edgeItems())), d);
            }
        }
        return x;
    }

    // ---- numbers

    private Style style(double[] shown) {
        if (!type.isFloating()) {
            return type == DType.BOOL ? Style.BOOL : Style.INTEGER;
        }
        double max = 0;
        double min = Double.POSITIVE_INFINITY;
        for (double v : shown) {
            if (Double.isFinite(v) && v != 0) {
                max = Math.max(max, Math.abs(v));
                min = Math.min(min, Math.abs(v));
            }
        }
        Style plain = plain(shown);
        boolean wide = max > 0 && (max / min > 1000 || max > 1e8 || plain == Style.FIXED && min < 1e-4);
        return wide ? Style.SCIENTIFIC : plain;
    }

    private static Style plain(double[] shown) {
        for (double v : shown) {
            if (Double.isFinite(v) && v != Math.rint(v)) {
                return Style.FIXED;
            }
        }
        return Style.WHOLE;
    }

    private String text(long v) {
        return type == DType.BOOL ? v != 0 ? "True" : "False" : Long.toString(v);
    }

    /** Correctly rounded from the exact value, ties to even, as in C and Python. */
    private String text(double v, Style s) {
        if (!Double.isFinite(v)) {
            return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
        }
        String sign = Double.doubleToRawLongBits(v) < 0 ? "-" : "";
        BigDecimal exact = new BigDecimal(Math.abs(v));
        return sign
                + switch (s) {
                    case SCIENTIFIC -> scientific(exact, o.precision());
                    case FIXED ->
                        exact.setScale(o.precision(), RoundingMode.HALF_EVEN).toPlainString();
                    case WHOLE, INTEGER, BOOL ->
                        exact.setScale(0, RoundingMode.HALF_EVEN).toPlainString() + ".";
                };
    }

    private static String scientific(BigDecimal v, int precision) {
        BigDecimal rounded = v.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String digits = rounded.scaleByPowerOfTen(-exponent)
                .setScale(precision, RoundingMode.UNNECESSARY)
                .toPlainString();
        return digits + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    // ---- rows

    private void append(Tensor x, int indent, StringBuilder out) {
        if (x.dim() == 0) {
            out.append(cells(x.reshape(1)).getFirst());
            return;
        }
        if (x.dim() == 1) {
            row(x, indent, out);
            return;
        }
        String next = "," + "\n".repeat(x.dim() - 1) + " ".repeat(indent + 1);
        long n = x.size(0);
        boolean cut = summarise && n > 2L * o.edgeItems();
        out.append('[');
        for (long i = 0; i < n; i++) {
            if (i > 0) {
                out.append(next);
            }
            if (cut && i == o.edgeItems()) {
                out.append("...");
                i = n - o.edgeItems() - 1;
            } else {
                append(x.get(i), indent + 1, out);
            }
        }
        out.append(']');
    }

    private void row(Tensor x, int indent, StringBuilder out) {
        boolean cut = summarise && x.size(0) > 2L * o.edgeItems();
        List<String> cells = new ArrayList<>(cells(cut ? ends(x) : x));
        if (cut) {
            cells.add(o.edgeItems(), o.edgeItems() == 0 ? "..." : " ...");
        }
        int perLine = Math.max(1, (o.lineWidth() - indent) / (width + 2));
        out.append('[');
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                out.append(i % perLine == 0 ? ",\n" + " ".repeat(indent + 1) : ", ");
            }
            out.append(cells.get(i));
        }
        out.append(']');
    }

    private List<String> cells(Tensor x) {
        return type.isFloating()
                ? Arrays.stream(x.toDoubles())
                        .mapToObj(v -> padded(text(v, style)))
                        .toList()
                : LongStream.of(x.toLongs()).mapToObj(v -> padded(text(v))).toList();
    }

    private String padded(String s) {
        return " ".repeat(Math.max(0, width - s.length())) + s;
    }
}
