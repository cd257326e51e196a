package akari.cpu;

import akari.backend.Layout;
import akari.backend.Reduction;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Sums, maxima and minima of floating types in any layout. Elements pass through small Java arrays and are accumulated in
 * double, lane by lane, in loops that the JIT vectorises: a row that is reduced goes into up to 512 lanes, which are folded at the
 * end; rows that are added to each other have a lane for every column. Long reductions are cut into blocks of fixed size whose
 * results are combined in order, so the result does not depend on the number of threads.
 */
final class Reductions {
    private static final int LANES = 512;

    /** Elements of one block of a long reduction, and of one task. */
    private static final int GRAIN = 1 << 16;

    private final Workers workers;

    Reductions(Workers workers) {
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    boolean run(Reduction op, View in, View out) {
        boolean index = op == Reduction.ARGMAX || op == Reduction.ARGMIN;
        boolean plain = op == Reduction.SUM || op == Reduction.MAX || op == Reduction.MIN;
        if (!in.dtype().isFloating() || in.numel() == 0 || !index && !plain || plain && out.dtype() != in.dtype()) {
            return false;
        }
        Loops loops = new Loops(in, out);
        if (index && loops.reducedLoops != 1) {
            return false;
        }
        long perGroup = loops.terms * loops.width;
        int chunks = index ? 1 : Math.toIntExact(Math.ceilDiv(perGroup, GRAIN));
        long perChunk = Math.ceilDiv(loops.terms, chunks);
        if (index) {
            eachGroup(loops, perGroup, (g, s) -> loops.locate(op, g, s));
        } else if (chunks == 1 || loops.groups >= 32) {
            eachGroup(loops, perGroup, (g, s) -> {
                for (int c = 0; c < chunks; c++) {
                    double[] part = c == 0 ? s.total : s.lanes;
                    loops.accumulate(op, g, c * perChunk, Math.min((c + 1) * perChunk, loops.terms), part, s);
                    if (c > 0) {
                        combine(op, s.total, s.lanes, loops.width);
                    }
                }
                loops.finish(op, g, s.total);
            });
        } else {
            int groups = (int) loops.groups;
            double[][] parts = new double[groups * chunks][loops.width];
            workers.run(parts.length, t -> {
                long from = t % chunks * perChunk;
                long to = Math.min(from + perChunk, loops.terms);
                loops.accumulate(op, t / chunks, from, to, parts[t], new Scratch(loops.width));
            });
            for (int g = 0; g < groups; g++) {
                double[] total = parts[g * chunks];
                for (int c = 1; c < chunks; c++) {
                    combine(op, total, parts[g * chunks + c], loops.width);
                }
                loops.finish(op, g, total);
            }
        }
        return true;
    }

    private interface Body {
        void run(long group, Scratch s);
    }

    private void eachGroup(Loops loops, long perGroup, Body body) {
        long perTask = Math.max(1, GRAIN / Math.max(1, perGroup));
        workers.run(Math.toIntExact(Math.ceilDiv(loops.groups, perTask)), t -> {
            Scratch s = new Scratch(loops.width);
            for (long g = t * perTask; g < Math.min((t + 1) * perTask, loops.groups); g++) {
                body.run(g, s);
            }
        });
    }

    private static final class Scratch {
        final double[] total;
        final double[] lanes;
        final double[] x;
        final float[] narrow;

        Scratch(int width) {
            total = new double[width];
            lanes = new double[width];
            x = new double[width];
            narrow = new float[width];
        }
    }

    // ---- the loops; one index everywhere, which is what the JIT vectorises

    private static void combine(Reduction op, double[] to, double[] x, int n) {
        switch (op) {
            case SUM -> add(to, x, n);
            case MAX -> max(to, x, n);
            default -> min(to, x, n);
        }
    }

    private static void add(double[] to, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = to[i] + x[i];
        }
    }

