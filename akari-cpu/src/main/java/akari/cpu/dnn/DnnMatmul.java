package akari.cpu.dnn;

import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.layer.Gemv;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** oneDNN's matrix product: transposed operands and broadcast batches without copies. */
final class DnnMatmul {
    private final Workspace.Source workspaces;
    private final Workers workers;
    private final DnnCopies copies;
    private final Gemv gemv;
    private final DnnCache<Key, Primitive> cache = new DnnCache<>(DnnMatmul::make);

    DnnMatmul(Workspace.Source workspaces, Workers workers, DnnCopies copies) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.copies = copies;
        this.gemv = new Gemv(workers);
    }

    private record Key(
            DType type, Layout a, Layout b, @Nullable DType bias, DType result, Layout out, int threads) {
        @Override
        public String toString() {
            return "matmul of " + type + " " + a + " and " + b + " into " + out;
        }
    }

    void run(View a, View b, @Nullable View bias, View out) {
        if (gemv.run(a, b, bias, out)) {
            return;
        }
        try (Workspace w = workspaces.open()) {
            Layout la = operand(a.layout());
            Layout lb = operand(b.layout());
            Layout lo = result(out.layout());
            long pa = copies.in(w, a, la);
            long pb = copies.in(w, b, lb);
            long po = copies.out(w, out, lo);
            Key key = new Key(
                    a.dtype(),
                    la,
                    lb,
                    bias == null ? null : bias.dtype(),
                    out.dtype(),
                    lo,
                    DnnLayers.threads(workers, out.numel() * la.size(-1)));
            Primitive p = cache.get(key);
            if (bias == null) {
                p.run(w, pa, pb, po);
            } else {
                p.run(w, pa, pb, po, copies.in(w, bias, Layout.contiguous(bias.shape())));
            }
            copies.deliver(w, po, lo, out);
        }
    }

    /** The layout itself where oneDNN takes it: dense rows or dense columns, batches apart or repeated. Else a dense one. */
    private static Layout operand(Layout l) {
        long rows = l.size(-2);
        long columns = l.size(-1);
        boolean byRow = (columns == 1 || l.stride(-1) == 1) && (rows == 1 || l.stride(-2) >= columns);
        boolean byColumn = (rows == 1 || l.stride(-2) == 1) && (columns == 1 || l.stride(-1) >= rows);
        Layout once = l;
        for (int d = l.rank() - 3; d >= 0; d--) {
            once = once.stride(d) == 0 ? once.slice(d, 0, 1, 1) : once;
        }
        return (byRow || byColumn) && accepted(once) ? l.at(0) : Layout.contiguous(l.shape());
    }

    private static Layout result(Layout l) {
        boolean byRow = (l.size(-1) == 1 || l.stride(-1) == 1) && (l.size(-2) == 1 || l.stride(-2) >= l.size(-1));
        return byRow && accepted(l) ? l.at(0) : Layout.contiguous(l.shape());
    }

    /**
     * Matrices that are not interleaved; and, where there are several of a single row or column, without gaps: oneDNN 3.13 computes wrong
     * products of matrices {@code [1, n]} that lie further than n apart.
     */
    private static boolean accepted(Layout l) {
        boolean thin = l.size(-1) == 1 || l.size(-2) == 1;
        boolean several = l.numel() != l.size(-1) * l.size(-2);
        return thin && several ? l.isContiguous() : DnnCopies.described(l);
    }

    // ---- making a primitive

    private static Primitive make(Key k) {
        OneDnn.threads(k.threads);
        String what = k.toString();
        Problem problem = Problem.of(k.a, k.b, k.out);
        long a = problem.descriptor(k.type, 0, problem.m, problem.k);
        long b = problem.descriptor(k.type, 1, problem.k, problem.n);
        long y = problem.descriptor(k.result, 2, problem.m, problem.n);
        long add = k.bias == null ? 0 : problem.bias(k.bias);
        long recipe = OneDnn.matmul(what, a, b, add, Epilogue.NONE, y);
        Primitive p = k.bias != null
                ? new Primitive(what, k.threads, recipe, OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST, OneDnn.BIAS)
                : new Primitive(what, k.threads, recipe, OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST);
        OneDnn.destroyRecipe(recipe);
        for (long md : k.bias != null ? new long[] {a, b, y, add} : new long[] {a, b, y}) {
            OneDnn.destroyDescriptor(md);
        }
        return p;
    }

    /**
     * A product in its simplest form: batch dimensions joined where memory allows, and those over which {@code b} stays the same
     * made rows of {@code a}, so that a linear layer over any leading dimensions is one plain product.
     *
     * @param strides of a, b and out: the batch dimensions' (outermost first), then row, then column
     */
    private record Problem(long[] batch, long m, long n, long k, long[][] strides) {
        static Problem of(Layout... l) {
            int r = l[0].rank();
            long m = l[0].size(-2);
            // innermost first; one row a dimension: size, then the strides of a, b and out
            ArrayDeque<long[]> batch = new ArrayDeque<>();
            for (int d = r - 3; d >= 0; d--) {
                long size = l[2].size(d);
                long[] step = {size, l[0].stride(d), l[1].stride(d), l[2].stride(d)};
                long[] inner = batch.peekLast();
                if (size == 1) {
                    continue;
                }
                if (batch.isEmpty()
                        && step[2] == 0
                        && step[1] == m * l[0].stride(-2)
                        && step[3] == m * l[2].stride(-2)
                        && byRow(l[0])) {
                    m *= size;
                } else if (inner != null && joins(step, inner)) {
                    inner[0] *= size;
                } else {
                    batch.addLast(step);
                }
            }
            long[] sizes = new long[batch.size()];
            long[][] strides = new long[3][sizes.length + 2];
            for (int i = 0; i < sizes.length; i++) {
                long[] step = batch.removeLast();
                sizes[i] = step[0];
                for (int j = 0; j < 3; j++) {
                    strides[j][i] = step[j + 1];
                }
            }
            for (int j = 0; j < 3; j++) {
                matrix(l[j], j == 1 ? l[1].size(-2) : m, strides[j]);
            }
            return new Problem(sizes, m, l[1].size(-1), l[1].size(-2), strides);
        }

        private static boolean byRow(Layout l) {
            return l.size(-1) == 1 || l.stride(-1) == 1;
        }

        private static boolean joins(long[] outer, long[] inner) {
            for (int j = 1; j < 4; j++) {
                if (outer[j] != inner[j] * inner[0]) {
                    return false;
                }
            }
            return true;
        }

        /** Row and column stride; a dimension of one element gets one that fits: by rows wherever that is possible. */
        private static void matrix(Layout l, long rows, long[] into) {
            long columns = l.size(-1);
            long row = l.stride(-2);
            long column = l.stride(-1);
            if (columns == 1) {
                column = 1;
            } else if (rows == 1) {
                row = column == 1 ? columns : 1;
            }
            into[into.length - 2] = row;
            into[into.length - 1] = column;
        }

        /** An operand that stays the same over a batch dimension has size 1 there. */
        long descriptor(DType type, int operand, long rows, long columns) {
            int r = batch.length + 2;
            long[] sizes = Arrays.copyOf(batch, r);
            long[] steps = strides[operand].clone();
            sizes[r - 2] = rows;
            sizes[r - 1] = columns;
            for (int d = r - 3; d >= 0; d--) {
                if (steps[d] == 0) {
                    sizes[d] = 1;
                    steps[d] = d == r - 3
                            ? rows * columns * Math.max(steps[r - 2], steps[r - 1])
                            : steps[d + 1] * sizes[d + 1];
                }
            }
            return OneDnn.strided(type, sizes, steps);
        }

        long bias(DType type) {
            long[] sizes = new long[batch.length + 2];
            long[] steps = new long[sizes.length];
            Arrays.fill(sizes, 1);
            Arrays.fill(steps, n);
            sizes[sizes.length - 1] = n;
            steps[steps.length - 1] = 1;
            return OneDnn.strided(type, sizes, steps);
        }
    }
}
