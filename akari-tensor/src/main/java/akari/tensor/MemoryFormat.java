package akari.tensor;

import akari.backend.Layout;

/** In which order the elements of a shape lie in memory. */
public enum MemoryFormat {
    /** Row-major: {@code torch.contiguous_format}. */
    CONTIGUOUS,
    /** Channels innermost under a shape {@code [N, C, H, W]}: {@code torch.channels_last}. */
    CHANNELS_LAST,
    /** Channels innermost under a shape {@code [N, C, D, H, W]}: {@code torch.channels_last_3d}. */
    CHANNELS_LAST_3D,
    /** As it is, where it is dense: {@code torch.preserve_format}. */
    PRESERVE;

    /** The rank that this format is for; 0 for any. */
    private int rank() {
        return switch (this) {
            case CHANNELS_LAST -> 4;
            case CHANNELS_LAST_3D -> 5;
            case CONTIGUOUS, PRESERVE -> 0;
        };
    }

    boolean matches(Layout layout) {
        return rank() == 0
                ? this == PRESERVE || layout.isContiguous()
                : layout.rank() == rank() && layout.isChannelsLast();
    }

    /** {@code x} in this order; itself if it is so already. */
    Tensor of(Tensor x) {
        if (rank() != 0 && x.dim() != rank()) {
            throw new IllegalArgumentException(this + " is for " + rank() + " dimensions, got shape " + x.shape());
        }
        if (matches(x.view.layout())) {
            return x;
        }
        return rank() == 0 ? x.contiguous() : x.movedim(1, -1).contiguous().movedim(-1, 1);
    }
}
