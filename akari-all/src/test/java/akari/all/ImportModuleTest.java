package akari.all;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one import brings, and that it clashes with nothing. */
class ImportModuleTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    /** Akari's modules by name; what tests need beside them has no module of that name. */
    private static final Map<String, ModuleReference> AKARI = ModuleFinder.of(
                    Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                            .filter(e -> !e.contains("test-classes"))
                            .map(Path::of)
                            .toArray(Path[]::new))
            .findAll()
            .stream()
            .filter(m -> m.descriptor().name().matches("akari(\\..*)?"))
            .collect(Collectors.toMap(m -> m.descriptor().name(), m -> m));

    @TempDir
    Path dir;

    @Test
    void aProgramNeedsOneImport() throws Exception {
        run("""
                import module akari;
                import static akari.nn.Functional.*;
                import static akari.tensor.Tensors.*;

                public final class Program {
                    public static void main(String[] args) {
                        manualSeed(0);
                        ImageData digits = Datasets.load("digits");
                        Dataset few = new Subset(digits.train().transform(digits.preprocessing(8, 8)), 0, 1, 2, 3);
                        DataLoader loader = new DataLoader(few, 2, true);
                        Sequential model = new Sequential(new Conv2d(1, 4, 3), new ReLU(), new Flatten(), new Linear(144, 10));
                        AdamW opt = new AdamW(model.parameters(), 5e-3);
                        for (Batch batch : loader) {
                            opt.zeroGrad();
                            Tensor loss = crossEntropy(model.forward(batch.input()), batch.target(), Reduction.MEAN);
                            loss.backward();
                            opt.step();
                        }
                        Shape out = Inference.of(model).forward(rand(2, 1, 8, 8)).shape();
                        if (!out.equals(Shape.of(2, 10)) || zeros(DType.INT64, 1).device() != Device.CPU) {
                            throw new IllegalStateException(out.toString());
                        }
                    }
                }
                """);
    }

    @Test
    void anOwnOperationNeedsNoOther() throws Exception {
        run("""
                import module akari;
                import module java.base;
                import static akari.formula.Formula.*;
                import static akari.nn.Functional.*;
                import static akari.tensor.Tensors.*;

                public final class Program {
                    static final Pointwise SNAKE =
                            Pointwise.of("snake", (x, a) -> x.plus(sin(a.times(x)).square().over(a)));

                    public static void main(String[] args) {
                        Tensor x = tensor(0.5).requiresGrad_();
                        Tensor y = x.apply(SNAKE, tensor(2.0));
                        y.backward();
                        if (!allclose(y, x.add(sin(x.mul(2)).square().div(2))) || x.grad() == null) {
                            throw new IllegalStateException(y.toString());
                        }
                    }
                }
                """);
    }

    @Test
    void onlyAnOwnModuleNeedsAnother() throws Exception {
        run("""
                import module akari;
                import module java.base;
                import akari.nn.Module;

                public final class Program {
                    static final class Net extends Module {
                        private final List<Linear> layers = List.of(new Linear(2, 3), new Linear(3, 1));

                        @Override
                        protected Tensor compute(Tensor x) {
                            return layers.get(1).forward(layers.get(0).forward(x).tanh());
                        }
                    }

                    public static void main(String[] args) {
                        Function<Net, Integer> count = net -> net.parameters().size();
                        if (count.apply(new Net()) != 4) {
                            throw new IllegalStateException("parameters");
                        }
                    }
                }
                """);
    }

    private void run(String source) throws Exception {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "--module-path", modulePath(), "--add-modules", "akari", "-d", dir.toString(), "-Xlint:-options");
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public String getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        assertThat(javac.getTask(said, null, null, options, null, List.of(file)).call())
                .as(said.toString())
                .isTrue();
        try (URLClassLoader classes = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
            classes.loadClass("Program").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }

    /** Akari's modules and the libraries that they require. */
    private static String modulePath() {
        return Stream.of(CLASS_PATH.split(File.pathSeparator))
                .filter(e -> !e.contains("test-classes") && e.matches(".*(akari|arpack|jspecify).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void noNameMeansTwoThings() {
        Map<String, Set<String>> names = new HashMap<>();
        for (ModuleReference m : AKARI.values()) {
            for (ModuleDescriptor.Exports e : m.descriptor().exports()) {
                if (!e.isQualified()) {
                    types(m, e.source())
                            .forEach(t -> names.computeIfAbsent(
                                            t.substring(t.lastIndexOf('.') + 1), _ -> new TreeSet<>())
                                    .add(t));
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(150);
        List<String> twice = new ArrayList<>();
        ModuleReference java = ModuleFinder.ofSystem().find("java.base").orElseThrow();
        java.descriptor().exports().stream()
                .filter(e -> !e.isQualified())
                .forEach(e -> types(java, e.source()).forEach(t -> {
                    Set<String> ours = names.get(t.substring(t.lastIndexOf('.') + 1));
                    if (ours != null) {
                        twice.add(ours + " and " + t);
                    }
                }));
        names.values().stream().filter(all -> all.size() > 1).forEach(all -> twice.add(all.toString()));
        assertThat(twice)
                .containsExactlyInAnyOrder(
                        "[akari.nn.Identity] and java.security.Identity", "[akari.nn.Module] and java.lang.Module");
    }

    /** The public top-level types of a package. */
    private static List<String> types(ModuleReference module, String in) {
        try (var reader = module.open()) {
            return reader.list()
                    .filter(r -> r.startsWith(in.replace('.', '/') + "/") && r.endsWith(".class"))
                    .map(r -> r.substring(0, r.length() - ".class".length()).replace('/', '.'))
                    .filter(t -> t.lastIndexOf('.') == in.length() && !t.contains("$") && !t.endsWith("-info"))
                    .filter(ImportModuleTest::isPublic)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPublic(String type) {
        try {
            return java.lang.reflect.Modifier.isPublic(
                    Class.forName(type, false, ImportModuleTest.class.getClassLoader())
                            .getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
