package akari.vision.datasets;

import akari.core.DType;
import akari.core.Shape;
import akari.data.Batch;
import akari.data.DataException;
import akari.data.Dataset;
import akari.data.Sample;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.transforms.Compose;
import akari.vision.transforms.Resize;
import akari.vision.transforms.Transform;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Labelled images of one size, held in memory as bytes. A sample is a uint8 tensor {@code [C, H, W]} and its class, until
 * {@link #transform} says otherwise. Steps of the transform that treat all images alike run once a batch.
 */
public final class ImageDataset implements Dataset {
    private static final Compose NOTHING = new Compose();

    private final String name;
    private final byte[] pixels;
    private final Shape image;
    private final int[] labels;
    private final List<String> classes;
    private final Compose transform;

    /**
     * @param name what errors call it
     * @param pixels image after image, each row-major as {@code [C, H, W]}; not copied
     * @param labels indices into {@code classes}; not copied
     * @throws DataException where counts differ or a label is no class
     */
    public ImageDataset(String name, byte[] pixels, Shape image, int[] labels, List<String> classes) {
        this(name, pixels, image, labels, List.copyOf(classes), NOTHING);
        if (image.rank() != 3 || pixels.length != labels.length * image.numel()) {
            throw new DataException(name + " has " + labels.length + " labels and " + pixels.length
                    + " bytes of images of shape " + image + ": these are not equally many");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new DataException(
                        "label " + i + " of " + name + " is " + labels[i] + ", but the classes are 0 to "
                                + (classes.size() - 1) + "; the file is damaged, or it belongs to another data set");
            }
        }
    }

    private ImageDataset(
            String name, byte[] pixels, Shape image, int[] labels, List<String> classes, Compose transform) {
        this.name = name;
        this.pixels = pixels;
        this.image = image;
        this.labels = labels;
        this.classes = classes;
        this.transform = transform;
    }

    /** The same images, each changed by {@code t} when it is read, in place of any transform before. */
    public ImageDataset transform(Transform t) {
        return new ImageDataset(name, pixels, image, labels, classes, t instanceof Compose c ? c : new Compose(t));
    }

    /** A copy with every image resized once and for all, by {@link Resize}; this dataset itself if it has that size. */
    public ImageDataset resized(int height, int width) {
        if (image.get(1) == height && image.get(2) == width) {
            return this;
        }
        Shape to = Shape.of(image.get(0), height, width);
        byte[] out = new byte[Math.toIntExact(labels.length * to.numel())];
        Resize resize = new Resize(height, width);
        for (int i = 0; i < labels.length; i++) {
            byte[] one = resize.apply(image(i)).toBytes();
            System.arraycopy(one, 0, out, i * one.length, one.length);
        }
        return new ImageDataset(name, out, to, labels, classes, transform);
    }

    /** Shape of an image before the transform, {@code [C, H, W]}. */
    public Shape image() {
        return image;
    }

    /** Names of the classes, by label. */
    public List<String> classes() {
        return classes;
    }

    @Override
    public long size() {
        return labels.length;
    }

    @Override
    public Sample get(long index) {
        return get(index, Tensors.defaultGenerator());
    }

    @Override
    public Sample get(long index, Generator random) {
        int i = Math.toIntExact(index);
        return Sample.of(transform.apply(image(i), random), labels[i]);
    }

    @Override
    public Batch batch(long[] indices, IntFunction<Generator> random) {
        long[] target = new long[indices.length];
        for (int i = 0; i < target.length; i++) {
            target[i] = labels[Math.toIntExact(indices[i])];
        }
        try (var scope = Tensors.scope()) {
            Compose first = transform.perImage();
            Tensor images = first.isEmpty() ? gather(indices) : changed(first, indices, random);
            // batched steps draw nothing: the generator of any sample serves
            Tensor input = transform.perBatch().apply(images, random.apply(0));
            return new Batch(scope.keep(input), scope.keep(Tensors.tensor(target)));
        }
    }

    private Tensor gather(long[] indices) {
        int size = (int) image.numel();
        byte[] out = new byte[indices.length * size];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, Math.toIntExact(indices[i] * size), out, i * size, size);
        }
        Shape shape = Shape.of(indices.length, image.get(0), image.get(1), image.get(2));
        return Tensors.upload(DType.UINT8, shape, MemorySegment.ofArray(out));
    }

    private Tensor changed(Transform first, long[] indices, IntFunction<Generator> random) {
        List<Tensor> images = new ArrayList<>(indices.length);
        for (int i = 0; i < indices.length; i++) {
            try {
                images.add(first.apply(image((int) indices[i]), random.apply(i)));
            } catch (RuntimeException e) {
                throw new DataException("sample " + indices[i] + " of " + name + ": " + e.getMessage(), e);
            }
        }
        return Tensors.stack(images, 0);
    }

    private Tensor image(int i) {
        int size = (int) image.numel();
        byte[] one = Arrays.copyOfRange(pixels, i * size, (i + 1) * size);
        return Tensors.upload(DType.UINT8, image, MemorySegment.ofArray(one));
    }

    @Override
    public long[] labels() {
        return Arrays.stream(labels).asLongStream().toArray();
    }

    @Override
    public String describe() {
        return name;
    }

    @Override
    public String toString() {
        return describe();
    }
}
