package akari.vision.datasets;

import akari.vision.Registry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The data sets that have a name: {@code digits} (embedded), {@code fashion-mnist} and {@code mnist} (from files). */
public final class Datasets {
    private static final String EMBEDDED = "digits";

    private static final Registry<Function<@Nullable Path, ImageData>> ALL = new Registry<>("data set", entries());

    private Datasets() {}

    private static Map<String, Function<@Nullable Path, ImageData>> entries() {
        Map<String, Function<@Nullable Path, ImageData>> all = new LinkedHashMap<>();
        all.put(EMBEDDED, _ -> Digits.load());
        all.put("fashion-mnist", Mnist.FASHION::load);
        all.put("mnist", Mnist.DIGITS::load);
        return all;
    }

    /** Loads an embedded data set. */
    public static ImageData load(String name) {
        return load(name, null);
    }

    /**
     * Loads a data set into memory.
     *
     * @param dir the folder of its files; not needed for embedded ones
     * @throws IllegalArgumentException where there is no data set of that name
     * @throws akari.data.DataException where files are missing or damaged; says which, and how to get them
     */
    public static ImageData load(String name, @Nullable Path dir) {
        return ALL.find(name).apply(dir);
    }

    /** Whether a data set comes with Akari, so that no folder is needed. */
    public static boolean embedded(String name) {
        return name.equals(EMBEDDED);
    }

    /** Names that match {@code pattern}, with wildcards {@code *} and {@code ?}. */
    public static List<String> list(String pattern) {
        return ALL.list(pattern);
    }
}
