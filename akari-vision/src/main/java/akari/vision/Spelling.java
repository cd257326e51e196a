package akari.vision;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody meant who wrote a name that there is not. */
public final class Spelling {
    private Spelling() {}

    /**
     * The name closest to {@code given}, if at most a third of its letters, or {@code least} where that is more, must be changed.
     */
    public static Optional<String> closest(String given, Collection<String> names, int least) {
        return names.stream()
                .filter(n -> distance(given, n) <= Math.max(least, n.length() / 3))
                .min(Comparator.comparingInt(n -> distance(given, n)));
    }

    /** Insertions, deletions and substitutions between two words (Levenshtein 1966), one row of the table at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
