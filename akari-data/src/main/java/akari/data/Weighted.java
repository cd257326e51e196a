package akari.data;

import akari.tensor.Generator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** See {@link Sampler#weighted}. */
record Weighted(double[] weights, int size, boolean replacement) implements Sampler {
    Weighted {
        int positive = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weight " + i + " is " + weights[i] + "; weights are finite and not negative");
            }
            positive += weights[i] > 0 ? 1 : 0;
        }
        if (size < 0 || positive == 0 || !replacement && size > positive) {
            throw new IllegalArgumentException(size + " draws " + (replacement ? "with" : "without")
                    + " replacement from " + positive + " positive weights are not possible");
        }
    }

    @Override
    public long[] order(Generator random) {
        return replacement ? repeated(random) : distinct(random);
    }

    private long[] repeated(Generator random) {
        double[] upTo = new double[weights.length];
        double total = 0;
        for (int i = 0; i < upTo.length; i++) {
            total += weights[i];
            upTo[i] = total;
        }
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            double draw = Math.min(random.uniform() * total, Math.nextDown(total));
            int at = Arrays.binarySearch(upTo, draw);
            at = at < 0 ? -at - 1 : at;
            while (upTo[at] <= draw) {
                at++;
            }
            order[i] = at;
        }
        return order;
    }

    /** Efraimidis and Spirakis (2006): the largest of u^(1/w), in falling order, are a weighted draw without replacement. */
    private long[] distinct(Generator random) {
        double[] keys = new double[weights.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Math.log(1 - random.uniform()) / weights[i];
        }
        return IntStream.range(0, keys.length)
                .filter(i -> weights[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -keys[i]))
                .limit(size)
                .mapToLong(i -> i)
                .toArray();
    }

    @Override
    public String toString() {
        return size + " weighted draws from " + weights.length + (replacement ? "" : " without replacement");
    }
}
