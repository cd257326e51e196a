package akari.vision;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Things by name. A wrong name gets the closest right one, or all of them, in the error. */
public final class Registry<T> {
    private final String kind;
    private final Map<String, T> entries;

    /**
     * @param kind what errors call an entry: {@code model}
     * @param entries in the order in which they are listed
     */
    public Registry(String kind, Map<String, T> entries) {
        this.kind = kind;
        this.entries = new LinkedHashMap<>(entries);
    }

    /** @throws IllegalArgumentException where there is no such name */
    public T find(String name) {
        T entry = entries.get(name.toLowerCase(Locale.ROOT));
        if (entry == null) {
            throw new IllegalArgumentException("unknown " + kind + " " + name + ". " + mend(name));
        }
        return entry;
    }

    /** Names that match {@code pattern}, in which {@code *} stands for any characters and {@code ?} for one. */
    public List<String> list(String pattern) {
        Pattern regex = Pattern.compile(
                Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"), Pattern.CASE_INSENSITIVE);
        return entries.keySet().stream().filter(n -> regex.matcher(n).matches()).toList();
    }

    private String mend(String name) {
        Optional<String> close = entries.keySet().stream()
                .filter(n -> distance(name.toLowerCase(Locale.ROOT), n) <= Math.max(1, n.length() / 3))
                .min(Comparator.comparingInt(n -> distance(name.toLowerCase(Locale.ROOT), n)));
        return close.map(n -> "Did you mean " + n + "?")
                .orElseGet(() -> "There is " + String.join(", ", entries.keySet()) + ".");
    }

    /** Levenshtein's distance, one row of the table at a time. */
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
