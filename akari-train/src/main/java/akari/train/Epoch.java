package akari.train;

/**
 * One row of the epoch table. Losses are means per sample, accuracies 0 to 1, {@code seconds} the epoch's wall time with validation.
 *
 * @param best whether validation improved
 * @param dataWait share of the training time spent waiting for batches, 0 to 1
 */
public record Epoch(
        int number,
        double trainLoss,
        double valLoss,
        double valTop1,
        double lr,
        double imagesPerSecond,
        double seconds,
        double dataWait,
        boolean best) {}
