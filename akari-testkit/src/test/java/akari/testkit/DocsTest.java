package akari.testkit;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the snippets of docs/tensors.md; each prints what the text block after it says. Rows of its table run as well. */
class DocsTest {
    private static final Path PAGE = Path.of("..", "docs", "tensors.md");
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```\n\n```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SNIPPETS = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| .* \\| `([^`]+)` \\|$");

    private static final String HEAD = """
            import static akari.tensor.Tensors.*;
            import akari.backend.*;
            import akari.nn.Functional;
            import akari.tensor.*;
            import java.util.Arrays;
            import java.util.List;

            public class Page {
            """;

    private static final String OPERANDS = """
            Tensor x = rand(2, 3);
            Tensor y = rand(2, 3);
            Tensor i = tensor(1, 0);
            Tensor m = x.gt(0.5);
            Tensor w = rand(2, 3).requiresGrad_();
            """;

    @TempDir
    private Path classes;

    @Test
    void snippetsPrintWhatThePageSays() throws Exception {
        String page = Files.readString(PAGE);
        List<String> bodies = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        SNIPPET.matcher(page).results().forEach(s -> {
            bodies.add(s.group(1));
            expected.add(s.group(2));
        });
        assertThat(bodies).hasSize(page.split("```java\n", -1).length - 1).isNotEmpty();
        List<String> printed = run(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(printed.get(i)).as(bodies.get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void everyRowOfTheTableRuns() throws Exception {
        List<String> bodies = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(r -> OPERANDS + r.group(1) + ";")
                .toList();
        assertThat(bodies).hasSizeGreaterThanOrEqualTo(40);
        run(bodies);
    }

    /** The page's snippets are parts of one program, each with the imports that it adds. */
    @Test
    void theReadmeCompiles() throws Exception {
        String code = SNIPPETS.matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map(s -> s.group(1))
                .collect(joining());
        Map<Boolean, List<String>> lines = code.lines().collect(partitioningBy(l -> l.startsWith("import ")));
        assertThat(lines.get(true)).isNotEmpty();
        compile(String.join("\n", lines.get(true)) + "\npublic class Page {\nvoid run() {\n"
                + String.join("\n", lines.get(false)) + "\n}\n}\n");
    }

    @Test
    void thePageSaysWhatItsSnippetsImport() throws Exception {
        assertThat(Files.readString(PAGE)).contains(HEAD.substring(0, HEAD.indexOf("\n\n")));
    }

    /** What each body prints, run as a method of a class. */
    private List<String> run(List<String> bodies) throws Exception {
        StringBuilder source = new StringBuilder(HEAD);
        for (int i = 0; i < bodies.size(); i++) {
            source.append("public static void part")
                    .append(i)
                    .append("() throws Exception {\n")
                    .append(bodies.get(i))
                    .append("\n}\n");
        }
        compile(source.append("}\n").toString());
        List<String> printed = new ArrayList<>();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Class<?> page = loader.loadClass("Page");
            for (int i = 0; i < bodies.size(); i++) {
                printed.add(output(page.getMethod("part" + i)));
            }
        }
        return printed;
    }

    private void compile(String source) throws IOException {
        Path file = classes.resolve("Page.java");
        Files.writeString(file, source);
        var messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-d",
                        classes.toString(),
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
