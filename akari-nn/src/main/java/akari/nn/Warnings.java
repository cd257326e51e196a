package akari.nn;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Warnings of calls that most likely mean something else, in the log of {@code akari.nn}, each text once. */
final class Warnings {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Warnings() {}

    static void once(String text) {
        if (SAID.add(text)) {
            System.getLogger("akari.nn").log(System.Logger.Level.WARNING, text);
        }
    }
}
