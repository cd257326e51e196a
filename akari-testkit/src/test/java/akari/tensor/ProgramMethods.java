package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The public methods that random programs are made of, found by reflection: all that give tensors and whose arguments can be made up.
 * Not the static forms that only call a method of the tensor.
 */
final class ProgramMethods {
    /** Methods that say what the program itself decides, or give what no two runs give alike. */
    private static final Set<String> LEFT = Set.of(
            "grad",
            "borrowGrad",
            "requiresGrad_",
            "retainGrad",
            "data",
            // what uninitialised memory holds
            "empty",
            "emptyLike",
            "emptyStrided",
            "resize_",
            "resizeAs_",
            "newEmpty",
            "newEmptyStrided",
            // they draw from the generator that all programs share
            "randLike",
            "randnLike",
            "randintLike");

    /**
     * They run, but their results are not compared: decompositions leave a choice of signs, order, pivots or rank, and rounding decides
     * whether a matrix is singular.
     */
    private static final Set<String> AMBIGUOUS = Set.of("lu", "qr", "svd", "symeig", "pinverse", "logdet", "slogdet");

    private ProgramMethods() {}

    /** A method and what of it a program looks at often, as reflection is slow. */
    record Callable(
            Method method,
            String name,
            boolean fixed,
            boolean inPlace,
            boolean exact,
            List<Parameter> parameters,
            List<Boolean> nullable) {
        /**
         * Whether both backends must agree on a result of these operands: decompositions leave their result of infinities and NaN
         * open, convolutions whether they multiply the padding's zeros by them, and arithmetic the sign and bits of a NaN.
         */
        boolean comparable(List<Tensor> operands) {
            boolean open = name.startsWith("conv")
                    || name.startsWith("signbit")
                    || name.startsWith("copysign")
                    || name.startsWith("view")
                    || method.getDeclaringClass() == Decompositions.class;
            return exact && (!open || operands.stream().allMatch(Callable::finite));
        }

        private static boolean finite(Tensor t) {
            return Arrays.stream(t.toDoubles()).allMatch(Double::isFinite);
        }

        static Callable of(Method m) {
            return new Callable(
                    m,
                    m.getName(),
                    Modifier.isStatic(m.getModifiers()),
                    m.getName().endsWith("_"),
                    !AMBIGUOUS.contains(m.getName()),
                    List.of(m.getParameters()),
                    Arrays.stream(m.getAnnotatedParameterTypes())
                            .map(t -> t.isAnnotationPresent(Nullable.class))
                            .toList());
        }
    }

    static List<Callable> all() {
        return Stream.concat(
                        Arrays.stream(Tensor.class.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers())),
                        Arrays.stream(Tensors.class.getMethods())
                                .filter(m -> m.getDeclaringClass() != TensorFunctions.class)
                                .filter(m -> Modifier.isStatic(m.getModifiers())
                                        && Arrays.stream(m.getGenericParameterTypes())
                                                .anyMatch(ProgramMethods::ofTensors)))
                .filter(m -> !m.isBridge() && !m.isSynthetic())
                .filter(m -> ofTensors(m.getGenericReturnType()))
                .filter(m -> !LEFT.contains(m.getName()))
                .filter(m -> !drawsFromAll(m))
                .filter(m -> Arrays.stream(m.getGenericParameterTypes()).allMatch(ProgramMethods::possible))
                .sorted(Comparator.comparing(Method::toGenericString))
                .map(Callable::of)
                .toList();
    }

    /** Of a draw only the form is called that is given a generator: the default one is shared by all programs that run. */
    private static boolean drawsFromAll(Method m) {
        if (m.getName().matches(".*[dD]ropout_?|rrelu_?")) return true; // these have no other form
        return !takesGenerator(m)
                && Arrays.stream(m.getDeclaringClass().getMethods())
                        .anyMatch(other -> other.getName().equals(m.getName()) && takesGenerator(other));
    }

    private static boolean takesGenerator(Method m) {
        return List.of(m.getParameterTypes()).contains(Generator.class);
    }

    /** A tensor, or several: a list, an array, a record of tensors. */
    static boolean ofTensors(Type type) {
        if (type == Tensor.class || type == Tensor[].class) return true;
        if (type instanceof ParameterizedType p) {
            return p.getRawType() == List.class && p.getActualTypeArguments()[0] == Tensor.class;
        }
        return type instanceof Class<?> c
                && c.isRecord()
                && Arrays.stream(c.getRecordComponents()).anyMatch(r -> ofTensors(r.getGenericType()));
    }

    private static boolean possible(Type type) {
        if (ofTensors(type)) return !(type instanceof Class<?> c && c.isRecord());
        return type instanceof Class<?> c
                && (c == int.class
                        || c == long.class
                        || c == double.class
                        || c == boolean.class
                        || c == Integer.class
                        || c == Long.class
                        || c == Double.class
                        || c == Number.class
                        || c == String.class
                        || c == int[].class
                        || c == long[].class
                        || c == double[].class
                        || c == DType.class
                        || c == Shape.class
                        || c == Generator.class
                        || c.isEnum());
    }

    /** The tensors in a result. */
    static List<Tensor> tensors(@Nullable Object result) {
        return switch (result) {
            case null -> List.of();
            case Tensor t -> List.of(t);
            case Tensor[] ts -> Arrays.stream(ts).filter(Objects::nonNull).toList();
            case List<?> list ->
                list.stream().filter(Objects::nonNull).map(Tensor.class::cast).toList();
            case Record r -> components(r);
            default -> throw new AssertionError("no tensors in a " + result.getClass());
        };
    }

    private static List<Tensor> components(Record r) {
        List<Tensor> out = new ArrayList<>();
        for (var c : r.getClass().getRecordComponents()) {
            try {
                if (ofTensors(c.getGenericType()))
                    out.addAll(tensors(c.getAccessor().invoke(r)));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return out;
    }
}
