package akari.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Names of classes as one text, for the metadata of a weights file: one after the other with a tab between, where a tab, a line end
 * or a backslash within a name is written as in Java.
 */
public final class ClassNames {
    private ClassNames() {}

    /** The text of the names. */
    public static String join(List<String> names) {
        return String.join("\t", names.stream().map(ClassNames::escaped).toList());
    }

    /** The names of a text that {@link #join} made. */
    public static List<String> split(String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split("\t", -1)) {
            names.add(name.indexOf('\\') < 0 ? name : unescaped(name));
        }
        return List.copyOf(names);
    }

    private static String escaped(String name) {
        return name.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescaped(String name) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                c = name.charAt(++i);
                c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
            }
            s.append(c);
        }
        return s.toString();
    }
}
