package akari.backend;

import akari.core.DType;
import akari.core.Shape;

/** What a backend computes on: a buffer, its element type and the layout of the elements in it. */
public record View(Buffer buffer, DType dtype, Layout layout) {
    public Shape shape() {
        return layout.shape();
    }

    public long numel() {
        return layout.numel();
    }

    /** Address of the first element. */
    public long address() {
        return buffer.address() + layout.offset() * dtype.bytes();
    }

    public View with(Layout other) {
        return other == layout ? this : new View(buffer, dtype, other);
    }
}
