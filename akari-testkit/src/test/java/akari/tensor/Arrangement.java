package akari.tensor;

import akari.core.Shape;

/** Ways in which the same elements may lie in memory. */
enum Arrangement {
    CONTIGUOUS {
        @Override
        Tensor of(Tensor x) {
            return x.clone().contiguous();
        }
    },
    /** First and last dimension swapped in memory. */
    TRANSPOSED {
        @Override
        Tensor of(Tensor x) {
            return x.dim() < 2 ? x : x.transpose(0, -1).contiguous().transpose(0, -1);
        }
    },
    /** Every second element of a longer row, from the second on. */
    SLICED {
        @Override
        Tensor of(Tensor x) {
            if (x.dim() == 0) {
                Tensor row = Tensors.full(x.dtype(), 1, 3);
                row.narrow(0, 2, 1).copy_(x);
                return row.select(0, 2);
            }
            Shape s = x.shape();
            Tensor wide =
                    Tensors.full(x.dtype(), 1, s.with(-1, 2 * s.get(-1) + 3).toArray());
            Tensor part = wide.slice(x.dim() - 1, 1, 1 + 2 * s.get(-1), 2);
            part.copy_(x);
            return part;
        }
    },
    /** A part of a larger first dimension: dense, but not at the start of the memory. */
    SHIFTED {
        @Override
        Tensor of(Tensor x) {
            if (x.dim() == 0) {
                return SLICED.of(x);
            }
            Tensor tall =
                    Tensors.full(x.dtype(), 1, x.shape().with(0, x.size(0) + 2).toArray());
            Tensor part = tall.narrow(0, 1, x.size(0));
            part.copy_(x);
            return part;
        }
    },
    CHANNELS_LAST {
        @Override
        Tensor of(Tensor x) {
            return x.dim() < 3 ? x : x.transpose(1, -1).contiguous().transpose(1, -1);
        }
    };

    /** A tensor equal to {@code x} that lies in memory in this way; as it is where the rank allows no such way. */
    abstract Tensor of(Tensor x);
}
