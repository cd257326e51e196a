package akari.tensor;

import org.jspecify.annotations.Nullable;

/** What a thread is doing: recording gradients or not, in which precision, and which scope owns what it allocates. */
final class Mode {
    private static final ThreadLocal<Mode> CURRENT = ThreadLocal.withInitial(Mode::new);

    boolean grad = true;

    /** New tensors are values alone, without a version or a graph. */
    boolean inference;

    @Nullable
    Scope scope;

    @Nullable
    Autocast autocast;

    /** Looks for NaN in gradients. */
    @Nullable
    Anomaly anomaly;

    /** Keeps values for backward in another form. */
    @Nullable
    SavedTensorsHooks packing;

    /** Sees every operation, while a {@link Graph} is captured. */
    Graph.@Nullable Recorder recorder;

    /** Serves every allocation, while a {@link Plan} runs. */
    Plan.@Nullable Arena arena;

    private Mode() {}

    static Mode current() {
        return CURRENT.get();
    }
}
