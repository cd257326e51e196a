package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No operation without a comparison with PyTorch, or a reason written in {@code uncompared.txt}. */
class CompletenessTest {
    @Test
    void everyOperationIsComparedOrHasAReason() {
        Set<String> compared = compared();
        Set<String> reasons = reasons().keySet();
        assertThat(operations())
                .filteredOn(name -> !compared.contains(name) && !reasons.contains(name))
                .as("operations without a row in a …Cases file: add one, or a reason to uncompared.txt")
                .isEmpty();
    }

    @Test
    void everyReasonIsNeeded() {
        Set<String> compared = compared();
        Set<String> operations = operations();
        assertThat(reasons().keySet())
                .as("reasons for what is compared or does not exist")
                .allMatch(name -> operations.contains(name) && !compared.contains(name));
    }

    /** Public methods of a tensor, and statics of Tensors, that give tensors. */
    static Set<String> operations() {
        return Stream.concat(
                        Arrays.stream(Tensor.class.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers())),
                        Arrays.stream(Tensors.class.getMethods()).filter(m -> Modifier.isStatic(m.getModifiers())))
                .filter(m -> givesTensors(m.getGenericReturnType()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean givesTensors(Type type) {
        return switch (type) {
            case ParameterizedType p ->
                Collection.class.isAssignableFrom((Class<?>) p.getRawType())
                        && p.getActualTypeArguments()[0] == Tensor.class;
            case Class<?> c ->
                c == Tensor.class
                        || c == Tensor[].class
                        || c.isRecord()
                                && Arrays.stream(c.getRecordComponents())
                                        .anyMatch(r -> givesTensors(r.getGenericType()));
            default -> false;
        };
    }

    /** The operations that the rows call, read from their class files. */
    static Set<String> compared() {
        return Cases.families()
                .flatMap(family -> called(family.getClass()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> called(Class<?> family) {
        try (InputStream in = family.getResourceAsStream(family.getSimpleName() + ".class")) {
            var names = new TreeSet<String>();
            for (var entry : ClassFile.of().parse(in.readAllBytes()).constantPool()) {
                if (entry instanceof MemberRefEntry ref
                        && ref.owner().asInternalName().startsWith("akari/tensor/")) {
                    names.add(ref.name().stringValue());
                }
            }
            return names.stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code name: reason} a line. */
    private static Map<String, String> reasons() {
        try (InputStream in = CompletenessTest.class.getResourceAsStream("uncompared.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(l -> l.split(": ", 2))
                    .collect(Collectors.toMap(f -> f[0], f -> f[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
