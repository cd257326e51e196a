package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tensor with the slices, numbers and new dimensions already applied, and an index for each of its dimensions, null for all of it.
 * The picked dimensions go first and are flattened, and their indices with them: what is left is one gather or scatter.
 */
record Brackets(Tensor basic, List<@Nullable Tensor> tensors) {
    static Brackets of(Tensor x, Index[] at) {
        NullArgument.check(at, "at");
        for (Index i : at) {
            if (i == null) {
                throw NullArgument.of("an index");
            }
        }
        Tensor now = x;
        List<@Nullable Tensor> tensors = new ArrayList<>();
        int left = 0;
        int ellipses = 0;
        for (Index i : at) {
            ellipses += i == Index.ELLIPSIS ? 1 : 0;
            left += i instanceof Tensor t && t.dtype() == DType.BOOL ? t.dim() : i instanceof Index.Mark ? 0 : 1;
        }
        if (left > x.dim() || ellipses > 1) {
            throw new IllegalArgumentException("too many indices for shape " + x.shape() + ": " + describe(at));
        }
        for (Index i : at) {
            int d = tensors.size();
            switch (i) {
                case Index.At a -> now = now.select(d, a.i());
                case Slice s -> {
                    now = s == Slice.ALL ? now : now.slice(d, s.start(), s.end(), s.step());
                    tensors.add(null);
                }
                case Index.Mark m -> {
                    if (m == Index.Mark.NEW_AXIS) {
                        now = now.unsqueeze(d);
                        tensors.add(null);
                    } else {
                        tensors.addAll(Collections.nCopies(x.dim() - left, null));
                    }
                }
                case Tensor t -> {
                    if (t.dtype() != DType.BOOL) {
                        integers(t);
                        tensors.add(t);
                    } else if (t.dim() == 0) {
                        now = now.unsqueeze(d);
                        tensors.add(Tensors.zeros(DType.INT64, t.itemLong() != 0 ? 1 : 0));
                    } else {
                        tensors.addAll(masked(now, d, t));
                    }
                }
            }
        }
        while (tensors.size() < now.dim()) {
            tensors.add(null);
        }
        return new Brackets(now == x ? now.reshape(now.shape()) : now, tensors);
    }

    private static List<Tensor> masked(Tensor now, int d, Tensor mask) {
        for (int i = 0; i < mask.dim(); i++) {
            if (mask.size(i) != now.size(d + i)) {
                throw new IllegalArgumentException("a mask of shape " + mask.shape() + " at dimension " + d
                        + " of shape " + now.shape() + ": size " + mask.size(i) + " does not match size "
                        + now.size(d + i) + " of dimension " + (d + i));
            }
        }
        return mask.nonzero().unbind(1);
    }

    private static void integers(Tensor t) {
        if (t.dtype() != DType.INT64 && t.dtype() != DType.INT32) {
            throw new IllegalArgumentException(
                    "an index tensor must be int64, int32 or bool, got " + t.dtype() + " of shape " + t.shape());
        }
    }

