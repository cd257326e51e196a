package akari.tensor;

import akari.backend.Backend;
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

    /** Where new tensors go instead of the CPU's backend: tests try the reference backend so. */
    @Nullable
    Backend home;

    private Mode() {}

    static Mode current() {
        return CURRENT.get();
    }
}
