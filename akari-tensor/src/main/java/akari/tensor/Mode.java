package akari.tensor;

import org.jspecify.annotations.Nullable;

/** What a thread is doing: recording gradients or not, and the scope that owns what it allocates. */
final class Mode {
    private static final ThreadLocal<Mode> CURRENT = ThreadLocal.withInitial(Mode::new);

    boolean grad = true;

    @Nullable
    Scope scope;

    private Mode() {}

    static Mode current() {
        return CURRENT.get();
    }
}
