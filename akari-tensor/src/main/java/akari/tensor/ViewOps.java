package akari.tensor;

import akari.backend.Layout;
import akari.core.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Views}. */
final class ViewOps {
    private ViewOps() {}

    record Permute(List<Integer> dims) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            return in[0].viewed(
                    in[0].view.layout().permute(dims.stream().mapToInt(i -> i).toArray()));
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            int[] inverse = new int[dims.size()];
            for (int i = 0; i < inverse.length; i++) {
                inverse[dims.get(i)] = i;
            }
            return new Tensor[] {g.permute(inverse)};
        }
    }

    /** A part of a tensor, wherever that lies. Its gradient is zeros with the part embedded. */
    sealed interface Window extends Op {
        Layout of(Layout whole);

        @Override
        default Tensor forward(Call call, Tensor[] in) {
            return in[0].viewed(of(in[0].view.layout()));
        }

        @Override
        default @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(new Embed(this, Layout.contiguous(call.inputShape(0))), g)};
        }
    }

    record Slice(int dim, long start, long length, long step) implements Window {
        @Override
        public Layout of(Layout whole) {
            return whole.slice(dim, start, length, step);
        }
    }

    record Select(int dim, long index) implements Window {
        @Override
        public Layout of(Layout whole) {
            return whole.select(dim, index);
        }
    }

    record Diagonal(long offset, int dim1, int dim2) implements Window {
        @Override
        public Layout of(Layout whole) {
            return whole.diagonal(offset, dim1, dim2);
        }
    }

    record Unfold(int dim, long size, long step) implements Window {
        @Override
        public Layout of(Layout whole) {
            return whole.unfold(dim, size, step);
        }
    }

    /** The layout {@code part} over the memory of a tensor laid out as {@code whole}; a tensor that lies otherwise is moved first. */
    record AsStrided(Layout part, Layout whole) implements Window {
        @Override
        public Layout of(Layout any) {
            return part;
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            if (in[0].view.layout().equals(whole)) {
                return in[0].viewed(part);
            }
            Tensor moved = space(in[0], part, whole);
            moved.viewed(whole).copy_(in[0]);
            return new Tensor(moved.backend(), moved.view.with(part));
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(new Embed(this, whole), g)};
        }
    }

    /** Zeros laid out as {@code whole} with the input at {@code where}; what falls on one place adds up. */
    record Embed(Window where, Layout whole) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Layout part = where.of(whole);
            Tensor memory = space(in[0], part, whole);
            if (!part.overlaps()) {
                memory.viewed(part).copy_(in[0]);
            } else if (part.numel() > 0) {
                add(memory, part, in[0]);
            }
            return new Tensor(memory.backend(), memory.view.with(whole));
        }

        /** By slices that do not overlap themselves. */
        private static void add(Tensor memory, Layout part, Tensor x) {
            if (!part.overlaps()) {
                memory.viewed(part).add_(x);
                return;
            }
            int dim = across(part);
            if (part.stride(dim) == 0) {
                add(memory, part.select(dim, 0), x.sum(dim).to(x.dtype()));
                return;
            }
            for (long i = 0; i < part.size(dim); i++) {
                add(memory, part.select(dim, i), x.select(dim, i));
            }
        }

        /** The dimension of which the fewest slices are needed: one that lies in one place, or without which nothing overlaps. */
        private static int across(Layout part) {
            int best = -1;
            long least = Long.MAX_VALUE;
            for (int d = 0; d < part.rank(); d++) {
                long slices = part.stride(d) == 0
                        ? 0
                        : part.size(d) + (part.select(d, 0).overlaps() ? 1L << 32 : 0);
                if (part.size(d) > 1 && slices < least) {
                    best = d;
                    least = slices;
                }
            }
            return best;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(where, g)};
        }
    }

    /** Inputs: a whole laid out as {@code whole}, and what takes the place of {@code part} of it, or nothing for zeros. */
    record Overwrite(Layout part, Layout whole) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor memory = space(in[0], part, whole);
            memory.viewed(whole).copy_(in[0]);
            Tensor hole = memory.viewed(part);
            if (in.length > 1) {
                hole.copy_(in[1]);
            } else {
                hole.zero_();
            }
            return new Tensor(memory.backend(), memory.view.with(whole));
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor rest = call.needs(0) ? Tape.apply(new Overwrite(part, whole), g) : null;
            Tensor hole = call.needs(1) ? Tape.apply(new AsStrided(part, whole), g) : null;
            return call.inputs() > 1 ? new @Nullable Tensor[] {rest, hole} : new @Nullable Tensor[] {rest};
        }
    }

    /** Zeroed memory that holds whatever {@code part} and {@code whole} reach. */
    private static Tensor space(Tensor like, Layout part, Layout whole) {
        return like.like(like.dtype(), Shape.of(Math.max(part.end(), whole.end())))
                .zero_();
    }
}
