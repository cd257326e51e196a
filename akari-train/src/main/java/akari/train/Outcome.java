package akari.train;

import java.nio.file.Path;

/**
 * How a run ended.
 *
 * @param bestEpoch the epoch with the best validation accuracy, whose weights are in {@code best.safetensors}; 0 if none finished
 * @param bestTop1 validation accuracy of that epoch, 0 to 1
 * @param testTop1 test accuracy of those weights, 0 to 1; NaN without a test split or when interrupted
 * @param interrupted whether {@link Trainer#stop} ended it early; everything needed to go on is in {@code last/}
 */
public record Outcome(Path folder, int bestEpoch, double bestTop1, double testTop1, boolean interrupted) {}
