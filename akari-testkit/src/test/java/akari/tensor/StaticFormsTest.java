package akari.tensor;

import static akari.tensor.Tensors.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of a tensor is a function of {@link Tensors} as well: {@code relu(x)} beside {@code x.relu()}. */
class StaticFormsTest {
    private static final Set<Class<?>> STATE = Set.of(Tensor.class, Index.class, Description.class, Gradients.class);
    private static final Set<String> FUNCTIONS = Set.of(
            "clone",
            "detach",
            "detach_",
            "isFloatingPoint",
            "isInference",
            "isNonzero",
            "isSameSize",
            "isSigned",
            "numel");

    private static List<Method> operations() {
        return Arrays.stream(Tensor.class.getMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isBridge())
                .filter(m -> m.getDeclaringClass() != Object.class)
                .filter(m -> !STATE.contains(m.getDeclaringClass()) || FUNCTIONS.contains(m.getName()))
                .toList();
    }

    private static List<Method> unary() {
        return operations().stream().filter(m -> m.getParameterCount() == 0).toList();
    }

    private static Method staticForm(Method fluent) throws NoSuchMethodException {
        return Tensors.class.getMethod(
                fluent.getName(),
                Stream.concat(Stream.of(Tensor.class), Arrays.stream(fluent.getParameterTypes()))
                        .toArray(Class<?>[]::new));
    }

    @Test
    void everyOperationHasOneOfTheSameTypes() throws NoSuchMethodException {
        assertThat(operations()).hasSizeGreaterThan(800);
        for (Method fluent : operations()) {
            Method form = staticForm(fluent);
            assertThat(Modifier.isStatic(form.getModifiers())).as("%s", form).isTrue();
            assertThat(form.isVarArgs()).as("%s", form).isEqualTo(fluent.isVarArgs());
            assertThat(form.getGenericReturnType()).as("%s", form).isEqualTo(fluent.getGenericReturnType());
            if (form.getDeclaringClass() == TensorFunctions.class) {
                assertThat(form.getAnnotatedReturnType()).as("%s", form).isEqualTo(fluent.getAnnotatedReturnType());
                assertThat(Arrays.stream(form.getAnnotatedParameterTypes()).skip(1))
                        .as("%s", form)
                        .containsExactly(fluent.getAnnotatedParameterTypes());
            }
        }
    }

    @Test
    void handWrittenOnesAreNotWrittenAgain() {
        List<String> written = new ArrayList<>();
        for (Class<?> c = Tensors.class; c != TensorFunctions.class; c = c.getSuperclass()) {
            Arrays.stream(c.getDeclaredMethods())
                    .map(StaticFormsTest::signature)
                    .forEach(written::add);
        }
        assertThat(Arrays.stream(TensorFunctions.class.getDeclaredMethods()).map(StaticFormsTest::signature))
                .doesNotContainAnyElementsOf(written);
        assertThat(where(tensor(true, false), tensor(1, 2), tensor(3, 4)).toLongs())
                .containsExactly(1, 4);
    }

    private static String signature(Method m) {
        return m.getName() + Arrays.toString(m.getParameterTypes());
    }

    @ParameterizedTest
    @MethodSource("unary")
    void isTheMethod(Method fluent) throws ReflectiveOperationException {
        Method form = staticForm(fluent);
        for (DType type : List.of(DType.FLOAT64, DType.INT64, DType.BOOL)) {
            Tensor matrix = tensor(4, 0, 1, 0, 3, 0, 1, 0, 2).reshape(3, 3).to(type);
            for (Tensor x : List.of(matrix, matrix.get(1))) {
                assertThat(result(() -> form.invoke(null, x.clone())))
                        .as("%s of %s", form, x)
                        .isEqualTo(result(() -> fluent.invoke(x.clone())));
            }
        }
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    /** What can be compared of a result or a failure. */
    private static String result(Call call) throws ReflectiveOperationException {
        manualSeed(1);
        try {
            Object value = call.run();
            if (!ProgramMethods.ofTensors(value.getClass()) && !(value instanceof List)) {
                return value.toString();
            }
            StringBuilder out = new StringBuilder();
            for (Tensor t : ProgramMethods.tensors(value)) {
                out.append(t.dtype()).append(t.shape()).append(Arrays.toString(t.toDoubles()));
            }
            return out.toString();
        } catch (InvocationTargetException e) {
            return e.getCause().toString();
        }
    }

    @Test
    void overloadsMeanWhatTheMethodsDo() {
        Tensor x = arange(6).reshape(2, 3);
        Tensor y = ones(DType.INT64, 3);
        assertThat(sum(x).item()).isEqualTo(15);
        assertThat(sum(x, 0).toLongs()).containsExactly(3, 5, 7);
        assertThat(sum(x, 0, 1).item()).isEqualTo(15);
        assertThat(sum(x, 1, true).shape().toArray()).containsExactly(2, 1);
        assertThat(sum(x, new int[] {0}, true, DType.FLOAT64).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(reshape(x, 3, -1).shape().toArray()).containsExactly(3, 2);
        assertThat(add(x, 1).toLongs()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(add(x, y, 2).toLongs()).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(clamp(x, null, 3).toLongs()).containsExactly(0, 1, 2, 3, 3, 3);
        assertThat(clamp(x, y, null).toLongs()).containsExactly(1, 1, 2, 3, 4, 5);
        assertThat(pow(x, 2).toLongs()).containsExactly(0, 1, 4, 9, 16, 25);
        assertThat(pow(2, x).toLongs()).containsExactly(1, 2, 4, 8, 16, 32);
        assertThat(max(x, 1).values().toLongs()).containsExactly(2, 5);
        assertThat(split(x, 1)).hasSize(2);
        assertThat(relu(matmul(x.float64(), y.float64()).sub(4)).toDoubles()).containsExactly(0, 8);
        assertThat(Stream.of(x, y).map(Tensors::numel)).containsExactly(6L, 3L);
    }

    @Test
    void inPlaceFormsGiveTheTensorItself() {
        Tensor x = tensor(-1.0, 2.0);
        assertThat(relu_(x)).isSameAs(x);
        assertThat(add_(x, 1)).isSameAs(x);
        assertThat(x.toDoubles()).containsExactly(1, 3);
    }

    @Test
    void errorsAndAnomaliesNameTheLineOfTheProgram() {
        assertThatThrownBy(() -> matmul(ones(2, 3), ones(2, 3)))
                .hasMessage(messageOf(() -> ones(2, 3).matmul(ones(2, 3))));
        Tensor x = tensor(-1.0).requiresGrad_();
        assertThatThrownBy(() -> Autograd.detectAnomaly(() -> sqrt(x).sum().backward()))
                .hasMessageContaining("sqrt was called at " + StaticFormsTest.class.getName());
    }

    private static String messageOf(Runnable body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            return e.getMessage();
        }
        throw new AssertionError("no error");
    }
}
