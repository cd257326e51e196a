package akari.cli;

import akari.core.Shape;
import akari.data.Subset;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Dropout;
import akari.nn.Flatten;
import akari.nn.Linear;
import akari.nn.MaxPool2d;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.tensor.Tensors;
import akari.train.TrainData;
import akari.train.Trainer;
import akari.vision.datasets.Datasets;
import akari.vision.datasets.ImageData;
import akari.vision.models.Classifier;
import akari.vision.models.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Trains three networks at odd batch sizes and prints, a line each, a hash of all files that tell what was learnt. */
final class Trainings {
    private static final int[] BATCHES = {1, 3, 32};
    private static final int IMAGES = 40;

    private Trainings() {}

    /** An empty folder, and how many times over. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        int times = Integer.parseInt(args[1]);
        for (int i = 0; i < times; i++) {
            for (String net : List.of("lenet", "wrn_16_4", "own")) {
                for (int batch : BATCHES) {
                    System.out.println(
                            net + " at " + batch + ": " + train(net, batch, folder.resolve(i + net + batch)));
                }
            }
        }
    }

    private static String train(String name, int batch, Path folder) {
        ImageData images = Datasets.load("digits", null);
        Shape input =
                name.equals("own") ? Shape.of(1, 14, 14) : Models.find(name).inputFor(images.image());
        int height = (int) input.get(1);
        int width = (int) input.get(2);
        Tensors.manualSeed(3);
        Module net = name.equals("own") ? own() : Models.find(name).create(1, 10);
        ImageData fitting = images.resized(height, width);
        var prepare = images.preprocessing(height, width);
        TrainData data = new TrainData(
                "digits",
                new Subset(fitting.augmented(height, width), range(0, batch == 1 ? IMAGES / 3 : IMAGES)),
                new Subset(fitting.train().transform(prepare), range(IMAGES, IMAGES + 20)),
                new Subset(fitting.test().transform(prepare), range(0, 20)),
                images.classes(),
                input);
        Path run = Trainer.of(net, data)
                .epochs(1)
                .batchSize(batch)
                .seed(5)
                .workers(batch == 3 ? 2 : 0)
                .metadata(Classifier.metadata(name, images, input))
                .out(folder)
                .fit()
                .folder();
        return hash(run);
    }

    /** Winograd's convolution, a linear layer that takes a row by itself, and random masks. */
    private static Module own() {
        return new Sequential(
                new Conv2d(1, 64, 3).padding(1),
                new BatchNorm2d(64),
                new ReLU(),
                new Conv2d(64, 64, 3).padding(1),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Dropout(0.2),
                new Linear(64 * 7 * 7, 120),
                new ReLU(),
                new Linear(120, 10));
    }

    private static long[] range(long from, long to) {
        return LongStream.range(from, to).toArray();
    }

    /** Weights, states and metadata; clocks write the rest. */
    private static String hash(Path run) {
        try (Stream<Path> files = Files.walk(run)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Path f : files.filter(f -> f.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList()) {
                sha.update(run.relativize(f).toString().getBytes());
                sha.update(Files.readAllBytes(f));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
