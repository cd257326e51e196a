package akari.tensor;

import akari.backend.Buffer;
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
 * and updated buffers outlive any scope by themselves. Using a released tensor is an error, never a crash.
 */
public final class Scope implements AutoCloseable {
    private final Mode mode = Mode.current();
    private final @Nullable Scope outer = mode.scope;
    private final String name;
    private final List<Buffer> owned = new ArrayList<>();

    Scope(String name) {
        this.name = name;
        mode.scope = this;
    }

    void own(Buffer b) {
        owned.add(b);
    }

    /** Takes a tensor out of this scope, into the enclosing one where there is one. Returns the tensor. */
    public Tensor keep(Tensor t) {
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

    @Override
    public void close() {
        if (mode != Mode.current()) {
            throw new IllegalStateException("a scope must be closed by the thread that opened it");
        }
        mode.scope = outer;
        for (Buffer b : owned) {
            b.abandon(name);
        }
        owned.clear();
    }

    @Override
    public String toString() {
        return "Scope(" + name + ", " + owned.size() + " tensors)";
    }
}
