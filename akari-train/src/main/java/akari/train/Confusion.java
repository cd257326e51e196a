package akari.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Counts of (true class, predicted class), and what follows from them. */
public final class Confusion {
    private final List<String> classes;
    private final long[][] counts;

    /** Without counts, for classes 0, 1, … of these names. */
    public Confusion(List<String> classes) {
        this.classes = List.copyOf(classes);
        this.counts = new long[classes.size()][classes.size()];
    }

    /** One class's quality; each figure is 0 where its denominator is 0. */
    public record PerClass(String name, long support, double precision, double recall, double f1) {}

    /** {@code count} samples of {@code truth} were taken for {@code predicted}. */
    public record Mistake(String truth, String predicted, long count) {}

    /** Counts one sample; both are numbers of classes, from 0. */
    public void add(long truth, long predicted) {
        counts[(int) truth][(int) predicted]++;
    }

    /** Names, by the classes' numbers. */
    public List<String> classes() {
        return classes;
    }

    /** How many samples of class {@code truth} were taken for {@code predicted}. */
    public long count(int truth, int predicted) {
        return counts[truth][predicted];
    }

    /** The number of samples counted. */
    public long total() {
        long n = 0;
        for (long[] row : counts) {
            for (long c : row) {
                n += c;
            }
        }
        return n;
    }

    /** Share of right predictions, 0 to 1. */
    public double accuracy() {
        long right = 0;
        for (int c = 0; c < counts.length; c++) {
            right += counts[c][c];
        }
        return ratio(right, total());
    }

    /** Every class's quality, in the order of {@link #classes}. */
    public List<PerClass> perClass() {
        List<PerClass> out = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            long support = 0;
            long predicted = 0;
            for (int k = 0; k < counts.length; k++) {
                support += counts[c][k];
                predicted += counts[k][c];
            }
            double precision = ratio(counts[c][c], predicted);
            double recall = ratio(counts[c][c], support);
            double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
            out.add(new PerClass(classes.get(c), support, precision, recall, f1));
        }
        return out;
    }

    /** The most frequent mistakes, at most {@code limit}. */
    public List<Mistake> mostConfused(int limit) {
        List<Mistake> out = new ArrayList<>();
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                if (t != p && counts[t][p] > 0) {
                    out.add(new Mistake(classes.get(t), classes.get(p), counts[t][p]));
                }
            }
        }
        out.sort(Comparator.comparingLong(Mistake::count).reversed());
        return out.subList(0, Math.min(limit, out.size()));
    }

    private static double ratio(long a, long b) {
        return b == 0 ? 0 : (double) a / b;
    }

    /** As in {@code Confusion(10 classes, 295 of 300 right)}. */
    @Override
    public String toString() {
        return "Confusion(" + classes.size() + " classes, " + Math.round(accuracy() * total()) + " of " + total()
                + " right)";
    }
}
