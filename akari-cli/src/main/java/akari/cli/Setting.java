package akari.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of an option. Flags, files of {@code --config}, the environment and {@code --set} all read this one, and so does the
 * help.
 *
 * @param standard the default as a text; null where there is none
 * @param lineOnly can be given as a flag alone
 */
record Setting<T>(String name, Kind<T> kind, @Nullable String standard, boolean lineOnly, String meaning) {
    static <T> Setting<T> of(String name, Kind<T> kind, String standard, String meaning) {
        return new Setting<>(name, kind, standard, false, meaning);
    }

    static <T> Setting<T> optional(String name, Kind<T> kind, String meaning) {
        return new Setting<>(name, kind, null, false, meaning);
    }

    static Setting<Boolean> flag(String name, String meaning) {
        return new Setting<>(name, new Kind.Flag(), "false", false, meaning);
    }

    boolean isFlag() {
        return kind instanceof Kind.Flag;
    }

    String option() {
        return "--" + name;
    }

    String variable() {
        return "AKARI_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** For the help: what it means, takes and is without being given. */
    String description() {
        String takes = kind instanceof Kind.Flag || kind instanceof Kind.PathName ? "" : ": " + kind.takes();
        String without = isFlag() || standard == null ? "" : " (default: " + standard + ")";
        return meaning + takes + without + ".";
    }
}
