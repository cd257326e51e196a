package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Ops that have no row: the method of PyTorch's name, on its first input or static, that takes just the case's inputs and
 * arguments. Inputs go to parameters in their order, arguments to those of their name, or where there is none in their order too;
 * capitals, underscores and a plural's s make no difference.
 */
final class ByName {
    private ByName() {}

    static OpTable.@Nullable Adapter find(String op) {
        List<Method> methods = Stream.of(Tensor.class, Tensors.class, Functional.class)
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> !m.isBridge() && name(m.getName()).equals(name(op)))
                .sorted(Comparator.comparingInt((Method m) -> -m.getParameterCount())
                        .thenComparing(Method::toGenericString))
                .toList();
        return methods.isEmpty() ? null : a -> call(methods, a);
    }

    /** {@code countNonzero} and {@code count_nonzero} are one, {@code abs} and {@code abs_} are not. */
    private static String name(String s) {
        return s.replaceAll("_(?!$)", "").toLowerCase(Locale.ROOT);
    }

    private static List<Tensor> call(List<Method> methods, Arguments a) {
        for (boolean inOrder : new boolean[] {false, true}) {
            for (Method m : methods) {
                Binding binding = new Binding(m, a, inOrder);
                if (binding.fits()) {
                    return binding.run();
                }
            }
        }
        throw new UnsupportedOperationException(
                "no overload of " + methods.getFirst().getName() + " takes the inputs "
                        + a.inputs().keySet() + " and the arguments " + a.names());
    }

    /** A method with values for its parameters, as far as the case has them. */
    private static final class Binding {
        private final Method method;
        private final Arguments arguments;
        private final boolean inOrder;
        private final List<Tensor> open;
        private final List<String> unused;
        private final List<@Nullable Object> values = new ArrayList<>();
        private final @Nullable Tensor receiver;

        Binding(Method method, Arguments arguments, boolean inOrder) {
            this.method = method;
            this.arguments = arguments;
            this.inOrder = inOrder;
            open = new ArrayList<>(arguments.inputs().values());
            unused = new ArrayList<>(arguments.names());
            receiver = Modifier.isStatic(method.getModifiers()) || open.isEmpty() ? null : open.removeFirst();
        }

        boolean fits() {
            if (receiver == null && !Modifier.isStatic(method.getModifiers())) {
                return false;
            }
            for (Parameter p : method.getParameters()) {
                Object v = value(p);
                if (v == null) {
                    return false;
                }
                values.add(v);
            }
            return open.isEmpty() && unused.isEmpty();
        }

        private @Nullable Object value(Parameter p) {
            String argument = unused.stream()
                    .filter(n -> singular(n).equals(singular(p.getName())))
                    .findFirst()
                    .orElse(null);
            boolean tensors = p.getType() == Tensor.class || p.getType() == Tensor[].class || p.getType() == List.class;
            if (argument == null && inOrder && !unused.isEmpty() && !(tensors && !open.isEmpty())) {
                argument = unused.getFirst();
            }
            if (argument == null) {
                return tensors ? tensors(p) : null;
            }
            unused.remove(argument);
            return literal(p.getType(), arguments.node(argument));
        }

        private static String singular(String s) {
            return name(s).replaceAll("s$", "");
        }

        private @Nullable Object tensors(Parameter p) {
            if (open.isEmpty()) {
                return null;
            }
            if (p.getType() == Tensor.class) {
                return open.removeFirst();
            }
            List<Tensor> all = List.copyOf(open);
            boolean list = p.getParameterizedType().getTypeName().matches("java.util.List<.*Tensor>");
            if (!list && p.getType() != Tensor[].class) {
                return null;
            }
            open.clear();
            return list ? all : all.toArray(Tensor[]::new);
        }

        private @Nullable Object literal(Class<?> type, JsonNode node) {
            if (type == Tensor.class) {
                return node.isString() ? null : Arguments.literal(node, arguments.dtype());
            }
            if (type == String.class) {
                return node.isString() ? node.asString() : null;
            }
            if (type == DType.class) {
                return node.isString() ? OpCase.type(node.asString(), arguments.dtype()) : null;
            }
            if (type.isEnum()) {
                return Arrays.stream(type.getEnumConstants())
                        .filter(c -> node.isString() && name(c.toString()).equals(name(node.asString())))
                        .findFirst()
                        .orElse(null);
            }
            if (type == boolean.class) {
                return node.isBoolean() ? node.asBoolean() : null;
            }
            if (type.isArray() || type == Shape.class) {
                double[] all = Arguments.values(node);
                long[] whole = Arrays.stream(all).mapToLong(d -> (long) d).toArray();
                return type == double[].class
                        ? all
                        : type == long[].class
                                ? whole
                                : type == int[].class
                                        ? Arrays.stream(whole)
                                                .mapToInt(Math::toIntExact)
                                                .toArray()
                                        : type == Shape.class ? Shape.of(whole) : null;
            }
            return node.isArray() || node.isBoolean() || node.isNull() ? null : number(type, node);
        }

        private static @Nullable Object number(Class<?> type, JsonNode node) {
            if (node.isString() && !node.asString().matches("-?inf(inity)?|nan")) {
                return null;
            }
            double d = Arguments.value(node);
            if (type == double.class || type == Double.class) {
                return d;
            }
            if (type == float.class) {
                return (float) d;
            }
            if (type == Number.class) {
                return node.isIntegralNumber() ? (Number) node.asLong() : (Number) d;
            }
            boolean whole = d == Math.rint(d);
            return whole && type == int.class
                    ? (Object) (int) d
                    : whole && type == long.class ? (Object) (long) d : null;
        }

        List<Tensor> run() {
            Tensor on = receiver == null || !method.getName().endsWith("_") ? receiver : receiver.clone();
            try {
                return tensors(method.invoke(on, values.toArray()));
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException x) {
                    throw x;
                }
                throw new IllegalStateException(e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        private static List<Tensor> tensors(Object result) {
            List<Tensor> out = new ArrayList<>();
            switch (result) {
                case Tensor t -> out.add(t);
                case Tensor[] all -> out.addAll(Arrays.asList(all));
                case List<?> all -> all.forEach(t -> out.add((Tensor) t));
                case Boolean b -> out.add(Tensors.of(DType.BOOL, new double[] {b ? 1 : 0}, Shape.of()));
                case Number n -> out.add(Tensors.of(DType.FLOAT64, new double[] {n.doubleValue()}, Shape.of()));
                case Record r -> {
                    for (RecordComponent c : r.getClass().getRecordComponents()) {
                        try {
                            if (c.getAccessor().invoke(r) instanceof Tensor t) {
                                out.add(t);
                            }
                        } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
                default -> throw new UnsupportedOperationException("a result of " + result.getClass());
            }
            return out;
        }
    }
}
