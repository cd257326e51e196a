package akari.cli;

import akari.core.Shape;
import akari.vision.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an option takes. Numbers are decimal, in ASCII digits; nothing is trimmed or guessed. */
sealed interface Kind<T> {
    /** The value of a text; null where it has none. */
    @Nullable
    T read(String text);

    /** What is allowed, to follow "takes". */
    String takes();

    /** What stands for the value in the help. */
    String label();

    /** What is wrong with a text that {@link #read} refuses. */
    default String refusal(String option, String text) {
        return option + " takes " + takes() + ", got " + shown(text);
    }

    private static String shown(String text) {
        return text.isBlank() ? "\"" + text + "\"" : text;
    }

    /** True where the flag is given alone; files, environment and {@code --set} say {@code true} or {@code false}. */
    record Flag() implements Kind<Boolean> {
        @Override
        public @Nullable Boolean read(String text) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }

        @Override
        public String takes() {
            return "true or false";
        }

        @Override
        public String label() {
            return "";
        }
    }

    /** A whole number of a range. */
    record Whole(int from, int to) implements Kind<Integer> {
        @Override
        public @Nullable Integer read(String text) {
            Long n = Seed.whole(text);
            return n != null && n >= from && n <= to ? n.intValue() : null;
        }

        @Override
        public String takes() {
            return "a whole number from " + from + " to " + Text.count(to);
        }

        @Override
        public String label() {
            return "N";
        }
    }

    /** Any whole number of 64 bits. */
    record Seed() implements Kind<Long> {
        private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");

        static @Nullable Long whole(String text) {
            try {
                return WHOLE.matcher(text).matches() ? Long.valueOf(text) : null;
            } catch (NumberFormatException e) {
                return null; // 19 digits beyond 64 bits
            }
        }

        @Override
        public @Nullable Long read(String text) {
            return whole(text);
        }

        @Override
        public String takes() {
            return "a whole number of 64 bits";
        }

        @Override
        public String label() {
            return "N";
        }
    }

    /** A finite number between two bounds that it may not reach. */
    record Decimal(double above, double below) implements Kind<Double> {
        private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

        @Override
        public @Nullable Double read(String text) {
            if (!DECIMAL.matcher(text).matches()) {
                return null;
            }
            double v = Double.parseDouble(text);
            return Double.isFinite(v) && v > above && v < below ? (Double) v : null;
        }

        @Override
        public String takes() {
            return Double.isInfinite(below)
                    ? "a number above " + Text.number(above)
                    : "a number above " + Text.number(above) + " and below " + Text.number(below);
        }

        @Override
        public String label() {
            return "X";
        }
    }

    /** Seconds, as in {@code 30s}, {@code 10m}, {@code 1.5h}. */
    record Span() implements Kind<Double> {
        private static final Pattern SPAN = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)([smh])");

        @Override
        public @Nullable Double read(String text) {
            Matcher m = SPAN.matcher(text);
            if (!m.matches()) {
                return null;
            }
            double unit = switch (m.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                default -> 3600;
            };
            double seconds = Double.parseDouble(m.group(1)) * unit;
            return seconds > 0 ? (Double) seconds : null;
        }

        @Override
        public String takes() {
            return "a time above 0 as in 30s, 10m or 1h";
        }

        @Override
        public String label() {
            return "TIME";
        }
    }

    /**
     * One of some names, in any case.
     *
     * @param what a name stands for; may be empty
     */
    record Names(String what, Supplier<List<String>> all) implements Kind<String> {
        private static final int SHORT_LIST = 8;

        static Names of(String what, String... names) {
            return new Names(what, () -> List.of(names));
        }

        @Override
        public @Nullable String read(String text) {
            String name = text.toLowerCase(Locale.ROOT);
            return all.get().contains(name) ? name : null;
        }

        @Override
        public String takes() {
            List<String> names = all.get();
            return names.size() > SHORT_LIST ? "the name of a " + what : Text.either(names);
        }

        @Override
        public String label() {
            return "NAME";
        }

        @Override
        public String refusal(String option, String text) {
            return refusal(option, takes(), text);
        }

        String refusal(String option, String takes, String text) {
            String close = Spelling.closest(text.toLowerCase(Locale.ROOT), all.get(), 1)
                    .map(name -> " Did you mean " + name + "?")
                    .orElse("");
            return text.isBlank() || what.isEmpty()
                    ? option + " takes " + takes + ", got " + shown(text) + (close.isEmpty() ? "" : "." + close)
                    : "unknown " + what + " " + text + "." + close + " " + option + " takes " + takes;
        }
    }

    /** A file or folder; whether it is there, the reader says. */
    record PathName(String label) implements Kind<Path> {
        @Override
        public @Nullable Path read(String text) {
            try {
                return text.isBlank() ? null : Path.of(text);
            } catch (InvalidPathException e) {
                return null; // a NUL, or letters that the file system's encoding lacks
            }
        }

        @Override
        public String takes() {
            return "a path";
        }
    }

    /** A name of a folder to be. */
    record Name() implements Kind<String> {
        private static final int LONGEST = 100;

        @Override
        public @Nullable String read(String text) {
            boolean fits = !text.isBlank() && text.length() <= LONGEST && text.charAt(0) != '.';
            boolean plain = text.equals(Text.clean(text)) && text.indexOf('/') < 0 && text.indexOf('\\') < 0;
            return fits && plain && new PathName("").read(text) != null ? text : null;
        }

        @Override
        public String takes() {
            return "a name of at most " + LONGEST + " letters, without / and \\ and not starting with a dot";
        }

        @Override
        public String label() {
            return "NAME";
        }
    }

    /** A pattern of names. */
    record Wildcard() implements Kind<String> {
        @Override
        public @Nullable String read(String text) {
            return text.isBlank() ? null : text;
        }

        @Override
        public String takes() {
            return "a name with wildcards * and ?";
        }

        @Override
        public String label() {
            return "PATTERN";
        }
    }

    /** A key and its value. */
    record Pair() implements Kind<String> {
        @Override
        public @Nullable String read(String text) {
            return text.indexOf('=') < 1 ? null : text;
        }

        @Override
        public String takes() {
            return "key=value";
        }

        @Override
        public String label() {
            return "KEY=VALUE";
        }
    }

    /** Where to compute; which devices there are, the backends know. */
    record DeviceName() implements Kind<String> {
        private static final Pattern DEVICE = Pattern.compile("[a-z][a-z0-9]{0,15}(:[0-9]{1,3})?");

        @Override
        public @Nullable String read(String text) {
            return DEVICE.matcher(text).matches() ? text : null;
        }

        @Override
        public String takes() {
            return "auto, cpu or cuda[:i]";
        }

        @Override
        public String label() {
            return "DEVICE";
        }
    }

    /** Channels, height and width. */
    record Sizes(int largest) implements Kind<Shape> {
        private static final Pattern SIZES = Pattern.compile("[0-9]{1,9}x[0-9]{1,9}x[0-9]{1,9}");

        @Override
        public @Nullable Shape read(String text) {
            if (!SIZES.matcher(text).matches()) {
                return null;
            }
            long[] sizes =
                    Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray();
            return Arrays.stream(sizes).allMatch(n -> n >= 1 && n <= largest) ? Shape.of(sizes) : null;
        }

        @Override
        public String takes() {
            return "channels x height x width of at most " + Text.count(largest) + " each, as in 3x224x224";
        }

        @Override
        public String label() {
            return "CxHxW";
        }
    }

    /** A value, or {@code auto} for one that the program chooses. */
    record Auto<T>(Kind<T> kind) implements Kind<Optional<T>> {
        @Override
        public @Nullable Optional<T> read(String text) {
            return text.equals("auto")
                    ? Optional.empty()
                    : Optional.ofNullable(kind.read(text)).map(Optional::of).orElse(null);
        }

        @Override
        public String takes() {
            return "auto or " + kind.takes();
        }

        @Override
        public String refusal(String option, String text) {
            return kind instanceof Names names
                    ? names.refusal(option, takes(), text)
                    : Kind.super.refusal(option, text);
        }

        @Override
        public String label() {
            return kind.label();
        }
    }
}
