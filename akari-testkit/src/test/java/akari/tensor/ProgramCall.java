package akari.tensor;

import akari.backend.Backend;
import akari.core.Shape;
import akari.tensor.ProgramArguments.Ref;
import akari.tensor.ProgramArguments.Seed;
import akari.tensor.ProgramMethods.Callable;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One call of a program, which can be made on the tensors of any backend. */
record ProgramCall(Callable method, int self, List<@Nullable Object> args) {

    /** What the method returns or throws. New tensors are made on {@code home}, or if null where Akari makes them. */
    @Nullable
    Object on(@Nullable Backend home, List<Tensor> pool) {
        Mode.current().home = home;
        try {
            return method.method().invoke(method.fixed() ? null : pool.get(self), arguments(pool));
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (IllegalAccessException | IllegalArgumentException e) {
            throw new AssertionError(this.toString(), e);
        } finally {
            Mode.current().home = null;
        }
    }

    private @Nullable Object[] arguments(List<Tensor> pool) {
        @Nullable Object[] out = args.toArray();
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (out[i]) {
                case Ref r -> pool.get(r.index());
                case Seed s -> new Generator(s.value());
                case List<?> l -> {
                    List<Tensor> tensors =
                            l.stream().map(r -> pool.get(((Ref) r).index())).toList();
                    yield method.parameters().get(i).getType().isArray() ? tensors.toArray(Tensor[]::new) : tensors;
                }
                case null, default -> out[i];
            };
        }
        return out;
    }

    /** As Java. */
    @Override
    public String toString() {
        String on = method.fixed() ? "Tensors" : "t" + self;
        return on + "." + method.name() + "("
                + args.stream().map(ProgramCall::java).collect(Collectors.joining(", ")) + ")";
    }

    static String java(@Nullable Object v) {
        return switch (v) {
            case null -> "null";
            case Ref r -> "t" + r.index();
            case Seed s -> "new Generator(" + s.value() + ")";
            case List<?> l -> "List.of(" + l.stream().map(ProgramCall::java).collect(Collectors.joining(", ")) + ")";
            case Double d when d.isNaN() -> "Double.NaN";
            case Double d when d.isInfinite() -> d > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
            case Long n -> n + "L";
            case String s -> "\"" + s + "\"";
            case int[] a ->
                "new int[] " + braces(Arrays.stream(a).asLongStream().toArray());
            case long[] a -> "new long[] " + braces(a);
            case double[] a ->
                "new double[] {" + Arrays.stream(a).mapToObj(ProgramCall::java).collect(Collectors.joining(", ")) + "}";
            case Shape s ->
                "Shape.of("
                        + Arrays.stream(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining(", ")) + ")";
            case Enum<?> e -> e.getDeclaringClass().getSimpleName() + "." + e.name();
            default -> String.valueOf(v);
        };
    }

    static String braces(long[] a) {
        return Arrays.stream(a).mapToObj(Long::toString).collect(Collectors.joining(", ", "{", "}"));
    }
}
