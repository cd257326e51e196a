package akari.vision.datasets;

import akari.core.Shape;
import akari.vision.transforms.Compose;
import akari.vision.transforms.Normalize;
import akari.vision.transforms.Resize;
import akari.vision.transforms.ToFloat;
import java.util.List;

/**
 * An image classification task.
 *
 * @param name as in {@link Datasets}
 * @param train images to learn from; cut a validation part off with {@code Splits.stratifiedSplit}
 * @param test images that only ever measure
 * @param mean of the training pixels scaled to 0 to 1, by channel
 * @param std of the same
 * @param augmentation random changes that leave the class of a uint8 image as it is; for training only
 */
public record ImageData(
        String name, ImageDataset train, ImageDataset test, double[] mean, double[] std, Compose augmentation) {
    /** Names of the classes, by label. */
    public List<String> classes() {
        return train.classes();
    }

    /** Shape of an image, {@code [C, H, W]}. */
    public Shape image() {
        return train.image();
    }

    /** What turns a uint8 image of any size into a model's input: {@link Resize}, {@link ToFloat}, {@link Normalize}. */
    public Compose preprocessing(int height, int width) {
        return new Compose(new Resize(height, width), new ToFloat(), new Normalize(mean, std));
    }

    /** The training images as a model sees them in training: {@link #augmentation}, then {@link #preprocessing}. */
    public ImageDataset augmented(int height, int width) {
        return train.transform(augmentation.then(preprocessing(height, width)));
    }

    /** The same task with all images resized once: {@link #preprocessing} then gives the same and does less. */
    public ImageData resized(int height, int width) {
        return new ImageData(name, train.resized(height, width), test.resized(height, width), mean, std, augmentation);
    }

    @Override
    public String toString() {
        return "ImageData(" + name + ", " + train.size() + " + " + test.size() + " images " + image() + ", "
                + classes().size() + " classes)";
    }
}
