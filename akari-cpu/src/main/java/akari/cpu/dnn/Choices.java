package akari.cpu.dnn;

import akari.backend.Algorithms;
import akari.core.Convolution;
import akari.core.Shape;
import akari.cpu.dnn.DnnLayers.Pass;
import akari.errors.FileTrouble;
import akari.errors.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Direct or Winograd: by rule, never, or as measured and written down; see {@link Algorithms}. */
public final class Choices {
    private static final int RUNS = 3;

    private final Algorithms algorithms;
    private final Map<String, Boolean> tuned = new TreeMap<>();

    public Choices(Algorithms algorithms) {
        this.algorithms = algorithms;
        Path file = algorithms.file();
        if (file != null && Files.exists(file)) {
            read(file);
        }
    }

    Algorithms algorithms() {
        return algorithms;
    }

    /**
     * Whether Winograd's algorithm shall run.
     *
     * @param x the convolution's input, or what has its shape
     * @param measurable both algorithms, free to run any number of times; null where they are not
     */
    boolean winograd(Pass pass, Convolution c, Shape x, Shape weight, @Nullable Measurable measurable) {
        if (algorithms.kind() == Algorithms.Kind.STRICT || !Winograd.applies(c, x, weight)) {
            return false;
        }
        if (algorithms.kind() == Algorithms.Kind.DEFAULT) {
            return rule(pass, c, x, weight);
        }
        String key = pass + " " + x + " " + weight + " padding " + c.padding();
        synchronized (tuned) {
            Boolean known = tuned.get(key);
            if (known == null) {
                known = measurable == null ? rule(pass, c, x, weight) : measurable.isWinogradFaster();
                tuned.put(key, known);
                write();
            }
            return known;
        }
    }

    /**
     * Calibrated on one and two cores with AVX-512. Small channels leave the products too little work; the filters' 36 matrices must be
     * read for enough tiles; and tiles that hang over the border are work for nothing.
     */
    private static boolean rule(Pass pass, Convolution c, Shape x, Shape weight) {
        long in = weight.get(1);
        long out = weight.get(0);
        Shape y = c.outputShape(x, weight);
        Shape tiled = pass == Pass.INPUT_GRADIENT ? x : y;
        long tiles = x.get(0) * Math.ceilDiv(tiled.get(2), 4) * Math.ceilDiv(tiled.get(3), 4);
        long pixels = x.get(0) * tiled.get(2) * tiled.get(3);
        long perTile = pass == Pass.WEIGHT_GRADIENT ? 128 * 128 : 64 * 64;
        return in >= 64 && out >= 64 && tiles >= 8 && tiles * perTile >= in * out && 16 * tiles <= 2 * pixels;
    }

    /** Two ways to the same result. */
    record Measurable(Runnable winograd, Runnable direct) {
        boolean isWinogradFaster() {
            long fast = Long.MAX_VALUE;
            long slow = Long.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                fast = Math.min(fast, time(winograd));
                slow = Math.min(slow, time(direct));
            }
            return fast < slow;
        }

        private static long time(Runnable r) {
            long start = System.nanoTime();
            r.run();
            return System.nanoTime() - start;
        }
    }

    // ---- the file: a line a shape, "forward [8, 64, 56, 56] [64, 64, 3, 3] padding [1, 1] = winograd"

    private void read(Path file) {
        try {
            FileTrouble.requireRegular(file);
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                int at = line.lastIndexOf(" = ");
                String value = at < 0 ? "" : line.substring(at + 3);
                if (!value.equals("winograd") && !value.equals("direct")) {
                    throw new IllegalArgumentException(file + ", line " + number + ": \"" + line
                            + "\" does not end in \"= winograd\" or \"= direct\"; is this a file of tuned algorithms?");
                }
                tuned.put(line.substring(0, at), value.equals("winograd"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the tuned algorithms in " + file + ": " + FileTrouble.of(e), e);
        }
    }

    private void write() {
        Path file = algorithms.file();
        if (file == null) {
            return;
        }
        String text = tuned.entrySet().stream()
                .map(e -> e.getKey() + " = " + (e.getValue() ? "winograd" : "direct") + "\n")
                .collect(Collectors.joining());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            WholeFile.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the tuned algorithms to " + file + ": " + FileTrouble.of(e), e);
        }
    }
}
