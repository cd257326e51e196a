package akari.vision.datasets;

import akari.core.Shape;
import akari.data.DataException;
import akari.vision.transforms.Compose;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits, embedded: 1,797 images 1×8×8 of 17 grey levels, here spread over 0 to 255. From "Optical Recognition of
 * Handwritten Digits" by E. Alpaydin and C. Kaynak (UCI Machine Learning Repository, CC BY 4.0); the same as scikit-learn's
 * {@code load_digits}.
 */
final class Digits {
    private static final int TEST = 300;
    private static final int PIXELS = 64;
    // of the training images
    private static final double MEAN = 0.30535;
    private static final double STD = 0.37583;

    private Digits() {}

    /** 1,497 training and 300 test images, always the same. */
    static ImageData load() {
        List<byte[]> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        read(images, labels);
        // Sorted by class, an evenly spaced 300 of 1,797 are for testing: each class keeps its share to within one
        // image.
        List<Integer> byClass = IntStream.range(0, images.size())
                .boxed()
                .sorted(Comparator.comparing(labels::get))
                .toList();
        List<Integer> train = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        for (int k = 0; k < byClass.size(); k++) {
            boolean step = (k + 1) * TEST / byClass.size() > k * TEST / byClass.size();
            (step ? test : train).add(byClass.get(k));
        }
        return new ImageData(
                "digits",
                dataset("digits/train", train, images, labels),
                dataset("digits/test", test, images, labels),
                new double[] {MEAN},
                new double[] {STD},
                new Compose(Mnist.HANDWRITING));
    }

    /** {@code members} in the order of the file. */
    private static ImageDataset dataset(String name, List<Integer> members, List<byte[]> images, List<Integer> labels) {
        members.sort(Comparator.naturalOrder());
        byte[] pixels = new byte[members.size() * PIXELS];
        for (int i = 0; i < members.size(); i++) {
            System.arraycopy(images.get(members.get(i)), 0, pixels, i * PIXELS, PIXELS);
        }
        return new ImageDataset(
                name,
                pixels,
                Shape.of(1, 8, 8),
                members.stream().mapToInt(labels::get).toArray(),
                IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    }

    /** Each line is a label and 64 values 0 to 16. */
    private static void read(List<byte[]> images, List<Integer> labels) {
        try (InputStream in = Digits.class.getResourceAsStream("digits.csv.gz")) {
            if (in == null) {
                throw new DataException("the embedded digits are not in this build of akari-vision");
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII));
            lines.readLine(); // names of the columns
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] values = line.split(",", -1);
                byte[] image = new byte[PIXELS];
                for (int p = 0; p < PIXELS; p++) {
                    image[p] = (byte) Math.round(Integer.parseInt(values[p + 1]) * 255 / 16.0);
                }
                images.add(image);
                labels.add(Integer.parseInt(values[0]));
            }
        } catch (IOException e) {
            throw new DataException("the embedded digits cannot be read: " + e.getMessage(), e);
        }
    }
}
