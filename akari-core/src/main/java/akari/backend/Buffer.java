package akari.backend;

import org.jspecify.annotations.Nullable;

/**
 * One block of a device's memory. It goes back to its backend when {@link #release released}, or when this object becomes
 * unreachable. The counter of in-place changes lives here, where all views of the block see it.
 */
public abstract class Buffer {
    private final long address;
    private final long bytes;
    private volatile int version;
    private volatile @Nullable String released;
    private int holds;
    private @Nullable String abandoned;

    protected Buffer(long address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /** The first byte, 64-byte aligned; a pointer in the device's address space. Fails after release. */
    public final long address() {
        check();
        return address;
    }

    public final long bytes() {
        return bytes;
    }

    /** Number of in-place changes so far. */
    public final int version() {
        return version;
    }

    /** Notes an in-place change. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // writers of one tensor are not concurrent
    public final void touch() {
        version++;
    }

    public final boolean isReleased() {
        return released != null;
    }

    /** Throws if this block was given back. */
    public final void check() {
        String by = released;
        if (by != null) {
            throw new IllegalStateException("this tensor's memory was already released by " + by
                    + "; keep what you still need with clone(), or with keep(tensor) inside a scope");
        }
    }

    /** {@link #address} of whatever state: tells blocks apart. */
    final long place() {
        return address;
    }

    /**
     * Gives the block back; later calls do nothing. {@code by} is named in the error of whoever still uses it. Calls of other threads that
     * compute with it now end undisturbed, and the memory is free when they have.
     */
    public final void release(String by) {
        synchronized (this) {
            if (!mark(by)) {
                return;
            }
        }
        Calls.retire(this);
    }

    /** Under the lock. Whether the block was not released yet. */
    private boolean mark(String by) {
        boolean first = released == null;
        if (first) {
            released = by;
        }
        return first;
    }

    /** Somebody (the tape) will still read this block: {@link #abandon} waits for the matching {@link #unhold}. */
    public final synchronized void hold() {
        holds++;
    }

    public final void unhold() {
        String by;
        synchronized (this) {
            by = --holds == 0 ? abandoned : null;
        }
        if (by != null) {
            release(by);
        }
    }

    /** Nobody but present holders sees this block any more: {@link #release releases} it now, or with the last hold. */
    public final void abandon(String by) {
        synchronized (this) {
            if (holds > 0) {
                abandoned = by;
                return;
            }
            if (!mark(by)) {
                return;
            }
        }
        Calls.retire(this);
    }

    /** Returns the block to its pool; called at most once, when no call uses it. */
    protected abstract void free();
}
