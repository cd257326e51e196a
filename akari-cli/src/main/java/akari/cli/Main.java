package akari.cli;

import akari.vision.Spelling;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code akari}. Each command declares its options, calls plain classes of the other modules, and prints. */
public final class Main {
    static final Command ROOT = new Root();

    private static final String VERSION = "akari 0.1.0";

    private Main() {}

    /** Runs the command line and exits: 0 done, 1 failed, 2 usage, 130 interrupted. */
    public static void main(String[] args) {
        PrintStream out =
                new PrintStream(new Output(new FileOutputStream(FileDescriptor.out)), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> Errors.print(e, err, false));
        System.exit(run(out, err, System.getenv(), args));
    }

    /** Runs one command line with the given streams. */
    static int run(PrintStream out, PrintStream err, String... args) {
        return run(out, err, System.getenv(), args);
    }

    /** Runs one command line with the given streams and environment. The one place where anything thrown ends. */
    static int run(PrintStream out, PrintStream err, Map<String, String> environment, String... args) {
        System.setOut(out);
        System.setErr(err);
        boolean debug = List.of(args).contains(Command.DEBUG.option());
        try {
            ParseResult parsed = parse(args);
            CommandLine asked = parsed.commandSpec().commandLine();
            if (parsed.isVersionHelpRequested()) {
                out.println(VERSION);
                return 0;
            }
            if (parsed.isUsageHelpRequested()) {
                asked.usage(out);
                return 0;
            }
            Command command = asked.getCommand();
            warnOfNearMisses(command, environment, err);
            Given given = Given.of(command, parsed, environment);
            debug = given.get(Command.DEBUG);
            int code = command.run(given);
            out.flush();
            return code;
        } catch (Throwable e) {
            return Errors.report(e, err, debug);
        }
    }

    /** What was typed for the command that was asked for. */
    static ParseResult parse(String... args) {
        readable(args);
        ParseResult parsed = ROOT.line().parseArgs(arranged(args));
        while (parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            parsed = parsed.subcommand();
        }
        return parsed;
    }

    /**
     * Options may stand before their command, too: {@code akari --json models list} is {@code akari models list --json}. A flag alone
     * is {@code true}.
     */
    private static String[] arranged(String[] args) {
        Map<String, Setting<?>> known = new HashMap<>();
        collect(ROOT, known);
        List<String> commands = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        Command at = ROOT;
        boolean leading = true;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            Command next = leading ? below(at, arg) : null;
            Setting<?> s = known.get(arg);
            if (next != null) {
                at = next;
                commands.add(arg);
            } else if (s != null && s.isFlag()) {
                rest.add(arg + "=true");
            } else if (s != null && i + 1 < args.length) {
                rest.add(arg);
                rest.add(args[++i]);
            } else if (arg.equals("--")) {
                rest.addAll(List.of(args).subList(i, args.length));
                break;
            } else {
                rest.add(arg);
                leading &= arg.startsWith("-");
            }
        }
        return Stream.concat(commands.stream(), rest.stream()).toArray(String[]::new);
    }

    private static void collect(Command command, Map<String, Setting<?>> known) {
        command.settings().forEach(s -> known.putIfAbsent(s.option(), s));
        command.below().forEach(c -> collect(c, known));
    }

    private static @Nullable Command below(Command command, String name) {
        return command.below().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** What the locale's encoding lacks has become U+FFFD before the program sees it, and no file is found by that. */
    private static void readable(String[] args) {
        for (String arg : args) {
            if (arg.indexOf('\ufffd') >= 0) {
                String encoding = System.getProperty("sun.jnu.encoding");
                throw new UsageException(
                        "UTF-8".equals(encoding)
                                ? "the argument " + arg + " is no valid UTF-8: rename the file"
                                : "the argument " + arg + " has letters that the encoding " + encoding
                                        + " of this locale cannot express: set LC_ALL=C.UTF-8");
            }
        }
    }

    /** Variables with other names are the surroundings' own; one that is nearly an option is probably meant. */
    private static void warnOfNearMisses(Command command, Map<String, String> environment, PrintStream err) {
        List<String> known = command.settings().stream()
                .filter(s -> s != Command.SET)
                .map(Setting::variable)
                .toList();
        Map<String, Setting<?>> all = new HashMap<>();
        collect(ROOT, all);
        for (String name : environment.keySet()) {
            if (name.startsWith("AKARI_")
                    && all.values().stream().noneMatch(s -> s.variable().equals(name))) {
                String bare = name.substring("AKARI_".length());
                Spelling.closest(
                                bare,
                                known.stream()
                                        .map(v -> v.substring("AKARI_".length()))
                                        .toList(),
                                1)
                        .ifPresent(close -> err.println("! the variable " + Text.clean(name)
                                + " is not read; did you mean AKARI_" + close + "?"));
            }
        }
    }

    /** {@code akari} without a command. */
    private static final class Root extends Command {
        Root() {
            super(
                    "akari",
                    "Deep learning for the JVM.",
                    List.of(),
                    List.of(),
                    new Train(),
                    new Eval(),
                    new Predict(),
                    new ModelsCommand(),
                    new Doctor());
        }

        @Override
        CommandLine line() {
            CommandLine line = super.line();
            line.getCommandSpec()
                    .addOption(OptionSpec.builder("-V", "--version")
                            .versionHelp(true)
                            .description("Show the version.")
                            .build());
            line.getCommandSpec().usageMessage().synopsisSubcommandLabel("COMMAND");
            return line;
        }

        @Override
        int run(Given given) {
            line().usage(System.out);
            return 0;
        }
    }
}
