package akari.cli;

import akari.data.DataException;
import akari.train.TrainingException;
import akari.vision.Spelling;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
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
        return Spelling.closest(name, names, 2)
                .map(close -> " Did you mean " + close + standard(command, close) + "?")
                .orElse("");
    }

    private static String standard(CommandLine command, String name) {
        OptionSpec option = command.getCommandSpec().findOption(name);
        String value = option == null || option.arity().max() == 0 ? null : option.defaultValue();
        return value == null ? "" : " (default " + value + ")";
    }

    /** {@code " Did you mean x?"}, or nothing where no name is close. */
    static String didYouMean(String given, List<String> names) {
        return Spelling.closest(given, names, 2)
                .map(close -> " Did you mean " + close + "?")
                .orElse("");
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
            // picocli wraps what is an Error
            case CommandLine.ExecutionException x
            when x.getCause() instanceof OutOfMemoryError full -> {
                boolean tensors = String.valueOf(full.getMessage()).contains("akari.memory.limit");
                err.println("✗ " + full.getMessage()
                        + (tensors ? "" : ": Java's own heap is full; AKARI_JAVA_OPTS=-Xmx4g gives it more"));
            }
            default -> {
                err.println("✗ internal error, please report it with the lines below:");
                e.printStackTrace(err);
            }
        }
        return 1;
    }
}
