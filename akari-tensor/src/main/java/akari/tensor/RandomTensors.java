package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Functions that draw random numbers, as {@code Tensors.rand(…)}, from the default generator where none is given. */
public abstract sealed class RandomTensors extends Joining permits SizedTensors {
    RandomTensors() {}

    // ---- the default generator

    /** Seeds the default generator of this process. */
    public static Generator manualSeed(long seed) {
        return Generator.DEFAULT.manualSeed(seed);
    }

    /** Seeds the default generator from the system's entropy; returns that seed. */
    public static long seed() {
        return Generator.DEFAULT.seed();
    }

    /** The seed that the default generator started with. */
    public static long initialSeed() {
        return Generator.DEFAULT.initialSeed();
    }

    /** The default generator's {@link Generator#state}: {@code torch.get_rng_state}. */
    public static Tensor rngState() {
        return Generator.DEFAULT.state();
    }

    /** Puts the default generator back to where {@link #rngState} was taken. */
    public static void setRngState(Tensor state) {
        Generator.DEFAULT.setState(state);
    }

    /** The generator used where none is given. */
    public static Generator defaultGenerator() {
        return Generator.DEFAULT;
    }

    // ---- uniform

    /** Uniform in [0, 1), of the default type. */
    public static Tensor rand(long... shape) {
        return rand(Generator.DEFAULT, defaultDType(), shape);
    }

    public static Tensor rand(Shape shape) {
        return rand(shape.toArray());
    }

    public static Tensor rand(DType dtype, long... shape) {
        return rand(Generator.DEFAULT, dtype, shape);
    }

    public static Tensor rand(Generator generator, long... shape) {
        return rand(generator, defaultDType(), shape);
    }

    public static Tensor rand(Generator generator, DType dtype, long... shape) {
        return Tensors.empty(dtype, shape).uniform_(0, 1, generator);
    }

    /** {@link #rand} with the type, shape, device and memory order of {@code t}. */
    public static Tensor randLike(Tensor t) {
        return Tensors.emptyLike(t).uniform_();
    }

    public static Tensor randLike(Tensor t, DType dtype) {
        return Tensors.emptyLike(t, dtype).uniform_();
    }

    // ---- normal

    /** Standard normal, of the default type. */
    public static Tensor randn(long... shape) {
        return randn(Generator.DEFAULT, defaultDType(), shape);
    }

    public static Tensor randn(Shape shape) {
        return randn(shape.toArray());
    }

    public static Tensor randn(DType dtype, long... shape) {
        return randn(Generator.DEFAULT, dtype, shape);
    }

    public static Tensor randn(Generator generator, long... shape) {
        return randn(generator, defaultDType(), shape);
    }

    public static Tensor randn(Generator generator, DType dtype, long... shape) {
        return Tensors.empty(dtype, shape).normal_(0, 1, generator);
    }

    /** {@link #randn} with the type, shape, device and memory order of {@code t}. */
    public static Tensor randnLike(Tensor t) {
        return Tensors.emptyLike(t).normal_();
    }

    public static Tensor randnLike(Tensor t, DType dtype) {
        return Tensors.emptyLike(t, dtype).normal_();
    }

    /** Normal numbers of the means and standard deviations given, which broadcast; in the promoted type. */
    public static Tensor normal(Tensor mean, Tensor std) {
        return normal(mean, std, Generator.DEFAULT);
    }

    public static Tensor normal(Tensor mean, Tensor std, Generator generator) {
        DType type = Elementwise.promoted(mean, std);
        Shape shape = Shape.broadcast(mean.shape(), std.shape());
        return Tensors.noGrad(() -> Tape.composite("normal", () -> {
            if (std.numel() > 0 && std.ge(0).logicalNot().any().item() != 0) {
                throw new IllegalArgumentException("normal: a std must not be negative, one of " + std.shape() + " is");
            }
            return mean.like(type, shape).normal_(0, 1, generator).mul_(std).add_(mean);
        }));
    }

