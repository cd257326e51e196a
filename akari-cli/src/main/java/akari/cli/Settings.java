package akari.cli;

import akari.backend.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values that stand behind the flags: built-in defaults, then the file of {@code --config}, then {@code AKARI_*} variables, then
 * {@code --set key=value}; a flag beats them all. A run that goes on brings its own options, which the variables do not change.
 */
final class Settings implements IDefaultValueProvider {
    /** A value and where it came from: {@code --set}, {@code AKARI_EPOCHS}, a file's name. */
    record Value(String text, String origin) {}

    private final Map<String, Value> values = new LinkedHashMap<>();
    /** What a run's file says of its printing, not of its training. */
    private static final Set<String> NOT_RESUMED = Set.of("quiet", "json", "resume");

    private Map<String, String> environment;

    private Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    static Settings of(String[] args, Map<String, String> environment) {
        Settings s = new Settings(environment);
        for (int i = 0; i < args.length; i++) {
            String run = value("--resume", args, i);
            if (run != null) {
                s.resume(Path.of(run), List.of(args).contains("--smoke"));
            }
        }
        for (int i = 0; i < args.length; i++) {
            String file = value("--config", args, i);
            if (file != null) {
                s.read(Path.of(file));
            }
        }
        for (int i = 0; i < args.length; i++) {
            String pair = value("--set", args, i);
            if (pair != null) {
                int eq = pair.indexOf('=');
                if (eq < 1) {
                    throw new UsageException("--set takes key=value, got " + pair);
                }
                s.values.put(pair.substring(0, eq), new Value(pair.substring(eq + 1), "--set"));
            }
        }
        return s;
    }

    private static @Nullable String value(String option, String[] args, int i) {
        if (args[i].startsWith(option + "=")) {
            return args[i].substring(option.length() + 1);
        }
        return args[i].equals(option) && i + 1 < args.length ? args[i + 1] : null;
    }

    private void resume(Path run, boolean smoke) {
        Path own = run.resolve("config.yaml");
        environment = Map.of();
        if (Files.exists(own)) {
            read(own);
            values.keySet().removeAll(NOT_RESUMED);
            if (smoke) {
                values.remove("smoke"); // a flag that stands beside its own default would be turned off
            }
        }
    }

    private void read(Path file) {
        try {
            Object root = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            if (!(root instanceof Map<?, ?> map)) {
                throw new UsageException(file + " must hold lines key: value");
            }
            map.forEach((k, v) -> values.put(String.valueOf(k), new Value(String.valueOf(v), file.toString())));
        } catch (IOException e) {
            throw new UsageException("cannot read --config " + file + ": " + FileTrouble.of(e));
        } catch (YamlEngineException e) {
            throw new UsageException(file + " is not valid YAML: " + e.getMessage());
        }
    }

    /** A key that is no option of the command is a mistake. */
    void checkKeys(CommandLine command) {
        if (!command.getCommandName().equals("train")) {
            return;
        }
        List<String> known =
                command.getCommandSpec().options().stream().map(Settings::key).toList();
        values.forEach((k, v) -> {
            if (!known.contains(k)) {
                throw new UsageException(
                        "unknown key " + k + " from " + v.origin() + "." + Errors.didYouMean(k, known));
            }
        });
    }

    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        if (!(arg instanceof OptionSpec option)) {
            return null;
        }
        Value v = find(option);
        return v == null ? null : v.text();
    }

    /** The value behind an option that was not given as a flag; null where the built-in default holds. */
    @Nullable
    Value find(OptionSpec option) {
        Value v = values.get(key(option));
        String variable = "AKARI_" + key(option).toUpperCase(Locale.ROOT).replace('-', '_');
        String fromEnvironment = environment.get(variable);
        return fromEnvironment != null && (v == null || !v.origin().equals("--set"))
                ? new Value(fromEnvironment, variable)
                : v;
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }
}
