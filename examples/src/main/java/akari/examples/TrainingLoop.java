package akari.examples;

import static akari.nn.Functional.crossEntropy;

import akari.data.DataLoader;
import akari.nn.Conv2d;
import akari.nn.Flatten;
import akari.nn.Linear;
import akari.nn.MaxPool2d;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.optim.AdamW;
import akari.tensor.Tensors;
import akari.vision.datasets.Datasets;

/** A small CNN trained on the embedded digits by a loop written by hand, as in PyTorch. There is nothing to close. */
public final class TrainingLoop {
    private TrainingLoop() {}

    public static void main(String[] args) {
        Tensors.manualSeed(42);
        var digits = Datasets.load("digits");
        var eye = digits.preprocessing(8, 8);
        var train = new DataLoader(digits.train().transform(eye)).batchSize(32).shuffle(true);
        var test = new DataLoader(digits.test().transform(eye)).batchSize(100);
        var model = new Sequential(
                new Conv2d(1, 16, 3).padding(1), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(256, 10));
        var opt = new AdamW(model.parameters()).lr(5e-3);

        for (int epoch = 1; epoch <= 10; epoch++) {
            model.train();
            double sum = 0;
            for (var batch : train) {
                opt.zeroGrad();
                var loss = crossEntropy(model.forward(batch.input()), batch.target());
                loss.backward();
                opt.step();
                sum += loss.item();
            }
            System.out.printf("epoch %2d  loss %.4f%n", epoch, sum / train.size());
        }

        model.eval();
        long right = 0;
        for (var batch : test) {
            var answers = Tensors.noGrad(() -> model.forward(batch.input()).argmax(1));
            right += answers.eq(batch.target()).sum().itemLong();
        }
        System.out.printf(
                "test accuracy %.1f%%%n", 100.0 * right / digits.test().size());
    }
}
