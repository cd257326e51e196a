package akari.cli;

import akari.errors.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A YAML file of lines {@code key: value}. Values stay the texts that were written, since each option reads its own. */
final class ConfigFile {
    private static final long LARGEST = 1 << 20;

    /** What stands around the values. */
    private static final Set<Event.ID> AROUND =
            EnumSet.of(Event.ID.StreamStart, Event.ID.StreamEnd, Event.ID.DocumentStart, Event.ID.DocumentEnd);

    private ConfigFile() {}

    /** The values by their keys, in the file's order. Reads events, not a tree: nothing nests, repeats itself or grows. */
    static Map<String, String> read(Path file, String why) {
        try {
            FileTrouble.requireRegular(file);
            if (Files.size(file) > LARGEST) {
                throw new UsageException("--config " + file + why + " is larger than 1 MB; is it the right file?");
            }
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            return read(new Parse(settings).parseString(Files.readString(file)).iterator(), file + why);
        } catch (IOException e) {
            throw new UsageException("cannot read --config " + file + why + ": " + FileTrouble.of(e));
        } catch (MarkedYamlEngineException e) {
            throw new UsageException("--config " + file + why + " is not valid YAML: " + e.getProblem()
                    + e.getProblemMark().map(ConfigFile::place).orElse(""));
        } catch (YamlEngineException e) {
            throw new UsageException("--config " + file + why + " is not valid YAML: " + e.getMessage());
        }
    }

    private static Map<String, String> read(Iterator<Event> events, String file) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean inside = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (inside && event instanceof ScalarEvent key && events.next() instanceof ScalarEvent value) {
                if (values.put(key.getValue(), value.getValue()) != null) {
                    throw new UsageException(
                            "--config " + file + " gives " + key.getValue() + " twice" + line(key) + ": leave one out");
                }
            } else if (!inside && event instanceof MappingStartEvent && values.isEmpty()) {
                inside = true;
            } else if (inside && event instanceof MappingEndEvent) {
                inside = false;
            } else if (!AROUND.contains(event.getEventId())) {
                throw new UsageException(
                        "--config " + file + " must hold lines key: value, each with a single value" + line(event));
            }
        }
        return values;
    }

    /** A text as a value of a line; what YAML could read otherwise is quoted, as in JSON. */
    static String scalar(String text) {
        return text.matches("[A-Za-z0-9./_][A-Za-z0-9./_+-]*") ? text : JsonProgress.text(text);
    }

    private static String line(Event event) {
        return event.getStartMark().map(ConfigFile::place).orElse("");
    }

    private static String place(Mark mark) {
        return ", see line " + (mark.getLine() + 1);
    }
}
