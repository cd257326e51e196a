package akari.testkit;

import akari.core.DType;
import akari.tensor.Scope;
import akari.tensor.Tensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares Akari with PyTorch's numbers from files: {@code ops.json.gz}, a list of op cases, and {@code golden/NAME.json.gz}, a
 * model's outputs and gradients on formula-made parameters. What a file is, its content says.
 *
 * <p>Prints a line for each failure and last {@code N passed, M failed}; an op or a model that Akari does not have counts as failed.
 */
public final class Parity {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final String USAGE = """
            usage: tools/parity [--dtype float64|float32] [--list] PATH...
              PATH   a file of op cases or of a model's golden numbers (.json, .json.gz), a folder, or a glob
              --list print the cases that pass as well
            """;

    /** How a case ended; {@code failure} is null where Akari agrees with PyTorch. */
    public record Outcome(String name, @Nullable String failure) {
        public boolean passed() {
            return failure == null;
        }
    }

    private final DType dtype;

    public Parity(DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("parity runs in float64 or float32, not in " + dtype);
        }
        this.dtype = dtype;
    }

    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        DType dtype = DType.FLOAT64;
        boolean list = false;
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--list" -> list = true;
                case "--dtype" -> {
                    i++;
                    String name = i < args.length ? args[i] : "";
                    if (!name.equals("float32") && !name.equals("float64")) {
                        err.println("--dtype is float64 (the default) or float32, not '" + name + "'");
                        return 2;
                    }
                    dtype = DType.valueOf(name.toUpperCase(Locale.ROOT));
                }
                default -> {
                    if (args[i].startsWith("-")) {
                        err.print("unknown option " + args[i] + "\n" + USAGE);
                        return 2;
                    }
                    paths.add(args[i]);
                }
            }
        }
        if (paths.isEmpty()) {
            err.print(USAGE);
            return 2;
        }
        Parity parity = new Parity(dtype);
        int passed = 0;
        int failed = 0;
        try {
            for (Path file : files(paths)) {
                for (Outcome o : parity.check(file)) {
                    if (o.passed()) {
                        passed++;
                        if (list) {
                            out.println("ok   " + o.name());
                        }
                    } else {
                        failed++;
                        out.println("FAIL " + o.name() + ": " + o.failure());
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            err.println(e.getMessage());
            return 2;
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    /** Runs all cases of a file. */
    public List<Outcome> check(Path file) throws IOException {
        JsonNode root;
        try (InputStream in = Files.newInputStream(file)) {
            root = read(in, file.toString());
        } catch (RuntimeException e) {
            return List.of(new Outcome(file.toString(), "not a readable JSON file: " + firstLine(e)));
        }
        return check(root, file.toString());
    }

    /** Runs all cases of a JSON text, gzipped or not. */
    public List<Outcome> check(InputStream in, String name) throws IOException {
        return check(read(in, name), name);
    }

    private static JsonNode read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readAllBytes();
        boolean zipped = bytes.length > 2 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
        if (zipped) {
            try (InputStream z = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = z.readAllBytes();
            } catch (IOException e) {
                throw new IllegalArgumentException(name + " is a damaged gzip file: " + e.getMessage(), e);
            }
        }
        return JSON.readTree(bytes);
    }

    private List<Outcome> check(JsonNode root, String file) {
        List<Outcome> out = new ArrayList<>();
        JsonNode cases = root.isArray() ? root : root.get("cases");
        if (cases != null) {
            for (JsonNode c : cases) {
                out.add(guarded(c));
            }
        } else if (root.has("model")) {
            out.add(guarded(new ModelCase(root)));
        } else {
            out.add(new Outcome(file, "neither op cases nor a model's golden numbers"));
        }
        return out;
    }

    private Outcome guarded(JsonNode json) {
        OpCase c = new OpCase(json);
        return guarded(c.title(), () -> c.run(dtype));
    }

    private Outcome guarded(ModelCase c) {
        return guarded(c.title(), () -> c.run(dtype));
    }

    /** A case that breaks off has failed; it must not stop the others. */
    private static Outcome guarded(String title, Supplier<@Nullable String> run) {
        try (Scope scope = Tensors.scope()) {
            return new Outcome(title, run.get());
        } catch (RuntimeException | AssertionError e) {
            return new Outcome(title, firstLine(e));
        }
    }

    private static String firstLine(Throwable e) {
        String m = e.getMessage();
        return m == null ? e.toString() : m.lines().findFirst().orElse("");
    }

    /** Files, the JSON files of folders, and what globs match, each once and in order. */
    private static List<Path> files(List<String> paths) throws IOException {
        List<Path> out = new ArrayList<>();
        for (String p : paths) {
            Path path = Path.of(p);
            if (Files.isDirectory(path)) {
                out.addAll(jsonFiles(path));
            } else if (Files.exists(path) || !p.contains("*")) {
                out.add(path);
            } else {
                out.addAll(matches(p));
            }
        }
        for (Path f : out) {
            if (!Files.isReadable(f)) {
                throw new IOException("cannot read " + f + ": no such file");
            }
        }
        return out.stream().distinct().toList();
    }

    private static TreeSet<Path> jsonFiles(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            TreeSet<Path> found = new TreeSet<>();
            walk.filter(f -> f.toString().matches(".*\\.json(\\.gz)?")).forEach(found::add);
            return found;
        }
    }

    private static TreeSet<Path> matches(String glob) throws IOException {
        String fixed = glob.substring(0, glob.indexOf('*'));
        Path root = Path.of(fixed.contains("/") ? fixed.substring(0, fixed.lastIndexOf('/') + 1) : ".");
        PathMatcher matcher =
                FileSystems.getDefault().getPathMatcher("glob:" + (fixed.contains("/") ? "" : "./") + glob);
        TreeSet<Path> found = new TreeSet<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(matcher::matches).filter(Files::isRegularFile).forEach(found::add);
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no file matches " + glob);
        }
        return found;
    }
}
