package akari.tensor;

import akari.backend.Buffer;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives back the memory of every tensor that this thread creates before {@link #close}, except those passed to {@link #keep}:
 *
 * <pre>{@code
 * try (var scope = Tensors.scope()) {
 *     var loss = step(batch);
 *     return scope.keep(loss);
 * }
 * }</pre>
 *
 * <p>Scopes are optional: without one, memory returns when its tensors become unreachable. Gradients of leaves, optimiser state
 * and updated buffers outlive any scope by themselves. Using a released tensor is an error, never a crash, also where another
 * thread uses it at that moment: what has begun to compute with it ends well.
 *
 * <p>A scope belongs to the thread that opened it. Scopes may close in any order: each releases what was created while it was the
 * newest one.
 */
public final class Scope implements AutoCloseable {
    private final Mode mode = Mode.current();
    private final String name;
    private final List<Buffer> owned = new ArrayList<>();
    private @Nullable Scope outer = mode.scope;
    private boolean closed;

    Scope(String name) {
        this.name = name;
        mode.scope = this;
    }

    @Override
    public String toString() {
        return "Scope(" + name + ", " + (closed ? "closed" : owned.size() + " tensors") + ")";
    }

    @Nullable
    Scope outer() {
        return outer;
    }

    void own(Buffer b) {
        owned.add(b);
    }

    /**
     * Takes a tensor out of this scope, into the enclosing one where there is one. Returns the tensor.
     *
     * @throws IllegalStateException on another thread than the scope's, and after {@link #close}
     */
    public Tensor keep(Tensor t) {
        NullArgument.check(t, "t");
        if (closed) {
            throw new IllegalStateException("keep() after the scope was closed: its tensors are released; keep before");
        }
        checkThread("used");
        keep(t.view.buffer());
        return t;
    }

    private void keep(Buffer b) {
        if (disown(b) && outer != null) {
            outer.own(b);
        }
    }

    boolean disown(Buffer b) {
        // most often the newest
        for (int i = owned.size() - 1; i >= 0; i--) {
            if (owned.get(i) == b) {
                owned.remove(i);
                return true;
            }
        }
        return false;
    }

    /** Takes a buffer out of whichever scope of this thread owns it. */
    static void free(Buffer b) {
        for (Scope s = Mode.current().scope; s != null && !s.disown(b); s = s.outer) {}
    }

    private void checkThread(String what) {
        if (mode != Mode.current()) {
            throw new IllegalStateException("a scope must be " + what + " by the thread that opened it");
        }
    }

    /**
     * Releases what this scope owns; later calls do nothing.
     *
     * @throws IllegalStateException on another thread than the scope's, which leaves it open
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        checkThread("closed");
        closed = true;
        if (mode.scope == this) {
            mode.scope = outer;
        } else {
            Scope inner = mode.scope;
            while (inner != null && inner.outer != this) {
                inner = inner.outer;
            }
            if (inner != null) {
                inner.outer = outer;
            }
        }
        for (Buffer b : owned) {
            b.abandon(name);
        }
        owned.clear();
    }
}
