package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import java.util.Arrays;
import java.util.Random;

/** A seeded source of shapes and choices. */
final class Draw {
    final Random random;
    private final int largest;

    /** @param largest size of a dimension */
    Draw(Random random, int largest) {
        this.random = random;
        this.largest = largest;
    }

    /** A size; 0 one time in twenty. */
    long size() {
        return random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(largest);
    }

    long[] shape(int minRank, int maxRank) {
        return random.longs(between(minRank, maxRank), 0, 1).map(i -> size()).toArray();
    }

    /** A shape without a size of 0 or 1. */
    long[] full(int minRank, int maxRank) {
        return Arrays.stream(shape(minRank, maxRank)).map(n -> Math.max(n, 2)).toArray();
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /** A dimension of the shape, counted from either end. */
    int dim(long[] shape) {
        return between(-shape.length, shape.length - 1);
    }

    /** A shape that broadcasts against the given one: leading dimensions left out, some sizes 1. */
    long[] broadcast(long[] shape) {
        long[] part = Arrays.copyOfRange(shape, between(0, shape.length), shape.length);
        return Arrays.stream(part).map(n -> random.nextInt(3) == 0 ? 1 : n).toArray();
    }

    /** int64 numbers in [0, below). */
    Operand indices(int below, long... shape) {
        return whole(DType.INT64, 0, below - 1, shape);
    }

    Operand booleans(long... shape) {
        return whole(DType.BOOL, 0, 1, shape);
    }

    /** Whole numbers from {@code low} to {@code high}, of this type in every run. */
    Operand whole(DType type, int low, int high, long... shape) {
        var s = Shape.of(shape);
        return Operand.of(
                type,
                s,
                random.doubles(s.numel())
                        .map(v -> low + Math.floor(v * (high - low + 1)))
                        .toArray());
    }
}
