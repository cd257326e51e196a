package akari.tensor;

import org.jspecify.annotations.Nullable;

/** What a thread is doing: recording gradients or not, in which precision, and which scope owns what it allocates. */
final class Mode {
    private static final ThreadLocal<Mode> CURRENT = ThreadLocal.withInitial(Mode::new);

    boolean grad = true;

    @Nullable
    Scope scope;

    @Nullable
    Autocast autocast;

    private Mode() {}

    static Mode current() {
        return CURRENT.get();
    }
}
