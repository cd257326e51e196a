package akari.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command: its name, what it takes, the commands below it, and what it does. */
abstract class Command {
    static final Setting<Path> CONFIG = new Setting<>(
            "config", new Kind.PathName("FILE"), null, true, "YAML file of lines option: value, without dashes");
    static final Setting<String> SET =
            new Setting<>("set", new Kind.Pair(), null, true, "One value, as a line of the file would give it");
    static final Setting<Boolean> QUIET = Setting.flag("quiet", "Print only results and errors");
    static final Setting<Boolean> JSON =
            Setting.flag("json", "One JSON object a line on standard output, everything else on standard error");
    static final Setting<Boolean> DEBUG = Setting.flag("debug", "Show where an error arose");

    /** How and where to tell; of every command. */
    static final List<Setting<?>> DISPLAY = List.of(QUIET, JSON, DEBUG);

    private final String name;
    private final String about;
    private final List<Parameter<?>> parameters;
    private final List<Setting<?>> settings;
    private final List<Command> below;

    Command(String name, String about, List<Parameter<?>> parameters, List<Setting<?>> own, Command... below) {
        this.name = name;
        this.about = about;
        this.parameters = parameters;
        this.settings = Stream.of(own, List.of(CONFIG, SET), DISPLAY)
                .<Setting<?>>flatMap(List::stream)
                .toList();
        this.below = List.of(below);
    }

    String name() {
        return name;
    }

    List<Setting<?>> settings() {
        return settings;
    }

    List<Parameter<?>> parameters() {
        return parameters;
    }

    List<Command> below() {
        return below;
    }

    /** The option that names a run to go on with: its own file then stands for {@code --config}, and the environment is not read. */
    @Nullable
    Setting<Path> resume() {
        return null;
    }

    /** Refuses values that contradict each other or have no effect; nothing is built before. */
    void check(Given given) {}

    /** Does it. Returns the exit code: 0 done, 1 failed, 130 interrupted. */
    abstract int run(Given given) throws Exception;

    /** The command as the parser sees it: all values are texts, which {@link Given} reads. */
    CommandLine line() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
        spec.name(name);
        spec.usageMessage()
                .description(about)
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .width(100);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter<?> p = parameters.get(i);
            spec.addPositional(PositionalParamSpec.builder()
                    .index(p.arity().endsWith("*") ? i + "..*" : Integer.toString(i))
                    .paramLabel(p.label())
                    .arity(p.arity())
                    .required(p.arity().startsWith("1"))
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .hideParamSyntax(!p.arity().endsWith("*"))
                    .description(escape(p.meaning() + "."))
                    .build());
        }
        for (Setting<?> s : settings) {
            spec.addOption(OptionSpec.builder(s.option())
                    .arity(s.isFlag() ? "0" : "1")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .paramLabel(s.kind().label())
                    .description(escape(s.description()))
                    .build());
        }
        CommandLine line = new CommandLine(spec).setExpandAtFiles(false).setInterpolateVariables(false);
        below.forEach(c -> line.addSubcommand(c.name, c.line()));
        return line;
    }

    private static String escape(String text) {
        return text.replace("%", "%%");
    }
}
