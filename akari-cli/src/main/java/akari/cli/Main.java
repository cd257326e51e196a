package akari.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code akari}. */
@Command(name = "akari", description = "Deep learning for the JVM.", mixinStandardHelpOptions = true, version = "akari 0.1.0")
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /** Runs the command line and exits: 0 done, 1 failed, 2 usage. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