    private static String describe(Index[] at) {
        return Arrays.stream(at)
                .map(i -> i instanceof Tensor t ? t.dtype() + " " + t.shape() : i.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    boolean picks() {
        return tensors.stream().anyMatch(t -> t != null);
    }

    /** The picked dimensions, then the others. */
    private int[] order() {
        List<Integer> order = new ArrayList<>();
        for (int pass = 0; pass < 2; pass++) {
            for (int d = 0; d < tensors.size(); d++) {
                if (tensors.get(d) != null == (pass == 0)) {
                    order.add(d);
                }
            }
        }
        return order.stream().mapToInt(i -> i).toArray();
    }

    /** The shape to which the index tensors broadcast. */
    private Shape picked() {
        Shape common = Shape.SCALAR;
        for (Tensor t : tensors) {
            try {
                common = t == null ? common : Shape.broadcast(common, t.shape());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("index tensors: " + e.getMessage(), e);
            }
        }
        return common;
    }

    /** Where the picked dimensions stand in the result: where they stood, if together. */
    private int place() {
        int first = -1;
        int last = -1;
        int count = 0;
        for (int d = 0; d < tensors.size(); d++) {
            if (tensors.get(d) != null) {
                first = first < 0 ? d : first;
                last = d;
                count++;
            }
        }
        return last - first + 1 == count ? first : 0;
    }

    /** One index for each picked element, into the flattened picked dimensions. */
    private Tensor flat(Shape picked) {
        List<Blockwise.@Nullable Reader> readers = new ArrayList<>();
        for (Tensor t : tensors) {
            readers.add(t == null ? null : new Blockwise.Reader(t.expand(picked.toArray()), DType.INT64));
        }
        long[] index = new long[(int) Math.min(picked.numel(), Blockwise.SIZE)];
        return Blockwise.longs(picked.numel(), (from, flat, count) -> {
            Arrays.fill(flat, 0, count, 0);
            for (int d = 0; d < readers.size(); d++) {
                Blockwise.Reader reader = readers.get(d);
                if (reader != null) {
                    reader.read(from, MemorySegment.ofArray(index).asSlice(0, 8L * count));
                    add(index, d, flat, count);
                }
            }
        });
    }

    /** Takes the indices of one more picked dimension into the flat ones. */
    private void add(long[] index, int d, long[] flat, int count) {
        long n = basic.size(d);
        for (int i = 0; i < count; i++) {
            long v = index[i];
            if (v < -n || v >= n) {
                throw new IndexOutOfBoundsException(
                        "index " + v + " is out of range for dimension " + d + " with size " + n);
            }
            flat[i] = flat[i] * n + (v < 0 ? v + n : v);
        }
    }

    private int count() {
        return (int) tensors.stream().filter(t -> t != null).count();
    }

    /** The sizes of the dimensions that are taken whole. */
    private long[] rest() {
        int[] order = order();
        return Arrays.stream(order, count(), order.length)
                .mapToLong(basic::size)
                .toArray();
    }

    private static long[] join(long[] a, long... b) {
        long[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    /** {@code [elements of the picked dimensions, rest…]}. */
    private Tensor rows(Tensor t) {
        Tensor first = t.permute(order());
        long n = 1;
        for (int d = 0; d < count(); d++) {
            n *= first.size(d);
        }
        return first.reshape(join(new long[] {n}, rest()));
    }

    Tensor take() {
        Shape picked = picked();
        Tensor out = rows(basic).indexSelect(0, flat(picked)).reshape(join(picked.toArray(), rest()));
        int place = place();
        int[] from = new int[picked.rank()];
        int[] to = new int[picked.rank()];
        Arrays.setAll(from, d -> d);
        Arrays.setAll(to, d -> d + place);
        return place == 0 ? out : out.movedim(from, to);
    }

    /** {@code basic} with values at the indices. */
    private Tensor replaced(Tensor values, boolean accumulate) {
        Shape picked = picked();
        long[] rest = rest();
        int place = place();
        long[] shape =
                join(join(Arrays.copyOf(rest, place), picked.toArray()), Arrays.copyOfRange(rest, place, rest.length));
        int[] from = new int[picked.rank()];
        int[] to = new int[picked.rank()];
        Arrays.setAll(from, d -> d + place);
        Arrays.setAll(to, d -> d);
        Tensor rows = rows(basic);
        Tensor v = fitted(values, Shape.of(shape)).expand(shape);
        v = (place == 0 ? v : v.movedim(from, to)).reshape(join(new long[] {picked.numel()}, rest));
        Tensor out = accumulate ? rows.indexAdd(0, flat(picked), v, 1) : rows.indexCopy(0, flat(picked), v);
        int[] order = order();
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return out.reshape(basic.permute(order).shape()).permute(inverse);
    }

    void put_(Tensor values, boolean accumulate) {
        Tensor v = picks() ? replaced(values, accumulate) : fitted(values, basic.shape());
        if (accumulate && !picks()) {
            basic.add_(v);
        } else {
            basic.copy_(v);
        }
    }

    /** {@code v} without leading dimensions of size 1 that {@code shape} lacks. */
    private static Tensor fitted(Tensor v, Shape shape) {
        Tensor t = v;
        while (t.dim() > shape.rank() && t.size(0) == 1) {
            t = t.reshape(Arrays.copyOfRange(t.shape().toArray(), 1, t.dim()));
        }
        return t;
    }
}
