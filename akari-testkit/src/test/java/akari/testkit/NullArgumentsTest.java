package akari.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akari.nn.Functional;
import akari.nn.Init;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null in place of every argument of whatever makes or starts something: the error says which one, never nothing. */
class NullArgumentsTest {
    static Stream<Executable> calls() {
        return new ClassFileImporter()
                        .withImportOption(location -> !location.contains("/test-classes/"))
                        .importPackages("akari.nn", "akari.optim", "akari.data", "akari.vision", "akari.train")
                        .stream()
                        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC) && !c.isInterface() && !c.isEnum())
                        .filter(c -> !c.isAssignableTo(Throwable.class))
                        .map(JavaClass::reflect)
                        .flatMap(c -> Stream.concat(
                                Modifier.isAbstract(c.getModifiers())
                                        ? Stream.empty()
                                        : Arrays.stream(c.getConstructors()),
                                Arrays.stream(c.getDeclaredMethods())
                                        .filter(m -> Modifier.isStatic(m.getModifiers())
                                                && Modifier.isPublic(m.getModifiers()))))
                        .filter(e -> !e.getDeclaringClass().isAssignableFrom(Functional.class)
                                && e.getDeclaringClass() != Init.class) // NullsTest
                        .filter(e -> Stream.of(e.getParameters())
                                .anyMatch(p -> !p.getType().isPrimitive()
                                        && !p.getAnnotatedType().isAnnotationPresent(Nullable.class)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void anErrorNamesTheArgument(Executable call) throws ReflectiveOperationException {
        Object[] none = Arrays.stream(call.getParameterTypes())
                .map(NullArgumentsTest::nothing)
                .toArray();
        try {
            Object made = call instanceof Constructor<?> c ? c.newInstance(none) : ((Method) call).invoke(null, none);
            assertThat(made instanceof Record || made == null)
                    .as("accepted null: %s", made == null ? "" : made.getClass())
                    .isTrue();
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class);
            assertThat(e.getCause().getMessage()).isNotBlank().doesNotContain("local");
        }
    }

    private static Object nothing(Class<?> type) {
        return switch (type.getName()) {
            case "int" -> 1;
            case "long" -> 1L;
            case "double" -> 0.5;
            case "boolean" -> false;
            default -> null;
        };
    }
}
