package akari.cli;

import akari.data.DataException;
import akari.errors.FileTrouble;
import akari.train.TrainingException;
import akari.vision.Spelling;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Whatever is thrown, as one line that says what was wrong and what to do next. */
final class Errors {
    /** As the JVM words the second failure of a class whose static parts failed. */
    private static final Pattern REPEATED =
            Pattern.compile("Exception [\\w.$]+: (.*) \\[in thread \".*\"\\]", Pattern.DOTALL);

    private Errors() {}

    /** Tells of what a command threw; the exit code. */
    static int report(Throwable e, PrintStream err, boolean debug) {
        print(e, err, debug);
        return e instanceof UsageException || e instanceof ParameterException ? 2 : 1;
    }

    /** The line, and before it the trace where {@code debug} asks for it. */
    static void print(Throwable e, PrintStream err, boolean debug) {
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof Output.NoReader) {
            return;
        }
        err.println("✗ " + Text.clean(e instanceof ParameterException p ? usage(p) : line(e)));
        if (e instanceof ParameterException p) {
            err.println("  " + p.getCommandLine().getCommandSpec().qualifiedName() + " --help lists what there is.");
        }
    }

    // ---- what went wrong

    private static String line(Throwable thrown) {
        Throwable e = cause(thrown);
        String said = said(e);
        return switch (e) {
            case StackOverflowError _ ->
                "something is nested deeper than the stack allows; AKARI_JAVA_OPTS=-Xss16m gives more, --debug shows where";
            case OutOfMemoryError _ ->
                "out of memory: " + (said == null ? "the Java heap is full" : said) + "; the Java heap may grow to "
                        + Text.bytes(Runtime.getRuntime().maxMemory())
                        + ": use smaller batches or images, or AKARI_JAVA_OPTS=-Xmx8g";
            case UncheckedIOException u
            when u.getCause() != null && u.getCause().toString().equals(said) -> line(u.getCause());
            case FileSystemException f -> f.getFile() + ": " + FileTrouble.of(f);
            case IOException io -> FileTrouble.of(io);
            case UsageException _,
                    IllegalArgumentException _,
                    IllegalStateException _,
                    DataException _,
                    TrainingException _,
                    UncheckedIOException _,
                    ServiceConfigurationError _
            when said != null -> said;
            case NoClassDefFoundError _
            when said != null && REPEATED.matcher(said).matches() -> said;
            default ->
                "internal error: " + e.getClass().getSimpleName() + (said == null ? "" : ": " + said)
                        + "; this is a fault of Akari, please report what --debug shows";
        };
    }

    /** What wraps an error says less than the error. */
    private static Throwable cause(Throwable e) {
        Throwable inner = e.getCause();
        boolean wraps = e instanceof ExceptionInInitializerError
                || e instanceof NoClassDefFoundError
                || e instanceof ServiceConfigurationError
                || e instanceof InvocationTargetException
                || e instanceof UndeclaredThrowableException
                || e instanceof ExecutionException
                || e instanceof CompletionException;
        return wraps && inner != null && inner != e ? cause(inner) : e;
    }

    private static @Nullable String said(Throwable e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return null;
        }
        if (message.contains("^\n")) {
            // shapes one under the other, marked: on one line the marks say nothing
            message = message.lines()
                    .map(String::strip)
                    .filter(l -> !l.matches("[\\^ ]*"))
                    .map(l -> l.replaceAll(" {2,}", " "))
                    .collect(Collectors.joining(" · "));
        }
        Matcher repeated = REPEATED.matcher(message);
        return repeated.matches() ? repeated.group(1) : message;
    }

    // ---- what was typed wrongly

    private static String usage(ParameterException e) {
        CommandLine line = e.getCommandLine();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(line, unmatched.getUnmatched().getFirst());
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return missing(line, missing.getMissing().getFirst());
        }
        return String.valueOf(e.getMessage());
    }

    private static String missing(CommandLine line, ArgSpec arg) {
        Command command = line.getCommand();
        for (Setting<?> s : command.settings()) {
            if (arg instanceof OptionSpec option && option.longestName().equals(s.option())) {
                return s.option() + " needs a value: it takes " + s.kind().takes();
            }
        }
        return line.getCommandSpec().qualifiedName() + " needs " + arg.paramLabel() + ": "
                + String.join(" ", arg.description());
    }

    private static String unmatched(CommandLine line, String given) {
        Command command = line.getCommand();
        if (given.length() > 1 && given.startsWith("-")) {
            String name = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
            return "unknown option " + name + "." + mend(command, name);
        }
        for (Command c : command.below()) {
            for (Parameter<?> p : c.parameters()) {
                if (p.kind() instanceof Kind.Names names && names.read(given) != null) {
                    return "unknown command " + given + ". Did you mean "
                            + line.getCommandSpec().qualifiedName() + " " + c.name() + " " + given + "?";
                }
            }
        }
        if (!command.below().isEmpty()) {
            List<String> names = command.below().stream().map(Command::name).toList();
            return "unknown command " + given + "." + didYouMean(given, names);
        }
        return "unexpected argument " + given + ".";
    }

    private static String mend(Command command, String name) {
        List<String> own = command.settings().stream().map(Setting::option).toList();
        List<String> longer = own.stream()
                .filter(o -> o.startsWith(name) || name.startsWith(o + "-"))
                .toList();
        String close = longer.size() == 1
                ? longer.getFirst()
                : Spelling.closest(name, own, 2).orElse(null);
        for (Setting<?> s : command.settings()) {
            if (s.option().equals(close)) {
                String standard = s.isFlag() || s.standard() == null ? "" : " (default " + s.standard() + ")";
                return " Did you mean " + close + standard + "?";
            }
        }
        List<String> others = new ArrayList<>();
        collect(Main.ROOT, "akari", name, others);
        if (!others.isEmpty()) {
            return " It belongs to " + Text.either(others) + ".";
        }
        return command.parameters().isEmpty() ? "" : " A path that begins with a dash is written ./" + name + ".";
    }

    /** The commands that have the option, by the names they are called by. */
    private static void collect(Command command, String path, String option, List<String> found) {
        if (command.settings().stream().anyMatch(s -> s.option().equals(option))) {
            found.add(path);
        }
        command.below().forEach(c -> collect(c, path + " " + c.name(), option, found));
    }

    private static String didYouMean(String given, List<String> names) {
        return Spelling.closest(given, names, 2)
                .map(close -> " Did you mean " + close + "?")
                .orElse(" There is " + Text.list(names) + ".");
    }
}