    private static void max(double[] to, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(to[i], x[i]);
        }
    }

    private static void min(double[] to, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.min(to[i], x[i]);
        }
    }

    private static void widen(float[] from, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = from[i];
        }
    }

    private static double identity(Reduction op) {
        return switch (op) {
            case SUM -> 0;
            case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
            default -> Double.POSITIVE_INFINITY;
        };
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
            rows = reduced[rank];
            length = size[rank];
            stride = step[rank];
            outStride = outStep[rank];
            width = (int) Math.min(length, LANES);
            pieces = Math.ceilDiv(length, (long) width);
            long kept = 1;
            long gone = 1;
            int loops = rows ? 1 : 0;
            for (int d = 0; d < rank; d++) {
                kept *= reduced[d] ? 1 : size[d];
                gone *= reduced[d] ? size[d] : 1;
                loops += reduced[d] ? 1 : 0;
            }
            groups = rows ? kept : kept * pieces;
            terms = rows ? gone * pieces : gone;
            reducedLoops = loops;
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
            long rest = i;
            long at = 0;
            for (int d = rank - 1; d >= 0; d--) {
                if (reduced[d] == away) {
                    at += rest % size[d] * steps[d];
                    rest /= size[d];
                }
            }
            return at;
        }

        private int count(long piece) {
            return (int) Math.min(width, length - piece * width);
        }

        /** Elements of a group's term into {@code s.x}. */
        private int load(long group, long term, Scratch s) {
            long piece = rows ? term % pieces : group % pieces;
            long at = at(rows ? group : group / pieces, false, step)
                    + at(rows ? term / pieces : term, true, step)
                    + piece * width * stride;
            int n = count(piece);
            if (in.dtype().fitsFloat32()) {
                Transfer.load(in.dtype(), in.address() + at * in.dtype().bytes(), stride, s.narrow, n);
                widen(s.narrow, s.x, n);
            } else if (stride == 1) {
                MemorySegment.copy(
                        SystemMemory.ALL, ValueLayout.JAVA_DOUBLE_UNALIGNED, in.address() + at * 8, s.x, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    s.x[i] = SystemMemory.ALL.get(
                            ValueLayout.JAVA_DOUBLE_UNALIGNED, in.address() + (at + i * stride) * 8);
                }
            }
            return n;
        }

        void accumulate(Reduction op, long group, long from, long to, double[] lanes, Scratch s) {
            Arrays.fill(lanes, 0, width, identity(op));
            for (long t = from; t < to; t++) {
                combine(op, lanes, s.x, load(group, t, s));
            }
        }

        /** Folds the lanes of a reduced row by halves; writes the group's results. */
        void finish(Reduction op, long group, double[] lanes) {
            if (!rows) {
                store(group, lanes);
                return;
            }
            for (int n = width; n > 1; ) {
                int half = (n + 1) / 2;
                for (int i = 0; i < n - half; i++) {
                    double a = lanes[i];
                    double b = lanes[i + half];
                    lanes[i] = switch (op) {
                        case SUM -> a + b;
                        case MAX -> Math.max(a, b);
                        default -> Math.min(a, b);
                    };
                }
                n = half;
            }
            store(group, lanes);
        }

        private void store(long group, double[] values) {
            long piece = rows ? 0 : group % pieces;
            int n = rows ? 1 : count(piece);
            long at = at(rows ? group : group / pieces, false, outStep) + piece * width * outStride;
            for (int i = 0; i < n; i++) {
                long to = out.address() + (at + i * outStride) * out.dtype().bytes();
                Transfer.store(out.dtype(), values[i], to);
            }
        }

        /** Positions of the first largest or smallest elements; NaN wins. */
        void locate(Reduction op, long group, Scratch s) {
            double[] best = s.total;
            double[] where = s.lanes;
            Arrays.fill(best, 0, width, identity(op));
            Arrays.fill(where, 0, width, 0);
            boolean largest = op == Reduction.ARGMAX;
            for (long t = 0; t < terms; t++) {
                int n = load(group, t, s);
                for (int i = 0; i < n; i++) {
                    int lane = rows ? 0 : i;
                    double x = s.x[i];
                    double b = best[lane];
                    if (largest ? x > b : x < b) {
                        best[lane] = x;
                        where[lane] = rows ? t * width + i : t;
                    } else if (Double.isNaN(x) && !Double.isNaN(b)) {
                        best[lane] = x;
                        where[lane] = rows ? t * width + i : t;
                    }
                }
            }
            store(group, where);
        }
    }
}