    public static Tensor normal(Tensor mean, double std) {
        return normal(mean, std, Generator.DEFAULT);
    }

    /** With a standard deviation of 1. */
    public static Tensor normal(Tensor mean) {
        return normal(mean, 1);
    }

    public static Tensor normal(Tensor mean, double std, Generator generator) {
        return Tensors.noGrad(() ->
                mean.like(mean.dtype(), mean.shape()).normal_(0, std, generator).add_(mean));
    }

    public static Tensor normal(double mean, Tensor std) {
        return normal(mean, std, Generator.DEFAULT);
    }

    public static Tensor normal(double mean, Tensor std, Generator generator) {
        return normal(Tensors.full(std.dtype(), mean).to(std.device()), std, generator);
    }

    /** Normal numbers of one mean and standard deviation, of the default type. */
    public static Tensor normal(double mean, double std, long... shape) {
        return normal(Generator.DEFAULT, mean, std, shape);
    }

    public static Tensor normal(Generator generator, double mean, double std, long... shape) {
        return Tensors.empty(defaultDType(), shape).normal_(mean, std, generator);
    }

    // ---- whole numbers

    /** Whole numbers in {@code [low, high)}, int64. */
    public static Tensor randint(long low, long high, long... shape) {
        return randint(Generator.DEFAULT, DType.INT64, low, high, shape);
    }

    /** Whole numbers in {@code [0, high)}, int64. */
    public static Tensor randint(long high, Shape shape) {
        return randint(0, high, shape.toArray());
    }

    public static Tensor randint(DType dtype, long low, long high, long... shape) {
        return randint(Generator.DEFAULT, dtype, low, high, shape);
    }

    public static Tensor randint(Generator generator, long low, long high, long... shape) {
        return randint(generator, DType.INT64, low, high, shape);
    }

    public static Tensor randint(Generator generator, DType dtype, long low, long high, long... shape) {
        ElementNumbers.range("randint", dtype, low, high);
        return Tensors.empty(dtype, shape).random_(low, high, generator);
    }

    /** {@link #randint} in {@code [0, high)} with the type, shape, device and memory order of {@code t}. */
    public static Tensor randintLike(Tensor t, long high) {
        return randintLike(t, 0, high);
    }

    public static Tensor randintLike(Tensor t, long high, DType dtype) {
        return randintLike(t, 0, high, dtype);
    }

    public static Tensor randintLike(Tensor t, long low, long high) {
        return Tensors.emptyLike(t).random_(low, high);
    }

    public static Tensor randintLike(Tensor t, long low, long high, DType dtype) {
        return Tensors.emptyLike(t, dtype).random_(low, high);
    }

    /** A random order of {@code 0 .. n-1}, int64. */
    public static Tensor randperm(int n) {
        return randperm(n, Generator.DEFAULT, DType.INT64);
    }

    public static Tensor randperm(int n, DType dtype) {
        return randperm(n, Generator.DEFAULT, dtype);
    }

    public static Tensor randperm(int n, Generator generator) {
        return randperm(n, generator, DType.INT64);
    }

    /** A random order of {@code 0 .. n-1}, in a type that holds them all. */
    public static Tensor randperm(int n, Generator generator, DType dtype) {
        if (n < 0 || n - 1L > ElementNumbers.exact(dtype)) {
            throw new IllegalArgumentException("randperm: " + dtype + " holds whole numbers up to "
                    + ElementNumbers.exact(dtype) + "; n must be positive and fit, got " + n);
        }
        try (Arena arena = Arena.ofConfined()) { // off the Java heap, which need not have room for it
            MemorySegment order = arena.allocate(ValueLayout.JAVA_LONG, n);
            generator.permute(order);
            return Tensors.upload(DType.INT64, Shape.of(n), order).to(dtype);
        }
    }
}
