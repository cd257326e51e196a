package akari.vision.datasets;

import akari.backend.Shape;
import akari.vision.transforms.Compose;
import akari.vision.transforms.Normalize;
import akari.vision.transforms.Resize;
import akari.vision.transforms.ToFloat;
import akari.vision.transforms.Transform;
import java.util.List;

/**
 * An image classification task.
 *
 * @param name as in {@link Datasets}
 * @param train images to learn from; cut a validation part off with {@code Splits.stratifiedSplit}
 * @param test images that only ever measure
 * @param mean of the training pixels scaled to 0 to 1, by channel
 * @param std of the same
 */
public record ImageData(String name, ImageDataset train, ImageDataset test, double[] mean, double[] std) {
    /** Names of the classes, by label. */
    public List<String> classes() {
        return train.classes();
    }

    /** Shape of an image, {@code [C, H, W]}. */
    public Shape image() {
        return train.image();
    }

    /** What turns a uint8 image of any size into a model's input: {@link Resize}, {@link ToFloat}, {@link Normalize}. */
    public Transform preprocessing(int height, int width) {
        return new Compose(new Resize(height, width), new ToFloat(), new Normalize(mean, std));
    }

    /** The same task with all images resized once: {@link #preprocessing} then gives the same and does less. */
    public ImageData resized(int height, int width) {
        return new ImageData(name, train.resized(height, width), test.resized(height, width), mean, std);
    }
}
