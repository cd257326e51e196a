package akari.cli;

import akari.backend.Backend;
import akari.core.Device;
import akari.vision.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The values of a command's options, checked. Of several sources the later one counts: the built-in default, the file of
 * {@code --config}, an {@code AKARI_*} variable, {@code --set}, the flag.
 */
final class Given {
    /** Where a value stands; what a user wrote in one place must not contradict itself. */
    enum Rank {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        LINE
    }

    /**
     * A text and where it came from.
     *
     * @param origin {@code flag}, {@code --set}, {@code AKARI_EPOCHS}, a file's name, {@code default}
     */
    record Value(String text, Rank rank, String origin) {}

    private final Command command;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Object> read = new HashMap<>();
    private final Map<Parameter<?>, List<Object>> arguments = new HashMap<>();

    private Given(Command command) {
        this.command = command;
    }

    /** Reads and checks everything that a command line, its files and the environment say. */
    static Given of(Command command, ParseResult line, Map<String, String> environment) {
        Given given = new Given(command);
        CommandSpec spec = line.commandSpec();
        for (Setting<?> s : command.settings()) {
            OptionSpec option = spec.findOption(s.option());
            if (line.hasMatchedOption(option)) {
                given.flag(s, option.stringValues());
            }
        }
        Path run = command.resume() == null ? null : given.path(command.resume());
        given.environment(environment, run == null ? command.settings() : Command.DISPLAY);
        given.file(run, environment);
        for (Setting<?> s : command.settings()) {
            given.read(s);
        }
        for (int i = 0; i < command.parameters().size(); i++) {
            PositionalParamSpec p = spec.positionalParameters().get(i);
            given.argument(command.parameters().get(i), p.stringValues());
        }
        command.check(given);
        return given;
    }

    // ---- sources, the strongest first

    private void flag(Setting<?> s, List<String> texts) {
        if (s == Command.SET) {
            texts.forEach(this::pair);
            return;
        }
        put(s, new Value(texts.getFirst(), Rank.LINE, "flag"));
        if (texts.stream().distinct().count() > 1) {
            throw new UsageException(s.option() + " is given twice, as " + Text.list(texts) + ": leave one out");
        }
    }

    private void pair(String text) {
        if (Command.SET.kind().read(text) == null) {
            throw new UsageException(Command.SET.kind().refusal("--set", text));
        }
        int eq = text.indexOf('=');
        Setting<?> s = known(text.substring(0, eq), "--set");
        Value before = values.get(s.name());
        Value now = new Value(text.substring(eq + 1), Rank.LINE, "--set");
        if (before != null && before.origin().equals("--set") && !before.equals(now)) {
            throw new UsageException("--set gives " + s.name() + " twice, as " + before.text() + " and " + now.text()
                    + ": leave one out");
        }
        put(s, now);
    }

    private void environment(Map<String, String> environment, List<Setting<?>> readable) {
        for (Setting<?> s : readable) {
            String text = s.lineOnly() ? null : environment.get(s.variable());
            if (text != null) {
                put(s, new Value(text, Rank.ENVIRONMENT, s.variable()));
            }
        }
    }

    /** The file of {@code --config}, or what a run that goes on was started with. */
    private void file(@Nullable Path run, Map<String, String> environment) {
        if (run != null) {
            if (Files.isDirectory(run)) { // else the command says so
                own(run.resolve("config.yaml"));
            }
            return;
        }
        Path config = path(Command.CONFIG);
        String variable = environment.get(Command.CONFIG.variable());
        if (config != null) {
            file(config, "");
        } else if (variable != null) {
            Path named = Command.CONFIG.kind().read(variable);
            if (named == null) {
                throw new UsageException(
                        Command.CONFIG.kind().refusal("--config (from " + Command.CONFIG.variable() + ")", variable));
            }
            file(named, " (from " + Command.CONFIG.variable() + ")");
        }
    }

    /** All options of a run that goes on; its file names each. */
    private void own(Path file) {
        if (!Files.exists(file)) {
            throw new UsageException(file + " is missing: it holds the options that the run began with; "
                    + "is this the folder of a run?");
        }
        file(file, "");
        for (Setting<?> s : command.settings()) {
            if (s.standard() != null
                    && !s.lineOnly()
                    && !Command.DISPLAY.contains(s)
                    && !values.containsKey(s.name())) {
                throw new UsageException(
                        file + " lacks the line " + s.name() + ": it is damaged, or the run was not begun "
                                + "with akari " + command.name() + "; take it from a copy of the run");
            }
        }
    }

    private void file(Path file, String why) {
        ConfigFile.read(file, why)
                .forEach((key, text) -> put(known(key, file + why), new Value(text, Rank.FILE, file.toString())));
    }

