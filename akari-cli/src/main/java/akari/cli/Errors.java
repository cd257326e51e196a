package akari.cli;

import akari.data.DataException;
import akari.train.TrainingException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Errors as one line that says what was wrong and what to do next. */
final class Errors {
    private Errors() {}

    static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            err.println("✗ " + unmatched(command, unmatched.getUnmatched().getFirst()));
        } else {
            err.println("✗ " + e.getMessage());
        }
        err.println("  " + command.getCommandSpec().qualifiedName() + " --help lists what there is.");
        return 2;
    }

    private static String unmatched(CommandLine command, String given) {
        if (given.startsWith("-")) {
            String name = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
            return "unknown option " + name + "." + closestOption(command, name);
        }
        if (!command.getSubcommands().isEmpty()) {
            return "unknown command " + given + "."
                    + didYouMean(
                            given, command.getSubcommands().keySet().stream().toList());
        }
        return "unexpected argument " + given + ".";
    }

    private static String closestOption(CommandLine command, String name) {
        List<String> names = command.getCommandSpec().options().stream()
                .flatMap(o -> Stream.of(o.names()))
                .filter(n -> n.startsWith("--"))
                .toList();
        String close = closest(name, names);
        if (close == null) {
            return "";
        }
        OptionSpec option = command.getCommandSpec().findOption(close);
        String standard = option == null ? null : option.defaultValue();
        return " Did you mean " + close
                + (standard == null || option.arity().max() == 0 ? "" : " (default " + standard + ")") + "?";
    }

    /** {@code " Did you mean x?"}, or nothing where no name is close. */
    static String didYouMean(String given, List<String> names) {
        String close = closest(given, names);
        return close == null ? "" : " Did you mean " + close + "?";
    }

    private static @Nullable String closest(String given, List<String> names) {
        return names.stream()
                .filter(n -> distance(given, n) <= Math.max(2, n.length() / 3))
                .min(Comparator.comparingInt(n -> distance(given, n)))
                .orElse(null);
    }

    /** Insertions, deletions and substitutions between two words (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(same, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    static int failure(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        switch (e) {
            case UsageException u -> {
                err.println("✗ " + u.getMessage());
                return 2;
            }
            case IllegalArgumentException _,
                    IllegalStateException _,
                    DataException _,
                    TrainingException _,
                    UncheckedIOException _ -> err.println("✗ " + e.getMessage());
            default -> {
                err.println("✗ internal error, please report it with the lines below:");
                e.printStackTrace(err);
            }
        }
        return 1;
    }
}
