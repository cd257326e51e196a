package akari.data;

import akari.tensor.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Cutting a dataset into parts that share no sample. */
public final class Splits {
    private Splits() {}

    /** Two parts of one dataset. */
    public record Split(Subset train, Subset val) {}

    /**
     * Parts of the given lengths with randomly chosen samples: {@code random_split}.
     *
     * @throws IllegalArgumentException where the lengths do not add up to the dataset's size
     */
    public static List<Subset> randomSplit(Dataset dataset, long[] lengths, long seed) {
        if (Arrays.stream(lengths).sum() != dataset.size()
                || Arrays.stream(lengths).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("lengths " + Arrays.toString(lengths) + " do not add up to "
                    + dataset.describe() + " with " + dataset.size() + " samples");
        }
        long[] order = new Generator(seed).permutation(Math.toIntExact(dataset.size()));
        List<Subset> parts = new ArrayList<>();
        int from = 0;
        for (long n : lengths) {
            parts.add(new Subset(dataset, Arrays.copyOfRange(order, from, from + (int) n)));
            from += (int) n;
        }
        return parts;
    }

    /** {@link #randomSplit(Dataset, long[], long)} by shares that add up to 1; left-over samples go to the first parts, one each. */
    public static List<Subset> randomSplit(Dataset dataset, double[] shares, long seed) {
        double sum = Arrays.stream(shares).sum();
        if (!(Math.abs(sum - 1) < 1e-6) || Arrays.stream(shares).anyMatch(s -> s < 0)) {
            throw new IllegalArgumentException(
                    "shares " + Arrays.toString(shares) + " add up to " + sum + ", not to 1");
        }
        long[] lengths = new long[shares.length];
        for (int p = 0; p < shares.length; p++) {
            lengths[p] = (long) Math.floor(dataset.size() * shares[p] + 1e-9);
        }
        long left = dataset.size() - Arrays.stream(lengths).sum();
        for (int p = 0; left > 0; p = (p + 1) % lengths.length, left--) {
            lengths[p]++;
        }
        return randomSplit(dataset, lengths, seed);
    }

    /**
     * Sets {@code share} of the samples aside for validation so that each class keeps its share to within one sample. Both parts list
     * their samples in rising order.
     *
     * @param share in (0, 1)
     * @throws IllegalArgumentException where a part would be empty
     */
    public static Split stratifiedSplit(Dataset dataset, double share, long seed) {
        long[] labels = dataset.labels();
        long wanted = Math.round(labels.length * share);
        if (!(share > 0 && share < 1) || wanted == 0 || wanted == labels.length) {
            throw new IllegalArgumentException("a validation share of " + share + " leaves no sample on one side of "
                    + dataset.describe() + " with " + labels.length + " samples");
        }
        SortedMap<Long, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < labels.length; i++) {
            classes.computeIfAbsent(labels[i], c -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> members = List.copyOf(classes.values());
        int[] quota = quotas(members, labels.length, (int) wanted);
        Generator random = new Generator(seed);
        boolean[] val = new boolean[labels.length];
        for (int c = 0; c < quota.length; c++) {
            long[] order = random.permutation(members.get(c).size());
            for (int k = 0; k < quota[c]; k++) {
                val[members.get(c).get((int) order[k])] = true;
            }
        }
        return new Split(new Subset(dataset, where(val, false)), new Subset(dataset, where(val, true)));
    }

    /** Largest remainders: the whole parts of the exact shares, and one more for the classes that lose most by rounding down. */
    private static int[] quotas(List<List<Integer>> members, int total, int wanted) {
        int[] quota = new int[members.size()];
        long[] remainder = new long[quota.length];
        int left = wanted;
        for (int c = 0; c < quota.length; c++) {
            long exact = (long) members.get(c).size() * wanted;
            quota[c] = (int) (exact / total);
            remainder[c] = exact % total;
            left -= quota[c];
        }
        IntStream.range(0, quota.length)
                .boxed()
                .sorted(Comparator.comparingLong(c -> -remainder[c]))
                .limit(left)
                .forEach(c -> quota[c]++);
        return quota;
    }

    private static long[] where(boolean[] flags, boolean value) {
        return IntStream.range(0, flags.length)
                .filter(i -> flags[i] == value)
                .mapToLong(i -> i)
                .toArray();
    }
}
