package akari.testkit.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A method with PyTorch's name takes PyTorch's arguments in PyTorch's order, or {@code signatures.txt} says why it does not. */
class SignatureTest {
    @Test
    void argumentsAreThoseOfPyTorch() {
        Map<String, String> reasons = reasons("signatures.txt");
        Map<String, String> problems = problems();
        assertThat(reasons.keySet())
                .as("reasons that nothing needs")
                .filteredOn(n -> !problems.containsKey(n))
                .isEmpty();
        problems.keySet().removeAll(reasons.keySet());
        assertThat(problems)
                .as("names whose overloads lack some of PyTorch's arguments")
                .isEmpty();
    }

    private static Map<String, String> problems() {
        Map<String, String> out = new TreeMap<>();
        Map<String, String> signatures = Coverage.signatures();
        for (Coverage.Row row : Coverage.rows()) {
            String area = row.name().area();
            if (row.name().tier().equals("C") || !area.equals("torch") && !area.equals("torch.Tensor")) continue;
            List<Method> methods = row.twin().map(SignatureTest::methods).orElse(List.of());
            if (methods.isEmpty()) continue;
            String missing = Signature.of(row.name(), signatures.get(row.name().full())).stream()
                    .map(s -> s.missing(methods))
                    .filter(s -> !s.isEmpty())
                    .distinct()
                    .collect(Collectors.joining("; "));
            if (!missing.isEmpty()) {
                out.put(
                        row.name().full(),
                        missing + "; there are "
                                + methods.stream()
                                        .map(Signature::show)
                                        .distinct()
                                        .toList());
            }
        }
        return out;
    }

    /** Public methods of a twin's name, of tensors and static. */
    private static List<Method> methods(String twin) {
        return !twin.startsWith("Tensor.") && !twin.startsWith("Tensors.")
                ? List.of()
                : Stream.concat(Stream.of(Tensor.class.getMethods()), Stream.of(Tensors.class.getMethods()))
                        .filter(m -> m.getName().equals(twin.substring(twin.indexOf('.') + 1)))
                        .toList();
    }

    /** {@code name - reason} a line. */
    static Map<String, String> reasons(String file) {
        try (InputStream in = SignatureTest.class.getResourceAsStream(file)) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(l -> l.split(" - ", 2))
                    .collect(Collectors.toMap(f -> f[0], f -> f[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
