package akari.errors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The text of an error about operands that do not fit together: what is wrong, their shapes one under the other with the sizes at
 * fault marked, and what to do.
 *
 * <pre>
 * matmul: the inner sizes 4 and 5 differ
 *   left   [2, 3, 4]
 *                 ^
 *   right  [   5, 6]
 *              ^
 * the last size of the left must be the second-last of the right
 * </pre>
 */
public final class ShapeMismatch {
    private record Row(String name, long[] shape, String note, int[] marks) {}

    private final String problem;
    private final List<Row> rows = new ArrayList<>();
    private boolean left;

    private ShapeMismatch(String problem) {
        this.problem = problem;
    }

    /** @param problem begins with the operation: {@code "matmul: the inner sizes 4 and 5 differ"} */
    public static ShapeMismatch of(String problem) {
        return new ShapeMismatch(problem);
    }

    /** Another operand of a {@code Shape}, with the dimensions to mark; negative ones count from the end. Returns this. */
    public ShapeMismatch row(String name, Iterable<Long> shape, int... marks) {
        return row(name, shape, "", marks);
    }

    /** @param note what else there is to say of this operand: its type, its device */
    public ShapeMismatch row(String name, Iterable<Long> shape, String note, int... marks) {
        long[] sizes = StreamSupport.stream(shape.spliterator(), false)
                .mapToLong(Long::longValue)
                .toArray();
        int[] axes = new int[marks.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = marks[i] < 0 ? marks[i] + sizes.length : marks[i];
        }
        rows.add(new Row(name, sizes, note, axes));
        return this;
    }

    /** Aligns the first dimensions, not the last. Returns this. */
    public ShapeMismatch fromLeft() {
        left = true;
        return this;
    }

    /** The exception, whose message ends with what to do. */
    public IllegalArgumentException fix(String advice) {
        int rank = 0;
        int name = 0;
        for (Row r : rows) {
            rank = Math.max(rank, r.shape.length);
            name = Math.max(name, r.name.length());
        }
        int[] width = new int[rank];
        for (Row r : rows) {
            for (int d = 0; d < r.shape.length; d++) {
                int c = column(r, d, rank);
                width[c] = Math.max(width[c], Long.toString(r.shape[d]).length());
            }
        }
        StringBuilder out = new StringBuilder(problem);
        for (int i = 0; i < rows.size(); i++) {
            Row r = rows.get(i);
            out.append("\n  ").append(r.name).append(" ".repeat(name - r.name.length() + 2));
            out.append(sizes(r, width));
            if (!r.note.isEmpty()) {
                out.append("  ").append(r.note);
            }
            String marks = marks(r, width);
            boolean sharedBelow = i + 1 < rows.size() && marks.equals(marks(rows.get(i + 1), width));
            if (!marks.isEmpty() && !sharedBelow) {
                out.append('\n').append(" ".repeat(name + 4)).append(marks);
            }
        }
        return new IllegalArgumentException(out.append('\n').append(advice).toString());
    }

    private int column(Row r, int dim, int rank) {
        return left ? dim : dim + rank - r.shape.length;
    }

    /** Each size in its column; a missing dimension leaves its column blank. */
    private String sizes(Row r, int[] width) {
        StringBuilder out = new StringBuilder("[");
        int first = column(r, 0, width.length);
        int end = first + r.shape.length;
        for (int c = 0; c < width.length; c++) {
            boolean here = c >= first && c < end;
            String size = here ? Long.toString(r.shape[c - first]) : "";
            String gap = c == 0 ? "" : here && c > first ? ", " : "  ";
            if (here || c < first) {
                out.append(gap).append(" ".repeat(width[c] - size.length())).append(size);
            }
        }
        return out.append(']').toString();
    }

    private String marks(Row r, int[] width) {
        char[] line = new char[1 + Arrays.stream(width).map(w -> w + 2).sum()];
        Arrays.fill(line, ' ');
        int at = 1;
        for (int c = 0; c < width.length; c++) {
            for (int m : r.marks) {
                if (column(r, m, width.length) == c) {
                    int digits = Long.toString(r.shape[m]).length();
                    Arrays.fill(line, at + width[c] - digits, at + width[c], '^');
                }
            }
            at += width[c] + 2;
        }
        return new String(line).stripTrailing();
    }
}
