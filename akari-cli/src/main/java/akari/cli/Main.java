package akari.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code akari}. Each subcommand reads its options, calls plain classes of the other modules, and prints. */
@Command(
        name = "akari",
        description = "Deep learning for the JVM.",
        mixinStandardHelpOptions = true,
        version = "akari 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Train.class,
            Eval.class,
            Predict.class,
            ModelsCommand.class,
            Doctor.class,
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the command line and exits: 0 done, 1 failed, 2 usage, 130 interrupted. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command line with the given streams. */
    static int run(PrintStream out, PrintStream err, String... args) {
        System.setOut(out);
        System.setErr(err);
        CommandLine cli = new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
        cli.setParameterExceptionHandler(Errors::usage);
        cli.setExecutionExceptionHandler(Errors::failure);
        try {
            Settings settings = Settings.of(args, System.getenv());
            for (CommandLine sub : cli.getSubcommands().values()) {
                sub.setDefaultValueProvider(settings);
                settings.checkKeys(sub);
            }
        } catch (UsageException e) {
            err.println("✗ " + e.getMessage());
            return 2;
        }
        return cli.execute(args);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
