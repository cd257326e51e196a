package akari.train;

import akari.core.Shape;
import akari.data.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The splits of a classification task. Validation chooses the best epoch; the test split is only read once, at the end.
 *
 * @param name as printed, and the first part of the run folder's name
 * @param input shape of one sample, {@code [C, H, W]}
 */
public record TrainData(
        String name,
        Dataset train,
        Dataset validation,
        @Nullable Dataset test,
        List<String> classes,
        Shape input) {
    public TrainData {
        classes = List.copyOf(classes);
        if (train.size() == 0 || validation.size() == 0) {
            throw new IllegalArgumentException(name + " has " + train.size() + " training and " + validation.size()
                    + " validation samples; both need at least one");
        }
    }
}
