package akari.testkit;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiles and runs the snippets of the pages, with the imports that the page names; each prints what the text block after it says. Rows of
 * the table from PyTorch to Akari run as well.
 */
class DocsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern IMPORTS = Pattern.compile("```text\n(import .*?)```", Pattern.DOTALL);
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```\n\n```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SNIPPETS = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*`) \\| (`.*`) \\|$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<groupId>(dev.akari)</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>");

    private static final String OPERANDS = """
            Tensor x = rand(2, 3);
            Tensor y = rand(2, 3);
            Tensor i = tensor(1, 0);
            Tensor m = x.gt(0.5);
            Tensor w = rand(2, 3).requiresGrad_();
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tensors.md", "programs.md"})
    void snippetsPrintWhatThePageSays(String name) throws Exception {
        String page = Files.readString(DOCS.resolve(name));
        List<String> bodies = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        SNIPPET.matcher(page).results().forEach(s -> {
            bodies.add(s.group(1));
            expected.add(s.group(2));
        });
        assertThat(bodies).hasSize(page.split("```java\n", -1).length - 1).isNotEmpty();
        List<String> printed = run(imports(page), bodies);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(printed.get(i)).as(bodies.get(i)).isEqualTo(expected.get(i));
        }
    }

    /** Each form of PyTorch's that a row names has one of Akari's. */
    @Test
    void everyRowOfTheTableRuns() throws Exception {
        String page = Files.readString(DOCS.resolve("tensors.md"));
        List<String> bodies = new ArrayList<>();
        ROW.matcher(page.substring(page.indexOf("## PyTorch"))).results().forEach(r -> {
            List<String> forms = code(r.group(2));
            assertThat(forms)
                    .as(r.group())
                    .hasSizeGreaterThanOrEqualTo(code(r.group(1)).size());
            bodies.add(OPERANDS + String.join(";\n", forms) + ";");
        });
        assertThat(bodies).hasSizeGreaterThanOrEqualTo(40);
        run(imports(page), bodies);
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(c -> c.group(1)).toList();
    }

    @Test
    void theArtifactsThatAProgramDependsOnExist() throws Exception {
        String parent = Files.readString(Path.of("..", "pom.xml"));
        List<String> artifacts = new ArrayList<>();
        DEPENDENCY
                .matcher(Files.readString(DOCS.resolve("programs.md")))
                .results()
                .forEach(d -> {
                    artifacts.add(d.group(2));
                    assertThat(parent)
                            .contains("<artifactId>" + d.group(2) + "</artifactId>")
                            .contains("<groupId>" + d.group(1)
                                    + "</groupId>\n  <artifactId>akari-parent</artifactId>\n  <version>" + d.group(3)
                                    + "</version>");
                });
        assertThat(artifacts).containsExactly("akari");
    }

    /** The page's snippets are parts of one program, each with the imports that it adds; it runs beside what {@code akari train} wrote. */
    @Test
    void theReadmeRuns() throws Exception {
        String code = SNIPPETS.matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map(s -> s.group(1))
                .collect(joining());
        Map<Boolean, List<String>> lines = code.lines().collect(partitioningBy(l -> l.startsWith("import ")));
        assertThat(lines.get(true)).isNotEmpty();
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("seven.png").toFile());
        train(folder.resolve("runs"));
        String printed = run(String.join("\n", lines.get(true)), List.of(String.join("\n", lines.get(false))))
                .getFirst();
        assertThat(printed.lines()).hasSize(2).first().asString().matches("\\d with [01]\\.\\d+");
    }

    private static void train(Path runs) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "akari.cli.Start",
                        "train",
                        "--smoke",
                        "--out",
                        runs.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
    }

    private static String imports(String page) {
        Matcher imports = IMPORTS.matcher(page);
        assertThat(imports.find()).isTrue();
        return imports.group(1);
    }

    /** What each body prints, run as a method of a class with these imports. Its files lie in the test's folder. */
    private List<String> run(String imports, List<String> bodies) throws Exception {
        StringBuilder source = new StringBuilder(imports).append("\npublic class Page {\n");
        String files = "Path.of(\"" + folder.toString().replace('\\', '/') + "/";
        for (int i = 0; i < bodies.size(); i++) {
            source.append("public static void part")
                    .append(i)
                    .append("() throws Exception {\n")
                    .append(bodies.get(i).replace("Path.of(\"", files))
                    .append("\n}\n");
        }
        compile(source.append("}\n").toString());
        List<String> printed = new ArrayList<>();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> compiled = loader.loadClass("Page");
            for (int i = 0; i < bodies.size(); i++) {
                printed.add(output(compiled.getMethod("part" + i)));
            }
        }
        return printed;
    }

    private void compile(String source) throws IOException {
        Path file = folder.resolve("Page.java");
        Files.writeString(file, source);
        var messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        file.toString());
        assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    }

    private static String output(Method part) throws Exception {
        PrintStream console = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            part.invoke(null);
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
