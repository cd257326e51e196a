package akari.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private Text() {}

    /** A value of a YAML line; what YAML could read otherwise is quoted, as in JSON. */
    static String yaml(String text) {
        return text.matches("[A-Za-z0-9./_][A-Za-z0-9./_+-]*") ? text : Json.text(text);
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
