package akari.vision.datasets;

import akari.core.Shape;
import akari.data.DataException;
import akari.vision.transforms.Compose;
import akari.vision.transforms.RandomAffine;
import akari.vision.transforms.Transform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A member of the MNIST family: 60,000 training and 10,000 test images 1×28×28 in four idx files.
 *
 * @param folder where torchvision keeps it below its root
 * @param source how to get the files
 */
record Mnist(
        String name,
        String folder,
        List<String> classes,
        double mean,
        double std,
        Compose augmentation,
        String source) {
    /** How far digits of one class differ in slant, place and size without becoming another. */
    static final Transform HANDWRITING = new RandomAffine(15, 1 / 14.0, 0.85, 1.15);

    static final Mnist DIGITS = new Mnist(
            "mnist",
            "MNIST",
            IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
            0.1307,
            0.3081,
            new Compose(HANDWRITING),
            "Put the four files of the MNIST database there");

    static final Mnist FASHION = new Mnist(
            "fashion-mnist",
            "FashionMNIST",
            List.of(
                    "t-shirt",
                    "trouser",
                    "pullover",
                    "dress",
                    "coat",
                    "sandal",
                    "shirt",
                    "sneaker",
                    "bag",
                    "ankle boot"),
            0.2860,
            0.3530,
            new Compose(),
            "On Debian and Ubuntu, apt-get install dataset-fashion-mnist puts them into /usr/share/datasets/fashion-mnist");

    /** @throws DataException where a file is missing or damaged, or two contradict each other */
    ImageData load(@Nullable Path dir) {
        if (dir == null) {
            throw new DataException(name + " needs the folder of its files: give --data-dir DIR, or Datasets.load(\""
                    + name + "\", dir). " + expected());
        }
        if (!Files.isDirectory(dir)) {
            throw new DataException(dir + " is no folder. " + expected());
        }
        return new ImageData(
                name,
                part(dir, "train", "train"),
                part(dir, "t10k", "test"),
                new double[] {mean},
                new double[] {std},
                augmentation);
    }

    private ImageDataset part(Path dir, String prefix, String part) {
        Path imageFile = find(dir, prefix + "-images-idx3-ubyte");
        Path labelFile = find(dir, prefix + "-labels-idx1-ubyte");
        Idx images = Idx.read(imageFile, 3);
        Idx labels = Idx.read(labelFile, 1);
        if (images.sizes()[0] != labels.sizes()[0]) {
            throw new DataException(imageFile + " has " + images.sizes()[0] + " images, but " + labelFile + " has "
                    + labels.sizes()[0] + " labels: these files do not belong together");
        }
        int[] classOf = new int[labels.values().length];
        for (int i = 0; i < classOf.length; i++) {
            classOf[i] = labels.values()[i] & 0xff;
            if (classOf[i] >= classes.size()) {
                throw new DataException(labelFile + ": label " + i + " is " + classOf[i] + ", but " + name
                        + " has the classes 0 to " + (classes.size() - 1) + "; the file belongs to another data set");
            }
        }
        return new ImageDataset(
                name + "/" + part,
                images.values(),
                Shape.of(1, images.sizes()[1], images.sizes()[2]),
                classOf,
                classes);
    }

    private Path find(Path dir, String file) {
        List<Path> folders = List.of(
                dir,
                dir.resolve("raw"),
                dir.resolve(folder),
                dir.resolve(folder).resolve("raw"),
                dir.resolve(name));
        return folders.stream()
                .flatMap(f -> Stream.of(f.resolve(file), f.resolve(file + ".gz")))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new DataException(dir + " has no " + file + "(.gz), nor have its folders raw, "
                        + folder + "/raw and " + name + ". " + expected()));
    }

    private String expected() {
        return "Expected are train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and"
                + " t10k-labels-idx1-ubyte, as they are or with .gz. " + source + ".";
    }
}
