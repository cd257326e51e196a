package akari.train;

import static akari.nn.Functional.crossEntropy;

import akari.data.Batch;
import akari.data.DataLoader;
import akari.data.Dataset;
import akari.nn.Module;
import akari.nn.Reduction;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's answers on a dataset.
 *
 * @param loss mean cross entropy
 * @param predictions one per sample, in the dataset's order
 */
public record Evaluation(double loss, Confusion confusion, List<Prediction> predictions) {
    /** {@code confidence} is the softmax probability of {@code predicted}. */
    public record Prediction(long truth, long predicted, double confidence) {}

    /** Evaluates without gradients and as in eval mode; the mode that other threads see stays as it is. */
    public static Evaluation of(Module model, Dataset data, List<String> classes, int batchSize, int workers) {
        return Objects.requireNonNull(unless(() -> false, model, data, classes, batchSize, workers));
    }

    /** {@link #of}, or null once {@code stopping}. */
    static @Nullable Evaluation unless(
            BooleanSupplier stopping, Module model, Dataset data, List<String> classes, int batchSize, int workers) {
        Confusion confusion = new Confusion(classes);
        List<Prediction> predictions = new ArrayList<>();
        double loss = 0;
        for (Batch batch :
                new DataLoader(data).batchSize(batchSize).workers(workers).recycle(true)) {
            if (stopping.getAsBoolean()) {
                return null;
            }
            loss += model.evaluating(() -> add(model, batch, confusion, predictions));
        }
        return new Evaluation(loss / Math.max(1, data.size()), confusion, predictions);
    }

    private static double add(Module model, Batch batch, Confusion confusion, List<Prediction> predictions) {
        return Tensors.noGrad(() -> {
            try (var scope = Tensors.scope()) {
                Tensor logits = model.forward(batch.input());
                double sum = crossEntropy(logits, batch.target(), null, -100, 0, Reduction.SUM)
                        .item();
                var top = logits.softmax(1).max(1);
                long[] predicted = top.indices().toLongs();
                double[] confidence = top.values().toDoubles();
                long[] truth = batch.target().toLongs();
                for (int i = 0; i < truth.length; i++) {
                    confusion.add(truth[i], predicted[i]);
                    predictions.add(new Prediction(truth[i], predicted[i], confidence[i]));
                }
                return sum;
            }
        });
    }

    /** Share of right answers, 0 to 1. */
    public double top1() {
        return confusion.accuracy();
    }
}
