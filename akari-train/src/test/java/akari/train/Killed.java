package akari.train;

import akari.core.Shape;
import akari.data.TensorDataset;
import akari.nn.BatchNorm1d;
import akari.nn.Dropout;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;

/** A training in a process of its own, which ends at a given moment as {@code kill -9} ends it. */
final class Killed {
    static final int EPOCHS = 4;

    private Killed() {}

    /** Where runs go, the run to resume or {@code -}, and after how many microseconds of training to end. Prints those it took. */
    public static void main(String[] args) {
        Trainer trainer = trainer(Path.of(args[0]));
        if (!args[1].equals("-")) {
            trainer.resume(Path.of(args[1]));
        }
        long micros = Long.parseLong(args[2]);
        Thread killer = new Thread(() -> {
            long end = System.nanoTime() + micros * 1000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            Runtime.getRuntime().halt(137);
        });
        killer.setDaemon(true);
        killer.start();
        long begin = System.nanoTime();
        trainer.fit();
        System.out.println((System.nanoTime() - begin) / 1000);
    }

    /** Batch statistics, random masks, a last batch of one, patience, a bad batch each epoch, states within epochs. */
    static Trainer trainer(Path out) {
        Tensors.manualSeed(11);
        Module net =
                new Sequential(new Linear(8, 16), new BatchNorm1d(16), new ReLU(), new Dropout(0.3), new Linear(16, 3));
        Tensor x = Tensors.randn(65, 8);
        Tensor y = x.narrow(1, 0, 3).argmax(1);
        x.get(17).fill_(Double.NaN);
        TensorDataset train = new TensorDataset(x, y);
        Tensor v = Tensors.randn(40, 8);
        TensorDataset validation = new TensorDataset(v, v.narrow(1, 0, 3).argmax(1));
        return Trainer.of(
                        net, new TrainData("blobs", train, validation, validation, List.of("a", "b", "c"), Shape.of(8)))
                .modelName("net")
                .epochs(EPOCHS)
                .batchSize(8)
                .lr(0.02)
                .optimizer("sgd")
                .schedule("step")
                .patience(3)
                .seed(5)
                .saveEvery(0.01)
                .config("lr: 0.02\n")
                .out(out);
    }
}
