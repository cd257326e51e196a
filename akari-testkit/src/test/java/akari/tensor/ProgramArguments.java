package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.ProgramMethods.Callable;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Made-up arguments of a method: mostly sensible for the tensors at hand, now and then not. */
final class ProgramArguments {
    private static final double[] NUMBERS = {
        0,
        -0.0,
        1,
        -1,
        2,
        0.5,
        -0.5,
        3,
        -2.5,
        1e-5,
        100,
        1e30,
        -1e30,
        1e-30,
        3e9,
        -Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long[] EXTREMES = {
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MAX_VALUE / 2 + 1,
        1L << 32,
        (1L << 32) + 1,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE + 1L,
        Integer.MIN_VALUE,
        1L << 16,
        -1,
        -2
    };
    private static final String[] WORDS = {
        "sum",
        "prod",
        "mean",
        "amax",
        "amin",
        "none",
        "floor",
        "trunc",
        "ij",
        "xy",
        "left",
        "linear",
        "lower",
        "higher",
        "midpoint",
        "nearest",
        "fro",
        "nuc",
        "reduced",
        "complete"
    };

    /** A tensor of the program by number, so that an argument means the same on both backends. */
    record Ref(int index) {}

    /** A generator of random numbers, which each backend gets anew. */
    record Seed(long value) {}

    private final Random random;

    ProgramArguments(Random random) {
        this.random = random;
    }

    /** One argument a parameter; tensors as {@link Ref} or a list of them. */
    List<@Nullable Object> of(Callable m, Tensor self, List<Tensor> pool) {
        List<@Nullable Object> out = new ArrayList<>();
        for (int i = 0; i < m.parameters().size(); i++) {
            boolean none = m.nullable().get(i) && random.nextInt(3) == 0;
            out.add(none ? null : one(m.parameters().get(i), self, pool));
        }
        return out;
    }

    private Object one(Parameter p, Tensor self, List<Tensor> pool) {
        Class<?> c = p.getType();
        String name = p.getName();
        if (c == Tensor.class) return tensor(name, self, pool);
        if (c == List.class || c == Tensor[].class) return several(self, pool);
        if (c == int.class || c == Integer.class) return integer(name, self);
        if (c == long.class || c == Long.class) return random.nextInt(40) == 0 ? extreme() : (long) integer(name, self);
        // below float32's range an eps is none there, and in the reference it is one
        if (name.equals("eps")) return Math.max(number(), 1e-30);
        if (c == double.class || c == Double.class) return number();
        if (c == Number.class)
            return random.nextBoolean()
                    ? (Number) number()
                    : (Number) (random.nextInt(20) == 0 ? extreme() : between(-3, 3));
        if (c == boolean.class) return random.nextBoolean();
        if (c == String.class) return WORDS[random.nextInt(WORDS.length)];
        if (c == int[].class) return dims(self);
        if (c == long[].class) return sizes(self);
        if (c == double[].class)
            return IntStream.range(0, between(0, 3)).mapToDouble(_ -> number()).toArray();
        if (c == Shape.class) return shape(self);
        if (c == Generator.class) return new Seed(random.nextInt());
        Object[] constants = c.getEnumConstants();
        return constants[random.nextInt(constants.length)];
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private long extreme() {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    private double number() {
        return random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : 4 * random.nextDouble() - 2;
    }

    /** A dimension mostly; a little beyond the borders sometimes. */
    private int integer(String name, Tensor self) {
        int rank = self.dim();
        if (random.nextInt(40) == 0) return (int) Math.clamp(extreme(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (random.nextInt(12) == 0) return between(-7, 9);
        boolean dimension =
                name.startsWith("dim") || name.startsWith("axis") || name.startsWith("start") || name.startsWith("end");
        return dimension && rank > 0 ? between(-rank, rank - 1) : between(0, 3);
    }

    /** Any tensor; where the name asks for indices or a mask, one of that type if there is one. */
    private Ref tensor(String name, Tensor self, List<Tensor> pool) {
        DType wanted = name.contains("ind")
                ? DType.INT64
                : name.contains("mask") || name.contains("condition") ? DType.BOOL : null;
        Ref best = null;
        for (int attempt = 0; attempt < 6; attempt++) {
            int i = random.nextInt(pool.size());
            Tensor t = pool.get(i);
            if (best == null) best = new Ref(i);
            if (wanted == null ? broadcast(self.shape(), t.shape()) : t.dtype() == wanted) return new Ref(i);
        }
        return best;
    }

    private static boolean broadcast(Shape a, Shape b) {
        for (int d = 1; d <= Math.min(a.rank(), b.rank()); d++) {
            if (a.get(-d) != b.get(-d) && a.get(-d) != 1 && b.get(-d) != 1) return false;
        }
        return true;
    }

    private List<Ref> several(Tensor self, List<Tensor> pool) {
        int first = random.nextInt(pool.size());
        return IntStream.range(0, between(random.nextInt(20) == 0 ? 0 : 1, 3))
                .mapToObj(i -> i == 0 || random.nextInt(3) > 0 ? new Ref(first) : tensor("", self, pool))
                .toList();
    }

    private int[] dims(Tensor self) {
        int rank = self.dim();
        List<Integer> all = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        java.util.Collections.shuffle(all, random);
        int n = random.nextInt(3) == 0 ? rank : between(0, rank);
        int[] out = all.subList(0, n).stream()
                .mapToInt(d -> random.nextInt(4) == 0 ? d - rank : d)
                .toArray();
        if (out.length > 0 && random.nextInt(20) == 0) out[0] = between(-5, 5);
        if (out.length > 0 && random.nextInt(60) == 0) {
            out[out.length - 1] = (int) Math.clamp(extreme(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        return out;
    }

    /** Sizes into which the tensor can be reshaped or expanded, or any. */
    private long[] sizes(Tensor self) {
        long[] sizes = usualSizes(self);
        while (sizes.length > 0 && random.nextInt(25) == 0) sizes[random.nextInt(sizes.length)] = extreme();
        return sizes;
    }

    private long[] usualSizes(Tensor self) {
        long[] own = self.shape().toArray();
        return switch (random.nextInt(5)) {
            case 0 -> factors(self.numel());
            case 1 -> {
                long[] wider = new long[own.length + between(0, 1)];
                java.util.Arrays.fill(wider, 2);
                for (int i = 1; i <= own.length; i++)
                    wider[wider.length - i] = own[own.length - i] == 1 ? 3 : own[own.length - i];
                yield wider;
            }
            case 2 -> own;
            case 3 -> random.longs(own.length, 0, 3).toArray();
            default -> random.longs(between(0, 3), -1, 4).toArray();
        };
    }

    private long[] factors(long n) {
        if (n == 0) return new long[] {0, 2};
        List<Long> out = new ArrayList<>();
        long rest = n;
        while (rest > 1 && out.size() < 3) {
            long f = 2 + random.nextInt(4);
            if (rest % f == 0) {
                out.add(f);
                rest /= f;
            } else {
                break;
            }
        }
        out.add(random.nextBoolean() ? -1L : rest);
        java.util.Collections.shuffle(out, random);
        return out.stream().mapToLong(v -> v).toArray();
    }

    private Shape shape(Tensor self) {
        return Shape.of(java.util.Arrays.stream(sizes(self)).map(Math::abs).toArray());
    }
}
