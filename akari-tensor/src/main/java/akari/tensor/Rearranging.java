package akari.tensor;

import akari.backend.Layout;
import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same elements at other places, repeated, or on a diagonal. Results have memory of their own. */
public sealed interface Rearranging permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- again

    /** This tensor {@code repeats[d]} times along each dimension; more repeats than dimensions add leading ones. */
    default Tensor repeat(long... repeats) {
        Tensor x = self();
        int rank = repeats.length;
        int lead = rank - x.dim();
        if (lead < 0) {
            throw new IllegalArgumentException("repeat: " + Arrays.toString(repeats) + " has fewer entries than shape "
                    + x.shape() + " has dimensions; tile() allows that");
        }
        long[] apart = new long[2 * rank];
        long[] wide = new long[2 * rank];
        long[] out = new long[rank];
        for (int d = 0; d < rank; d++) {
            if (repeats[d] < 0) {
                throw new IllegalArgumentException("repeat: negative count in " + Arrays.toString(repeats));
            }
            long n = d < lead ? 1 : x.size(d - lead);
            apart[2 * d] = 1;
            wide[2 * d] = repeats[d];
            apart[2 * d + 1] = n;
            wide[2 * d + 1] = n;
            out[d] = OutOfMemory.times("repeat", repeats[d], n);
        }
        return own(x.reshape(apart).expand(wide).reshape(out));
    }

    default Tensor repeat(int[] repeats) {
        return repeat(Shape.of(repeats).toArray());
    }

    /** A copy of what still shares this tensor's memory. */
    private Tensor own(Tensor t) {
        return t.view.buffer() == self().view.buffer() ? t.clone() : t;
    }

    /** As {@link #repeat}, with leading ones where {@code repeats} is too short. */
    default Tensor tile(long... repeats) {
        long[] all = new long[Math.max(repeats.length, self().dim())];
        Arrays.fill(all, 1);
        System.arraycopy(repeats, 0, all, all.length - repeats.length, repeats.length);
        return repeat(all);
    }

    default Tensor tile(int[] repeats) {
        return tile(Shape.of(repeats).toArray());
    }

    /** Each index of {@code dim} {@code repeats} times in a row. */
    default Tensor repeatInterleave(long repeats, int dim) {
        if (repeats < 0) {
            throw new IllegalArgumentException("repeatInterleave: negative count " + repeats);
        }
        Tensor x = self().dim() == 0 ? self().reshape(1) : self();
        int d = x.shape().axis(dim);
        Tensor one = x.unsqueeze(d + 1);
        return own(one.expand(one.shape().with(d + 1, repeats).toArray())
                .reshape(x.shape().with(d, OutOfMemory.times("repeatInterleave", x.size(d), repeats))));
    }

    /** Each element {@code repeats} times in a row, in one dimension. */
    default Tensor repeatInterleave(long repeats) {
        return self().flatten().repeatInterleave(repeats, 0);
    }

    /** Index {@code i} of {@code dim} {@code repeats[i]} times in a row; one count serves for all. */
    default Tensor repeatInterleave(Tensor repeats, int dim) {
        Tensor x = self().dim() == 0 ? self().reshape(1) : self();
        int d = x.shape().axis(dim);
        if (repeats.numel() == 1) {
            return x.repeatInterleave(repeats.itemLong(), d);
        }
        if (repeats.dim() != 1 || repeats.numel() != x.size(d)) {
            throw new IllegalArgumentException("repeatInterleave: counts of shape " + repeats.shape()
                    + " for dimension " + d + " with size " + x.size(d) + " of shape " + x.shape());
        }
        return x.indexSelect(d, Tensors.repeatInterleave(repeats));
    }

    default Tensor repeatInterleave(Tensor repeats) {
        return self().flatten().repeatInterleave(repeats, 0);
    }

    // ---- elsewhere

    /** Elements moved by {@code shifts[i]} places along {@code dims[i]}; those beyond the end come in at the start. */
    default Tensor roll(long[] shifts, int[] dims) {
        if (dims.length == 0 && shifts.length == 1) {
            return self().flatten().roll(shifts, new int[] {0}).reshape(self().shape());
        }
        if (dims.length != shifts.length || dims.length == 0) {
            throw new IllegalArgumentException("roll: shifts " + Arrays.toString(shifts) + " and dimensions "
                    + Arrays.toString(dims) + " do not pair up");
        }
        Tensor out = self();
        for (int i = 0; i < dims.length; i++) {
            if (out.dim() == 0) {
                throw new IllegalArgumentException("roll along dimension " + dims[i] + " of a 0-d tensor");
            }
            int d = out.shape().axis(dims[i]);
            long n = out.size(d);
            long start = n == 0 ? 0 : Math.floorMod(-shifts[i], n);
            if (start > 0) {
                out = Tensors.cat(List.of(out.narrow(d, start, n - start), out.narrow(d, 0, start)), d);
            }
        }
        return out == self() ? out.clone() : out;
    }

    default Tensor roll(long shift, int dim) {
        return roll(new long[] {shift}, new int[] {dim});
    }

    /** All elements in row-major order moved by {@code shift} places. */
    default Tensor roll(long shift) {
        return roll(new long[] {shift}, new int[0]);
    }

    /** The order along {@code dims} reversed. */
    default Tensor flip(int... dims) {
        List<Integer> seen = new ArrayList<>();
        for (int dim : dims) {
            int d = self().shape().axis(dim);
            if (seen.contains(d)) {
                throw new IllegalArgumentException(
                        "flip: dimension " + d + " appears twice in " + Arrays.toString(dims));
            }
            seen.add(d);
        }
        return self().dim() == 0 ? self().clone() : Tape.apply(new RearrangingOps.Flip(seen), self());
    }

    /** Left and right exchanged: dimension 1 reversed. */
    default Tensor fliplr() {
        needs("fliplr", 2);
        return flip(1);
    }

    /** Up and down exchanged: dimension 0 reversed. */
    default Tensor flipud() {
        needs("flipud", 1);
        return flip(0);
    }

    /** Turned {@code k} times by 90° in the plane of two dimensions, from {@code dim0} towards {@code dim1}. */
    default Tensor rot90(int k, int dim0, int dim1) {
        needs("rot90", 2);
        int a = self().shape().axis(dim0);
        int b = self().shape().axis(dim1);
        if (a == b) {
            throw new IllegalArgumentException("rot90 needs two different dimensions, got " + dim0 + " and " + dim1);
        }
        return switch (Math.floorMod(k, 4)) {
            case 1 -> flip(b).transpose(a, b);
            case 2 -> flip(a, b);
            case 3 -> flip(a).transpose(a, b);
            default -> self().clone();
        };
    }

    default Tensor rot90(int k) {
        return rot90(k, 0, 1);
    }

    default Tensor rot90() {
        return rot90(1);
    }

    /** {@code [*, C·r², H, W]} as {@code [*, C, H·r, W·r]}. */
    default Tensor pixelShuffle(int r) {
        needs("pixelShuffle", 3);
        Shape s = self().shape();
        long c = s.get(-3);
        if (r < 1 || c % ((long) r * r) != 0) {
            throw new IllegalArgumentException("pixelShuffle by " + r + ": the " + c + " channels of shape " + s
                    + " are no multiple of " + (long) r * r);
        }
        int lead = s.rank() - 3;
        long h = s.get(-2);
        long w = s.get(-1);
        return self().reshape(with(s, lead, c / r / r, r, r, h, w))
                .permute(order(lead, 0, 3, 1, 4, 2))
                .reshape(with(s, lead, c / r / r, h * r, w * r));
    }

    /** {@code [*, C, H·r, W·r]} as {@code [*, C·r², H, W]}. */
    default Tensor pixelUnshuffle(int r) {
        needs("pixelUnshuffle", 3);
        Shape s = self().shape();
        long c = s.get(-3);
        long h = s.get(-2);
        long w = s.get(-1);
        if (r < 1 || h % r != 0 || w % r != 0) {
            throw new IllegalArgumentException(
                    "pixelUnshuffle by " + r + ": height and width of shape " + s + " are no multiples of it");
        }
        int lead = s.rank() - 3;
        return self().reshape(with(s, lead, c, h / r, r, w / r, r))
                .permute(order(lead, 0, 2, 4, 1, 3))
                .reshape(with(s, lead, c * r * r, h / r, w / r));
    }

    /** {@code [N, C, *]} with the channels of {@code groups} groups taken in turn. */
    default Tensor channelShuffle(int groups) {
        needs("channelShuffle", 3);
        Shape s = self().shape();
        if (groups < 1 || s.get(1) % groups != 0) {
            throw new IllegalArgumentException("channelShuffle: the " + s.get(1) + " channels of shape " + s
                    + " do not form " + groups + " groups");
        }
        return self().unflatten(1, groups, s.get(1) / groups).transpose(1, 2).reshape(s);
    }

    private static long[] with(Shape s, int lead, long... rest) {
        long[] out = Arrays.copyOf(s.toArray(), lead + rest.length);
        System.arraycopy(rest, 0, out, lead, rest.length);
        return out;
    }

    private static int[] order(int lead, int... rest) {
        int[] out = new int[lead + rest.length];
        Arrays.setAll(out, d -> d < lead ? d : lead + rest[d - lead]);
        return out;
    }

    // ---- triangles and diagonals

    /** Matrices in the last two dimensions without what lies above diagonal {@code k}. */
    default Tensor tril(long k) {
        return self().maskedFill(triangle("tril", k, false), 0);
    }

    default Tensor tril() {
        return tril(0);
    }

    /** Matrices in the last two dimensions without what lies below diagonal {@code k}. */
    default Tensor triu(long k) {
        return self().maskedFill(triangle("triu", k, true), 0);
    }

    default Tensor triu() {
        return triu(0);
    }

    default Tensor tril_(long k) {
        return self().maskedFill_(triangle("tril_", k, false), 0);
    }

    default Tensor tril_() {
        return tril_(0);
    }

    default Tensor triu_(long k) {
        return self().maskedFill_(triangle("triu_", k, true), 0);
    }

    default Tensor triu_() {
        return triu_(0);
    }

    /** True below or above diagonal {@code k}. */
    private Tensor triangle(String op, long k, boolean below) {
        needs(op, 2);
        Tensor rows = Tensors.arange(self().size(-2)).unsqueeze(1);
        Tensor columns = Tensors.arange(self().size(-1));
        Tensor diagonal = rows.add(Math.clamp(k, -(1L << 52), 1L << 52));
        return below ? columns.lt(diagonal) : columns.gt(diagonal);
    }

    /** Of a vector the matrix with it on diagonal {@code k}; of a matrix its diagonal {@code k}. */
    default Tensor diag(long k) {
        return switch (self().dim()) {
            case 1 -> diagEmbed(k, 0, 1);
            case 2 -> self().diagonal(k).clone();
            default ->
                throw new IllegalArgumentException("diag needs a vector or a matrix, got shape " + self().shape()
                        + "; diagonal() and diagEmbed() take batches");
        };
    }

    default Tensor diag() {
        return diag(0);
    }

    /** {@link #diag(long)} of all elements in a row. */
    default Tensor diagflat(long k) {
        return self().flatten().diag(k);
    }

    default Tensor diagflat() {
        return diagflat(0);
    }

    /** Matrices in dimensions {@code dim1} and {@code dim2} with this tensor's last dimension on diagonal {@code k}, else zeros. */
    default Tensor diagEmbed(long k, int dim1, int dim2) {
        needs("diagEmbed", 1);
        int rank = self().dim() + 1;
        long n = self().size(-1) + Math.abs(k);
        if (n < 0) {
            throw new IllegalArgumentException("diagEmbed: no matrix has a diagonal " + k);
        }
        Shape ones = Shape.fill(rank, 1);
        int a = ones.axis(dim1);
        int b = ones.axis(dim2);
        long[] out = new long[rank];
        int next = 0;
        for (int d = 0; d < rank; d++) {
            out[d] = d == a || d == b ? n : self().size(next++);
        }
        if (a == b) {
            throw new IllegalArgumentException(
                    "diagEmbed needs two different dimensions, got " + dim1 + " and " + dim2);
        }
        return Tape.apply(new ViewOps.Embed(new ViewOps.Diagonal(k, a, b), Layout.contiguous(Shape.of(out))), self());
    }

    default Tensor diagEmbed(long k) {
        return diagEmbed(k, -2, -1);
    }

    default Tensor diagEmbed() {
        return diagEmbed(0);
    }

    /**
     * Sets the main diagonal, of more than two dimensions the elements whose indices are all equal; such tensors must have equal sizes.
     *
     * @param wrap start again below the end of the diagonal of a tall matrix, with one row between
     */
    default Tensor fillDiagonal_(Number value, boolean wrap) {
        needs("fillDiagonal_", 2);
        Tensor x = self();
        ElementNumbers.element("fillDiagonal_", x.dtype(), value);
        int rank = x.dim();
        if (rank > 2 && Arrays.stream(x.shape().toArray()).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "fillDiagonal_ needs equal sizes in more than two dimensions, got " + x.shape());
        }
        if (rank > 2) {
            Tensor diagonal = x.diagonal(0, 0, 1);
            while (diagonal.dim() > 1) {
                diagonal = diagonal.diagonal(0, 0, -1);
            }
            diagonal.fill_(value);
            return x;
        }
        long height = x.size(0);
        long width = x.size(1);
        long row = 0;
        do {
            x.narrow(0, row, Math.min(width, height - row)).diagonal().fill_(value);
            row += width + 1;
        } while (wrap && row < height);
        return x;
    }

    default Tensor fillDiagonal_(Number value) {
        return fillDiagonal_(value, false);
    }

    // ---- more dimensions

    /** With a dimension if there was none. */
    default Tensor atleast1d() {
        return self().dim() == 0 ? self().reshape(1) : self();
    }

    /** With leading dimensions up to two. */
    default Tensor atleast2d() {
        return self().dim() < 2 ? atleast1d().unsqueeze(0) : self();
    }

    /** {@code [1, 1, 1]} of a number, {@code [1, n, 1]} of a vector, {@code [m, n, 1]} of a matrix. */
    default Tensor atleast3d() {
        return self().dim() < 3 ? atleast2d().unsqueeze(2) : self();
    }

    /** All choices of {@code r} elements of a vector, a row each, in order; with replacement also those that repeat one. */
    default Tensor combinations(int r, boolean withReplacement) {
        if (self().dim() != 1 || r < 0) {
            throw new IllegalArgumentException(
                    "combinations needs a vector and a count of at least 0, got shape " + self().shape() + " and " + r);
        }
        if (r == 0) {
            return self().newEmpty(0);
        }
        int n = Math.toIntExact(self().numel());
        if (n == 0 || r > n && !withReplacement) {
            return self().indexSelect(0, Tensors.tensor(new long[0])).reshape(0, r);
        }
        long from = withReplacement ? (long) n + r - 1 : n;
        long choices = 1;
        for (int i = 0; i < Math.min(r, from - r); i++) {
            choices = choices * (from - i) / (i + 1);
            if (choices > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("combinations: of " + n + " elements there are more than "
                        + Integer.MAX_VALUE + " choices of " + r);
            }
        }
        long[] row = new long[OutOfMemory.array("combinations", r)];
        for (int i = 0; i < r; i++) {
            row[i] = withReplacement ? 0 : i;
        }
        Tensor rows = Blockwise.longs(OutOfMemory.times("combinations", choices, r), r, (_, block, count) -> {
            for (int at = 0; at < count; at += r) {
                System.arraycopy(row, 0, block, at, r);
                int i = r - 1;
                while (i > 0 && row[i] == (withReplacement ? n - 1 : n - r + i)) {
                    i--;
                }
                row[i]++;
                for (int j = i + 1; j < r; j++) {
                    row[j] = row[j - 1] + (withReplacement ? 0 : 1);
                }
            }
        });
        return self().indexSelect(0, rows).reshape(choices, r);
    }

    default Tensor combinations(int r) {
        return combinations(r, false);
    }

    default Tensor combinations(boolean withReplacement) {
        return combinations(2, withReplacement);
    }

    default Tensor combinations() {
        return combinations(2, false);
    }

    /** The matrix of a vector's powers {@code n-1, …, 1, 0}, a row for each element, or of rising powers. Integers become int64. */
    default Tensor vander(int n, boolean increasing) {
        if (self().dim() != 1 || n < 0) {
            throw new IllegalArgumentException(
                    "vander needs a vector and a count of at least 0, got shape " + self().shape() + " and " + n);
        }
        Tensor x = self().dtype().isFloating() ? self() : self().to(DType.INT64);
        if (n == 0) {
            return x.newEmpty(x.numel(), 0);
        }
        Tensor ones = x.newOnes(x.numel(), 1);
        Tensor powers = x.unsqueeze(1).expand(x.numel(), n - 1).cumprod(1);
        Tensor rising = Tensors.cat(List.of(ones, powers), 1);
        return increasing ? rising : rising.flip(1);
    }

    default Tensor vander(int n) {
        return vander(n, false);
    }

    default Tensor vander(boolean increasing) {
        return vander(Math.toIntExact(self().numel()), increasing);
    }

    /** The square matrix of falling powers. */
    default Tensor vander() {
        return vander(Math.toIntExact(self().numel()), false);
    }

    // ---- operations

    private void needs(String op, int rank) {
        if (self().dim() < rank) {
            throw new IllegalArgumentException(
                    op + " needs at least " + rank + " dimensions, got shape " + self().shape());
        }
    }
}
