package akari.cpu.layer;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.Shape;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Strided;
import org.jspecify.annotations.Nullable;

/** Matrix products in plain Java: rows of the left operand as they lie, the right one packed into panels of a tile's width. */
final class JavaMatmul {
    /** Of the inner dimension: a panel of this length stays in the second-level cache. */
    private static final long DEPTH = 1024;

    private static final int TILES_PER_TASK = 8;

    private final Workspace.Source workspaces;
    private final Workers workers;

    JavaMatmul(Workspace.Source workspaces, Workers workers) {
        this.workspaces = workspaces;
        this.workers = workers;
    }

    void run(View a, View b, @Nullable View bias, View out) {
        int r = out.layout().rank();
        Tile tile = Tile.of(out.dtype(), out.layout().size(r - 1));
        try (Workspace w = workspaces.open()) {
            boolean dense = out.layout().stride(r - 1) == 1 || out.layout().size(r - 1) == 1;
            Layout rows = dense ? out.layout() : Layout.contiguous(out.shape());
            long to = dense ? out.address() : w.take(out.numel() * tile.bytes());
            long plus = 0;
            if (bias != null) {
                plus = w.take(bias.numel() * tile.bytes());
                Strided.copy(
                        workers, tile.bytes(), bias.address(), bias.layout(), plus, Layout.contiguous(bias.shape()));
            }
            long batches = 1;
            for (int d = 0; d < r - 2; d++) {
                batches *= out.layout().size(d);
            }
            long lastPanel = Long.MIN_VALUE;
            long columns = Math.ceilDiv(out.layout().size(r - 1), tile.columns()) * tile.columns();
            long packed = w.take(b.layout().size(r - 2) * columns * tile.bytes());
            for (long i = 0; i < batches; i++) {
                long right = b.address() + place(b.layout(), i) * tile.bytes();
                if (right != lastPanel) {
                    pack(tile, b.layout(), right, packed);
                    lastPanel = right;
                }
                long left = a.address() + place(a.layout(), i) * tile.bytes();
                multiply(
                        tile,
                        a.layout(),
                        left,
                        b.layout().size(r - 1),
                        packed,
                        plus,
                        rows,
                        to + place(rows, i) * tile.bytes());
            }
            if (!dense) {
                Strided.copy(workers, tile.bytes(), to, rows, out.address(), out.layout());
            }
        }
    }

    /** Offset of the {@code i}-th matrix from the first. */
    private static long place(Layout l, long i) {
        long at = 0;
        for (int d = l.rank() - 3; d >= 0; d--) {
            at += i % l.size(d) * l.stride(d);
            i /= l.size(d);
        }
        return at;
    }

    /** {@code [k, n]} to panels {@code [n / columns][k][columns]}, the last one filled up with zeros. */
    private void pack(Tile tile, Layout l, long from, long to) {
        long k = l.size(-2);
        long n = l.size(-1);
        int columns = tile.columns();
        long panel = k * columns * tile.bytes();
        if (n % columns != 0) {
            Strided.zero(to + n / columns * panel, panel);
        }
        Layout source = Layout.of(Shape.of(0, 0), new long[] {l.stride(-2), l.stride(-1)}, 0);
        for (long j = 0; j < n; j += columns) {
            Shape part = Shape.of(k, Math.min(columns, n - j));
            Strided.copy(
                    workers,
                    tile.bytes(),
                    from + j * l.stride(-1) * tile.bytes(),
                    Layout.of(part, source.strides(), 0),
                    to + j / columns * panel,
                    Layout.of(part, new long[] {columns, 1}, 0));
        }
    }

    private void multiply(Tile tile, Layout a, long left, long n, long packed, long bias, Layout out, long to) {
        long m = a.size(-2);
        long k = a.size(-1);
        int columns = tile.columns();
        int size = tile.bytes();
        long rowStep = a.stride(-2) * size;
        long ak = a.stride(-1) * size;
        long outStep = out.stride(-2) * size;
        int height = tile.rows();
        long rowsPerTask = (long) TILES_PER_TASK * height;
        int panels = Math.toIntExact(Math.ceilDiv(n, columns));
        int groups = Math.toIntExact(Math.ceilDiv(m, rowsPerTask));
        workers.run(groups * panels, task -> {
            long firstRow = (long) (task / panels) * rowsPerTask;
            long column = (long) (task % panels) * columns;
            int width = (int) Math.min(columns, n - column);
            long[] rows = new long[height];
            long[] runs = {0};
            try (Workspace w = workspaces.open()) {
                long sums = w.take(tile.size());
                for (long depth = 0; depth < k; depth += DEPTH) {
                    int length = (int) Math.min(DEPTH, k - depth);
                    long b = packed + (column * k + depth * columns) * size;
                    for (long i = firstRow; i < Math.min(m, firstRow + rowsPerTask); i += height) {
                        int here = (int) Math.min(height, m - i);
                        for (int q = 0; q < height; q++) {
                            rows[q] = (i + Math.min(q, here - 1)) * rowStep;
                        }
                        tile.sum(left + depth * ak, rows, runs, length, ak, b, (long) columns * size, sums);
                        long c = to + i * outStep + column * size;
                        if (depth > 0) {
                            tile.write(sums, here, width, c, outStep, c, outStep);
                        } else {
                            tile.write(sums, here, width, bias == 0 ? 0 : bias + column * size, 0, c, outStep);
                        }
                    }
                }
            }
        });
    }
}
