package akari.vision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        return Spelling.closest(name.toLowerCase(Locale.ROOT), entries.keySet(), 1)
                .map(n -> "Did you mean " + n + "?")
                .orElseGet(() -> "There is " + String.join(", ", entries.keySet()) + ".");
    }
}
