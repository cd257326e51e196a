package akari.cpu;

import java.util.List;

/** System properties that know a few words. */
final class Property {
    private Property() {}

    /** The value of {@code name}, one of {@code words}; the first of them where it is not set. */
    static String of(String name, String... words) {
        String value = System.getProperty(name, words[0]);
        if (!List.of(words).contains(value)) {
            throw new IllegalArgumentException(name + "=" + value + " is not known: "
                    + (words[0].isEmpty()
                            ? "write " + words[1] + ", or leave it out"
                            : "write " + String.join(" or ", words)));
        }
        return value;
    }
}
