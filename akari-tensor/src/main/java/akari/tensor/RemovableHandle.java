package akari.tensor;

import org.jspecify.annotations.Nullable;

/** Takes back a registered hook: {@link #remove}, or the end of a {@code try} around it. */
public final class RemovableHandle implements AutoCloseable {
    private @Nullable Runnable removal;

    /** @param removal run once, by the first {@link #remove} */
    public RemovableHandle(Runnable removal) {
        this.removal = removal;
    }

    /** Removes the hook; later calls do nothing. */
    public synchronized void remove() {
        Runnable r = removal;
        removal = null;
        if (r != null) {
            r.run();
        }
    }

    /** {@link #remove}. */
    @Override
    public void close() {
        remove();
    }

    @Override
    public synchronized String toString() {
        return "RemovableHandle(" + (removal == null ? "removed" : "registered") + ")";
    }
}
