package akari.cli;

import java.util.List;
import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private Text() {}

    private static final int LONGEST_NAME = 60;
    private static final int LONGEST_LIST = 8;

    /** Text from files and arguments, fit for one line of a terminal: what would move the cursor or hide letters is written out. */
    static String clean(String text) {
        StringBuilder s = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> s.append("\\n");
                case '\r' -> s.append("\\r");
                case '\t' -> s.append("\\t");
                default -> {
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR,
                                Character.SURROGATE -> s.append(String.format("\\u%04x", c));
                        default -> s.appendCodePoint(c);
                    }
                }
            }
        });
        return s.toString();
    }

    /** A name for a column of a table. */
    static String name(String text) {
        String clean = clean(text);
        return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME - 1) + "…";
    }

    /** {@code a, b, c}, cut where it gets long. */
    static String list(List<String> names) {
        String all = String.join(", ", names.subList(0, Math.min(names.size(), LONGEST_LIST)));
        return names.size() > LONGEST_LIST ? all + " and " + (names.size() - LONGEST_LIST) + " more" : all;
    }

    /** {@code a, b or c}. */
    static String either(List<String> names) {
        int last = names.size() - 1;
        return last < 1 ? String.join("", names) : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    /** 0, 1, 0.5. */
    static String number(double v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
    }

    /** An argument for a shell, to be pasted. */
    static String shell(String text) {
        return text.matches("[A-Za-z0-9./_+=:@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** 1,797. */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** 98.7%. */
    static String percent(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** 0.987000, for tables. */
    static String share(double share) {
        return String.format(Locale.ROOT, "%.6f", share);
    }

    /** 0:07, 12:31, 1:02:00. */
    static String time(double seconds) {
        long s = Math.max(0, Math.round(seconds));
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    /** 61M, 1.2G. */
    static String bytes(long n) {
        double mega = n / 1048576.0;
        return mega < 1024
                ? String.format(Locale.ROOT, "%.0fM", mega)
                : String.format(Locale.ROOT, "%.1fG", mega / 1024);
    }

    /** 0.42 M, 1.82 G. */
    static String large(double n) {
        return n >= 1e9
                ? String.format(Locale.ROOT, "%.2f G", n / 1e9)
                : n >= 1e4 ? String.format(Locale.ROOT, "%.2f M", n / 1e6) : String.format(Locale.ROOT, "%.0f", n);
    }

    /** 0.001 as 1e-3, 0.05 as 0.05. */
    static String rate(double lr) {
        String plain = Double.toString(lr);
        int exponent = (int) Math.floor(Math.log10(lr));
        double mantissa = lr / Math.pow(10, exponent);
        return lr < 0.01 && Math.abs(mantissa - Math.rint(mantissa)) < 1e-9
                ? Math.round(mantissa) + "e" + exponent
                : plain;
    }
}
