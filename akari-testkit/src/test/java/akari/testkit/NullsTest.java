package akari.testkit;

import static akari.tensor.Tensors.ones;
import static org.assertj.core.api.Assertions.assertThat;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.Pooling;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.Init;
import akari.tensor.Autograd;
import akari.tensor.Generator;
import akari.tensor.Index;
import akari.tensor.Linalg;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A null where none is allowed: the error names the operation, or it is the JVM's own about an argument of the method that the program
 * called.
 */
class NullsTest {
    private static final Set<String> TELLING_NOTHING = Set.of("hashCode", "equals", "wait");

    private int tried;

    @Test
    void theErrorSaysWhatIsNull() {
        List<String> problems = new ArrayList<>();
        Stream.of(Tensor.class, Tensors.class, Functional.class, Init.class, Linalg.class, Autograd.class)
                .flatMap(c -> Arrays.stream(c.getMethods())
                        .filter(m -> m.getDeclaringClass() != Object.class && !m.isBridge())
                        .filter(m -> c != Tensor.class || !Modifier.isStatic(m.getModifiers())))
                .distinct()
                .filter(m -> !TELLING_NOTHING.contains(m.getName()))
                .forEach(m -> eachNull(m, problems));
        assertThat(tried).isGreaterThan(1000);
        assertThat(String.join("\n", problems)).isEmpty();
    }

    private void eachNull(Method m, List<String> problems) {
        AnnotatedType[] declared = m.getAnnotatedParameterTypes();
        for (int i = 0; i < declared.length; i++) {
            if (!m.getParameterTypes()[i].isPrimitive() && !nullable(declared[i])) {
                Object[] args = Arrays.stream(m.getParameterTypes())
                        .map(t -> value(t, m))
                        .toArray();
                args[i] = null;
                note(m, i, args, problems);
                if (m.getParameterTypes()[i] == List.class
                        && !declared[i].toString().contains("@")) {
                    args[i] = Arrays.asList(ones(3, 3), null);
                    note(m, i, args, problems);
                }
            }
        }
    }

    private void note(Method m, int i, Object[] args, List<String> problems) {
        String problem = tell(m, args);
        tried++;
        if (!problem.isEmpty()) {
            problems.add(m.getDeclaringClass().getSimpleName() + "." + m.getName()
                    + Arrays.stream(m.getParameterTypes())
                            .map(Class::getSimpleName)
                            .toList()
                    + " argument " + i + ": " + problem);
        }
    }

    private static boolean nullable(AnnotatedType t) {
        return t.isAnnotationPresent(Nullable.class);
    }

    private static String tell(Method m, Object[] args) {
        try {
            m.setAccessible(true);
            Object receiver = Modifier.isStatic(m.getModifiers()) ? null : ones(3, 3);
            m.invoke(receiver, args);
            return "no error";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            String text = cause.getMessage();
            if (text == null) {
                return "bare " + cause + " at " + cause.getStackTrace()[0] + cause.getStackTrace()[1];
            }
            String frame = cause.getStackTrace()[0].getMethodName();
            boolean own = frame.equals(m.getName()) || frame.startsWith("lambda$" + m.getName() + "$");
            String name = m.getName().replace("_", "");
            return !(cause instanceof NullPointerException) || own || text.contains(name)
                    ? ""
                    : text + " at " + cause.getStackTrace()[0];
        } catch (IllegalAccessException | IllegalArgumentException e) {
            return "not called: " + e;
        }
    }

    private static @Nullable Object value(Class<?> type, Method m) {
        if (type == Tensor.class) return ones(3, 3);
        if (type == Number.class) return 2;
        if (type == double.class || type == Double.class) return 0.5;
        if (type == int.class || type == Integer.class) return 1;
        if (type == long.class || type == Long.class) return 1L;
        if (type == boolean.class) return true;
        if (type == String.class) return "sum";
        if (type == DType.class) return DType.FLOAT32;
        if (type == Device.class) return Device.CPU;
        if (type == Shape.class) return Shape.of(3, 3);
        if (type == Generator.class) return new Generator(1);
        if (type == Object.class) return ones(3, 3);
        if (type == Index.class) return Index.at(0);
        if (type == List.class) return List.of(ones(3, 3), ones(3, 3));
        if (type == Convolution.class) {
            return new Convolution(Shape.fill(2, 1), Shape.fill(2, 0), Shape.fill(2, 1), 1);
        }
        if (type == Pooling.class) return Pooling.adaptive(Shape.of(1, 1));
        if (type.isEnum()) return type.getEnumConstants()[0];
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Object element = value(type.getComponentType(), m);
            if (element != null) Array.set(array, 0, element);
            return array;
        }
        if (type == MemorySegment.class) return MemorySegment.ofArray(new float[9]);
        if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (p, f, a) -> f.getReturnType() == double.class ? (Object) 1.0 : ones(1).sum());
        }
        return null;
    }
}
