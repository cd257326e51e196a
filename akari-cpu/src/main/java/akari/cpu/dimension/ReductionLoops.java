package akari.cpu.dimension;

import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.View;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.Blocks;

/**
 * Reductions of any type and layout. Elements pass through small Java arrays and are accumulated {@linkplain Lanes lane by lane}: a row
 * that is reduced goes into up to 512 lanes, which are folded at the end; rows that are added to each other have a lane for every
 * column. Long reductions are cut into blocks of fixed size whose results are combined in order, so the result does not depend on the
 * number of threads.
 */
public final class ReductionLoops {
    private static final int LANES = Blocks.SIZE;

    /** Elements of one block of a long reduction, and of one task. */
    private static final int GRAIN = 1 << 16;

    /** Reduced rows shorter than this are read across. */
    private static final int SHORT = 32;

    private final Workers workers;

    public ReductionLoops(Workers workers) {
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    public boolean run(ReduceOp op, View in, View out) {
        boolean index = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
        if (in.numel() == 0) {
            return false;
        }
        Loops loops = new Loops(in, out);
        if (index && loops.reducedLoops > 1) {
            return false;
        }
        long perGroup = loops.terms * loops.width;
        int chunks = index ? 1 : Math.toIntExact(Math.ceilDiv(perGroup, GRAIN));
        long perChunk = Math.ceilDiv(loops.terms, chunks);
        if (index) {
            eachGroup(op, loops, perGroup, 1, (g, lanes) -> loops.locate(g, lanes[0]));
        } else if (chunks == 1 || loops.groups >= 32) {
            eachGroup(op, loops, perGroup, Math.min(chunks, 2), (g, lanes) -> {
                for (int c = 0; c < chunks; c++) {
                    Lanes part = lanes[Math.min(c, 1)];
                    loops.accumulate(g, c * perChunk, Math.min((c + 1) * perChunk, loops.terms), part);
                    if (c > 0) {
                        lanes[0].take(part, loops.width);
                    }
                }
                loops.finish(g, lanes[0]);
            });
        } else {
            int groups = (int) loops.groups;
            Lanes[] parts = new Lanes[groups * chunks];
            workers.run(parts.length, t -> {
                long from = t % chunks * perChunk;
                long to = Math.min(from + perChunk, loops.terms);
                parts[t] = loops.lanes(op);
                loops.accumulate(t / chunks, from, to, parts[t]);
            });
            for (int g = 0; g < groups; g++) {
                Lanes total = parts[g * chunks];
                for (int c = 1; c < chunks; c++) {
                    total.take(parts[g * chunks + c], loops.width);
                }
                loops.finish(g, total);
            }
        }
        return true;
    }

    private interface Body {
        void run(long group, Lanes[] lanes);
    }

    private void eachGroup(ReduceOp op, Loops loops, long perGroup, int sets, Body body) {
        long perTask = Math.max(1, GRAIN / Math.max(1, perGroup));
        workers.run(Math.toIntExact(Math.ceilDiv(loops.groups, perTask)), t -> {
            Lanes[] lanes = new Lanes[sets];
            for (int i = 0; i < sets; i++) {
                lanes[i] = loops.lanes(op);
            }
            for (long g = t * perTask; g < Math.min((t + 1) * perTask, loops.groups); g++) {
                body.run(g, lanes);
            }
        });
    }

    /**
     * The dimensions as loops. A group is what one accumulation gives: a single result, or, where the innermost dimension is kept, up to
     * 512 neighbouring ones. Its terms are stretches of up to 512 elements.
     */
    private static final class Loops {
        final long groups;
        final long terms;
        /** Elements of a term, and lanes of a group. */
        final int width;

        final int reducedLoops;

        private final View in;
        private final View out;
        private final boolean rows;
        private final long length;
        private final long pieces;
        private final long stride;
        private final long outStride;
        private final int rank;
        private final long[] size;
        private final long[] step;
        private final long[] outStep;
        private final boolean[] reduced;
        private final int outermostKept;
        private final int outermostReduced;

        Loops(View in, View out) {
            this.in = in;
            this.out = out;
            Layout a = in.layout();
            Layout b = out.layout();
            int n = a.rank();
            size = new long[n + 1];
            step = new long[n + 1];
            outStep = new long[n + 1];
            reduced = new boolean[n + 1];
            int r = 0;
            for (int d : order(a)) {
                long count = a.size(d);
                if (count == 1) {
                    continue;
                }
                boolean away = b.size(d) == 1;
                long to = away ? 0 : b.stride(d);
                if (r > 0
                        && reduced[r - 1] == away
                        && step[r - 1] == a.stride(d) * count
                        && outStep[r - 1] == to * count) {
                    r--;
                    size[r] *= count;
                } else {
                    size[r] = count;
                }
                step[r] = a.stride(d);
                outStep[r] = to;
                reduced[r++] = away;
            }
            if (r == 0) {
                size[r++] = 1;
            }
            rank = r - 1;
            if (reduced[rank] && size[rank] < SHORT) {
                preferKept();
            }
            rows = reduced[rank];
            length = size[rank];
            stride = step[rank];
            outStride = outStep[rank];
            width = (int) Math.min(length, rows ? Math.min(LANES, rounded(Math.ceilDiv(length, Lanes.PARTS))) : LANES);
            pieces = Math.ceilDiv(length, (long) width);
            long kept = 1;
            long gone = 1;
            int loops = rows ? 1 : 0;
            int firstKept = -1;
            int firstReduced = -1;
            for (int d = rank - 1; d >= 0; d--) {
                firstKept = reduced[d] ? firstKept : d;
                firstReduced = reduced[d] ? d : firstReduced;
                kept *= reduced[d] ? 1 : size[d];
                gone *= reduced[d] ? size[d] : 1;
                loops += reduced[d] ? 1 : 0;
            }
            outermostKept = firstKept;
            outermostReduced = firstReduced;
            groups = rows ? kept : kept * pieces;
            terms = rows ? gone * pieces : gone;
            reducedLoops = loops;
        }

        /** Up to whole vectors. */
        private static long rounded(long n) {
            return (n + 15) / 16 * 16;
        }

        private static int[] order(Layout l) {
            int[] order = new int[l.rank()];
            for (int d = 0; d < order.length; d++) {
                int i = d;
                for (; i > 0 && l.stride(order[i - 1]) < l.stride(d); i--) {
                    order[i] = order[i - 1];
                }
                order[i] = d;
            }
            return order;
        }

        /** Distance, in elements, of position {@code i} of the loops that are (not) reduced. */
        private long at(long i, boolean away, long[] steps) {
            int outermost = away ? outermostReduced : outermostKept;
            if (outermost < 0) {
                return 0;
            }
            long rest = i;
            long at = 0;
            for (int d = rank - 1; d > outermost; d--) {
                if (reduced[d] == away) {
                    at += rest % size[d] * steps[d];
                    rest /= size[d];
                }
            }
            return at + rest * steps[outermost];
        }

        /** Makes the longest loop whose elements are kept the innermost. */
        private void preferKept() {
            int longest = -1;
            for (int d = 0; d < rank; d++) {
                if (!reduced[d] && size[d] > size[rank] && (longest < 0 || size[d] > size[longest])) {
                    longest = d;
                }
            }
            if (longest >= 0) {
                reduced[longest] = true;
                reduced[rank] = false;
                swap(size, longest);
                swap(step, longest);
                swap(outStep, longest);
            }
        }

        private void swap(long[] a, int d) {
            long x = a[d];
            a[d] = a[rank];
            a[rank] = x;
        }

        Lanes lanes(ReduceOp op) {
            return Lanes.of(op, in.dtype(), width);
        }

        private int count(long piece) {
            return (int) Math.min(width, length - piece * width);
        }

        /** Where a group's term begins. */
        private long address(long group, long term) {
            long piece = rows ? term % pieces : group % pieces;
            long at = at(rows ? group : group / pieces, false, step)
                    + at(rows ? term / pieces : term, true, step)
                    + piece * width * stride;
            return in.address() + at * in.dtype().bytes();
        }

        private int elements(long group, long term) {
            return count(rows ? term % pieces : group % pieces);
        }

        void accumulate(long group, long from, long to, Lanes lanes) {
            lanes.clear();
            int parts;
            for (long t = from; t < to; t += parts) {
                parts = (int) Math.min(Lanes.PARTS, to - t);
                int n = width;
                if (rows) {
                    // pieces of one row lie behind each other
                    parts = (int) Math.min(parts, pieces - t % pieces);
                    int whole = (int) Math.min((long) parts * width, length - t % pieces * width);
                    lanes.load(address(group, t), stride, 0, whole);
                    if (parts == 1) {
                        n = whole;
                    } else {
                        lanes.pad(whole, parts * width);
                    }
                } else {
                    n = elements(group, t);
                    for (int k = 0; k < parts; k++) {
                        lanes.load(address(group, t + k), stride, k * width, n);
                    }
                }
                lanes.take(parts, n);
            }
        }

        /** Folds the lanes of a reduced row; writes the group's results. */
        void finish(long group, Lanes lanes) {
            if (rows) {
                lanes.fold();
            }
            store(group, lanes);
        }

        private void store(long group, Lanes lanes) {
            long piece = rows ? 0 : group % pieces;
            int n = rows ? 1 : count(piece);
            long at = at(rows ? group : group / pieces, false, outStep) + piece * width * outStride;
            for (int i = 0; i < n; i++) {
                lanes.store(
                        out.dtype(),
                        i,
                        out.address() + (at + i * outStride) * out.dtype().bytes());
            }
        }

        /** Positions of the first largest or smallest elements; NaN wins. */
        void locate(long group, Lanes lanes) {
            lanes.clear();
            for (long t = 0; t < terms; t++) {
                int n = elements(group, t);
                lanes.load(address(group, t), stride, 0, n);
                lanes.locate(n, rows, rows ? t * width : t);
            }
            store(group, lanes);
        }
    }
}
