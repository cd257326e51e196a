package akari.testkit;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import akari.formula.Formula;
import akari.nn.Functional;
import akari.tensor.Tensors;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program may import all functions of {@link Tensors}, {@link Functional} and {@link Formula}: every call compiles, in short and with the class's name. */
class ImportsTest {
    @TempDir
    Path out;

    @Test
    void allFunctionsMayBeImported() {
        String calls = Stream.of(Tensors.class, Functional.class, Formula.class)
                .flatMap(c -> Arrays.stream(c.getMethods()).filter(m -> Modifier.isStatic(m.getModifiers())))
                .filter(m -> !m.getName().equals("clone")) // every class has Object's, which goes before an import
                .map(m -> "    { " + call(m) + "; }\n")
                .distinct()
                .collect(joining());
        assertThat(calls).contains("linear(", "dropout(", "crossEntropy(");
        assertThat(errors(
                        "import static akari.tensor.Tensors.*;\nimport static akari.nn.Functional.*;\n"
                                + "import static akari.formula.Formula.*;\n",
                        calls))
                .isEmpty();
    }

    @Test
    void functionalHasWhatTensorsHasOfNetworks() {
        assertThat(errors(
                        "import akari.nn.Functional;\nimport akari.tensor.Tensor;\n",
                        "    Tensor f(Tensor x, Tensor w) { return Functional.softmax("
                                + "Functional.linear(Functional.relu(x), w, null), 1); }\n"))
                .isEmpty();
    }

    @Test
    void allTypesOfAllPackagesMayBeImported() {
        List<String> types = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/")).importPackages("akari").stream()
                        .filter(c -> !c.getPackageName().startsWith("akari.testkit")
                                && !c.getPackageName().startsWith("akari.bench"))
                        .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(c -> c.getPackageName() + " " + c.getSimpleName())
                        .filter(name ->
                                !name.endsWith(" Module")) // java.lang has one, too: it needs an import of its own
                        .toList();
        assertThat(types)
                .contains("akari.nn Reduction", "akari.data DataLoader", "akari.train Trainer", "akari.optim SGD");
        String imports = types.stream()
                .map(t -> "import " + t.split(" ")[0] + ".*;\n")
                .distinct()
                .collect(joining());
        String uses = types.stream()
                .map(t -> "    { Class<?> c = " + t.split(" ")[1] + ".class; }\n")
                .collect(joining());
        assertThat(errors(imports, uses)).isEmpty();
    }

    /** With arguments of just the method's types. */
    private static String call(Method m) {
        return m.getName()
                + Arrays.stream(m.getParameterTypes())
                        .map(t -> "(" + t.getCanonicalName() + ") "
                                + (t == boolean.class ? "false" : t.isPrimitive() ? "0" : "null"))
                        .collect(joining(", ", "(", ")"));
    }

    private List<String> errors(String imports, String body) {
        var source = new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return imports + "class Program {\n" + body + "}\n";
            }
        };
        var errors = new DiagnosticCollector<JavaFileObject>();
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        errors,
                        List.of("-proc:none", "-nowarn", "-d", out.toString(), "-cp", classPath()),
                        null,
                        List.of(source))
                .call();
        return errors.getDiagnostics().stream()
                .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(d -> d.getMessage(null))
                .toList();
    }

    private static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(p -> p != null && !p.isEmpty())
                .collect(joining(System.getProperty("path.separator")));
    }
}