    private void put(Setting<?> s, Value value) {
        values.putIfAbsent(s.name(), value);
    }

    /** The option behind a key; a key that the command has no use for is a mistake. */
    private Setting<?> known(String key, String origin) {
        for (Setting<?> s : command.settings()) {
            if (s.name().equals(key)) {
                if (s.lineOnly()) {
                    throw new UsageException(
                            key + " cannot be set from " + origin + ": give " + s.option() + " on the command line");
                }
                return s;
            }
        }
        List<String> names = command.settings().stream()
                .filter(s -> !s.lineOnly())
                .map(Setting::name)
                .toList();
        String mend = Spelling.closest(key, names, 2)
                .map(close -> "Did you mean " + close + "?")
                .orElse("akari " + command.name() + " knows " + Text.list(names));
        throw new UsageException("unknown key " + key + " from " + origin + ". " + mend);
    }

    // ---- reading

    private void read(Setting<?> s) {
        Value v = values.get(s.name());
        if (v != null && s != Command.SET) {
            Object value = s.kind().read(v.text());
            if (value == null) {
                throw new UsageException(s.kind().refusal(named(s, v), v.text()));
            }
            read.put(s.name(), value);
        } else if (s.standard() != null) {
            Object value = s.kind().read(s.standard());
            if (value == null) {
                throw new IllegalStateException("the default of " + s.option() + " is none of its values");
            }
            read.put(s.name(), value);
        }
    }

    private void argument(Parameter<?> p, List<String> texts) {
        List<Object> all = new ArrayList<>();
        for (String text : texts) {
            Object value = p.kind().read(text);
            if (value == null) {
                throw new UsageException(p.kind().refusal(p.label(), text));
            }
            all.add(value);
        }
        arguments.put(p, all);
    }

    private static String named(Setting<?> s, Value v) {
        return s.option() + (v.origin().equals("flag") ? "" : " (from " + v.origin() + ")");
    }

    private @Nullable Path path(Setting<Path> s) {
        Value v = values.get(s.name());
        if (v == null) {
            return null;
        }
        Path path = s.kind().read(v.text());
        if (path == null) {
            throw new UsageException(s.kind().refusal(named(s, v), v.text()));
        }
        return path;
    }

    /** The value of an option that has a default. */
    <T> T get(Setting<T> s) {
        T value = find(s);
        if (value == null) {
            throw new IllegalStateException(s.option() + " has no default");
        }
        return value;
    }

    /** The value of an option; null where it was not given and has no default. */
    @SuppressWarnings("unchecked") // the setting read it
    <T> @Nullable T find(Setting<T> s) {
        return (T) read.get(s.name());
    }

    @SuppressWarnings("unchecked") // the parameter read them
    <T> List<T> get(Parameter<T> p) {
        return (List<T>) arguments.getOrDefault(p, List.of());
    }

    /** The text of an option and where it came from. */
    @Nullable
    Value value(Setting<?> s) {
        Value v = values.get(s.name());
        return v == null && s.standard() != null ? new Value(s.standard(), Rank.DEFAULT, "default") : v;
    }

    Device device(Setting<String> s) {
        String name = get(s);
        try {
            Device d = Device.of(name.equals("auto") ? "cpu" : name);
            Backend.of(d);
            return d;
        } catch (IllegalArgumentException e) {
            if (name.equals("auto") || name.equals("cpu")) {
                throw e; // of the CPU's own settings
            }
            throw new UsageException(e.getMessage() + " (" + s.option() + " " + name + ")");
        }
    }

    // ---- contradictions

    private Rank rank(Setting<?> s) {
        Value v = values.get(s.name());
        return v == null ? Rank.DEFAULT : v.rank();
    }

    /** Whether {@code a} comes from a stronger place than {@code b}. */
    boolean overrules(Setting<?> a, Setting<?> b) {
        return rank(a).compareTo(rank(b)) > 0;
    }

    /** Refuses {@code idle} beside {@code cause} in the same place. A file may repeat the default, as a run's own does. */
    void clash(Setting<?> idle, Setting<?> cause, String why) {
        Value v = values.get(idle.name());
        if (v != null
                && v.rank() == rank(cause)
                && !(v.rank() == Rank.FILE && v.text().equals(idle.standard()))) {
            throw new UsageException(
                    named(idle, v) + " contradicts " + cause.option() + ": " + why + "; leave one of them out");
        }
    }

    /** Refuses {@code idle}, which has no effect here. The environment serves all commands, so it may hold what has none. */
    void idle(Setting<?> idle, String why) {
        Value v = values.get(idle.name());
        if (v != null && v.rank() != Rank.ENVIRONMENT) {
            throw new UsageException(named(idle, v) + " has no effect: " + why + "; leave it out");
        }
    }
}
