package akari.train;

/** What a training run tells while it goes; every method is called on the training thread. */
public interface Progress {
    /** The run is about to start (or to go on, after {@code startEpoch - 1} finished epochs). */
    default void started(Plan plan) {}

    /** After each training step. */
    default void step(Step step) {}

    /** After each epoch, validated and saved. */
    default void epoch(Epoch row) {}

    /** Something the user should know: a skipped batch, a suspicious first loss. */
    default void warning(String text) {}

    /** The run has ended, by itself or by {@link Trainer#stop}. */
    default void finished(Outcome outcome) {}

    /**
     * What will be done.
     *
     * @param folder of the run, as a user would type it
     */
    record Plan(
            String data,
            int trainSize,
            int valSize,
            int testSize,
            int classes,
            String model,
            long parameters,
            int epochs,
            int startEpoch,
            int steps,
            String folder) {}

    /**
     * After one training step.
     *
     * @param epoch from 1
     * @param step from 1 within the epoch, of {@code steps}
     * @param loss running mean of the epoch
     * @param etaSeconds until the last epoch's end, judged by the pace so far
     */
    record Step(
            int epoch,
            int epochs,
            int step,
            int steps,
            double loss,
            double imagesPerSecond,
            double dataWait,
            long memory,
            double etaSeconds) {}
}
