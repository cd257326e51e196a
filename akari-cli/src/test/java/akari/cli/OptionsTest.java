package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of every command, from its declaration: what is wrong is refused alike wherever it is said, before anything is built. */
class OptionsTest extends CommandLineTest {
    /** A command as it is typed, and its declaration. */
    record Typed(List<String> path, Command command) {
        @Override
        public String toString() {
            return "akari " + String.join(" ", path);
        }

        /** With an option after or before its name, and what it needs without a name. */
        List<String> line(boolean before, String... options) {
            List<String> line = new ArrayList<>();
            line.addAll(before ? List.of(options) : path);
            line.addAll(before ? path : List.of(options));
            command.parameters().stream()
                    .filter(p -> p.arity().startsWith("1"))
                    .forEach(p -> line.add(p.label().equals("NAME") ? "lenet" : "nowhere"));
            return line;
        }
    }

    static Stream<Typed> commands() {
        return typed(List.of(), Main.ROOT);
    }

    private static Stream<Typed> typed(List<String> path, Command command) {
        return Stream.concat(
                Stream.of(new Typed(path, command)),
                command.below().stream()
                        .flatMap(c -> typed(
                                Stream.concat(path.stream(), Stream.of(c.name()))
                                        .toList(),
                                c)));
    }

    /** Texts that a kind must refuse, from its meaning. */
    private static List<String> wrong(Kind<?> kind) {
        List<String> never = new ArrayList<>(List.of("", " ", "\t"));
        List<String> numbers = List.of(
                "many",
                "0x10",
                "1_000",
                "NaN",
                "nan",
                "Infinity",
                "-inf",
                "1e400",
                "1f",
                "1d",
                "0b1",
                "1 ",
                " 1",
                "١",
                "--1");
        switch (kind) {
            case Kind.Whole w -> {
                never.addAll(numbers);
                never.addAll(List.of("1.7", "1.0", "1e3", "-3", "99999999999999999999", Long.toString(w.to() + 1L)));
                never.add(Long.toString(w.from() - 1L));
            }
            case Kind.Seed _ -> {
                never.addAll(numbers);
                never.addAll(List.of("1.7", "9223372036854775808", "-9223372036854775809"));
            }
            case Kind.Decimal _ -> {
                never.addAll(numbers);
                never.addAll(List.of("-1", "0", "-0.0", "1e-400", ".", "e5", "1e", "0x1p3"));
            }
            case Kind.Span _ -> never.addAll(List.of("10", "m", "0s", "-1m", "1d", "1e3s", "NaNs", "10 m", "1m30s"));
            case Kind.Names _ -> never.addAll(List.of("no-such-name", "adamw,sgd", "null"));
            case Kind.Flag _ -> never.addAll(List.of("maybe", "1", "yes", "TRUE!"));
            case Kind.Sizes s ->
                never.addAll(List.of(
                        "28",
                        "3x",
                        "3x0x224",
                        "3x224x224x1",
                        "-3x2x2",
                        "3X2X2",
                        "3x1.5x2",
                        "3x2x" + (s.largest() + 1)));
            case Kind.Name _ -> never.addAll(List.of("a/b", "..", ".x", "a\\b", "a\nb", "\u001b[31m", "x".repeat(101)));
            case Kind.DeviceName _ -> never.addAll(List.of("cuda:x", "CPU!", "cuda:", ":1", "cpu,cuda", "no-such"));
            case Kind.Pair _ -> never.addAll(List.of("epochs", "=3"));
            case Kind.Auto<?> a ->
                never.addAll(wrong(a.kind()).stream().filter(t -> !t.isBlank()).toList());
            case Kind.PathName _, Kind.Wildcard _ -> {
                // any other text may be one
            }
        }
        return never;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void wrongValuesAreRefusedWhereverTheyStand(Typed typed) throws IOException {
        Path file = dir.resolve("c.yaml");
        for (Setting<?> s : typed.command().settings()) {
            for (String text : wrong(s.kind())) {
                String[] parts = {s.option(), s.kind().takes()};
                String joined = s.option() + "=" + text;
                refused(typed, Map.of(), parts, joined);
                refused(typed.line(true, joined), Map.of(), parts);
                if (!s.isFlag()) {
                    refused(typed, Map.of(), parts, s.option(), text);
                }
                if (s.lineOnly()) {
                    continue;
                }
                refused(typed, Map.of(), parts, "--set", s.name() + "=" + text);
                refused(typed, Map.of(s.variable(), text), parts);
                Files.writeString(file, s.name() + ": " + JsonProgress.text(text) + "\n");
                refused(typed, Map.of(), parts, "--config", file.toString());
            }
            if (!s.lineOnly()) {
                refused(typed, Map.of("AKARI_CONFIG", file.toString()), new String[] {s.option()});
            }
        }
        assertThat(Files.list(dir)).allMatch(file::equals);
    }

    private void refused(Typed typed, Map<String, String> environment, String[] parts, String... options) {
        refused(typed.line(false, options), environment, parts);
    }

    private void refused(List<String> line, Map<String, String> environment, String[] parts) {
        int code = akari(environment, line);
        assertThat(code).as("%s %s: %s", line, environment, err()).isEqualTo(2);
        refused(code, parts);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionsWithoutAValueAndUnknownOnesAreRefused(Typed typed) {
        for (Setting<?> s : typed.command().settings()) {
            if (!s.isFlag()) {
                assertThat(akari(
                                Map.of(),
                                Stream.concat(typed.path().stream(), Stream.of(s.option()))
                                        .toList()))
                        .isEqualTo(2);
                refused(2, s.option() + " needs a value", s.kind().takes());
            }
            String slip = s.option().replaceFirst("(?<=--..)", "z");
            assertThat(akari(Map.of(), typed.line(false, slip))).isEqualTo(2);
            refused(2, "unknown option " + slip, "Did you mean " + s.option());
            if (!s.lineOnly()) {
                assertThat(akari(Map.of(), typed.line(false, "--set", slip.substring(2) + "=1")))
                        .isEqualTo(2);
                refused(2, "unknown key " + slip.substring(2), "Did you mean " + s.name());
            }
        }
        if (typed.command().parameters().stream().anyMatch(p -> p.arity().startsWith("1"))) {
            assertThat(akari(Map.of(), typed.path())).isEqualTo(2);
            refused(2, " needs " + typed.command().parameters().getFirst().label());
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void defaultsAreValuesAndHelpTellsThem(Typed typed) {
        for (boolean before : new boolean[] {false, true}) {
            assertThat(akari(Map.of(), typed.line(before, "--help"))).isZero();
        }
        String help = out().replaceAll("\\s+", " ");
        for (Setting<?> s : typed.command().settings()) {
            assertThat(help).contains(s.option());
            if (s.standard() != null) {
                assertThat((Object) s.kind().read(s.standard())).isNotNull();
                assertThat(s.isFlag() || help.contains("(default: " + s.standard() + ")"))
                        .isTrue();
            }
        }
    }

    /** Four values that a kind takes. */
    private static List<String> right(Kind<?> kind) {
        return switch (kind) {
            case Kind.Whole _, Kind.Seed _ -> List.of("3", "4", "5", "6");
            case Kind.Decimal _ -> List.of("0.1", ".25", "3e-1", "4.E-1");
            case Kind.Span _ -> List.of("30s", "10m", "1h", "1.5h");
            case Kind.Sizes _ -> List.of("1x2x3", "3x4x5", "3x8x8", "1x9x9");
            case Kind.PathName _, Kind.Name _ -> List.of("a", "b", "c c", "ü");
            case Kind.Auto<?> a when !(a.kind() instanceof Kind.Names) -> right(a.kind());
            default -> List.of();
        };
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theStrongerPlaceCounts(Typed typed) throws IOException {
        Path file = dir.resolve("c.yaml");
        for (Setting<?> s : typed.command().settings()) {
            List<String> texts = right(s.kind());
            if (texts.isEmpty() || s.lineOnly() || s == Train.DATA_DIR) {
                continue;
            }
            Files.writeString(file, s.name() + ": " + JsonProgress.text(texts.get(0)) + "\n");
            List<String> line = new ArrayList<>(List.of("--config", file.toString()));
            Map<String, String> environment = Map.of(s.variable(), texts.get(1));
            assertThat(given(typed, Map.of(), line).value(s))
                    .isEqualTo(new Given.Value(texts.get(0), Given.Rank.FILE, file.toString()));
            assertThat(given(typed, environment, line).value(s))
                    .isEqualTo(new Given.Value(texts.get(1), Given.Rank.ENVIRONMENT, s.variable()));
            line.addAll(List.of("--set", s.name() + "=" + texts.get(2)));
            assertThat(given(typed, environment, line).value(s))
                    .isEqualTo(new Given.Value(texts.get(2), Given.Rank.LINE, "--set"));
            line.addAll(List.of(s.option(), texts.get(3)));
            assertThat(given(typed, environment, line).value(s))
                    .isEqualTo(new Given.Value(texts.get(3), Given.Rank.LINE, "flag"));
            line.addAll(List.of(s.option(), texts.get(1)));
            assertThatThrownBy(() -> given(typed, environment, line))
                    .hasMessageContaining(s.option() + " is given twice, as " + texts.get(3) + ", " + texts.get(1));
        }
    }

    private static Given given(Typed typed, Map<String, String> environment, List<String> options) {
        List<String> line = typed.line(false, options.toArray(String[]::new));
        return Given.of(typed.command(), Main.parse(line.toArray(String[]::new)), environment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --smoke --epochs 5 | --epochs contradicts --smoke",
                "--smoke --epochs 30 train | --epochs contradicts --smoke",
                "train --smoke --set epochs=5 | --epochs (from --set) contradicts --smoke",
                "train --set smoke=true --patience 3 | --patience contradicts --smoke",
                "train --epochs 3 --epochs 4 | --epochs is given twice, as 3, 4",
                "--epochs 3 train --epochs=4 | --epochs is given twice, as 3, 4",
                "train --set epochs=3 --set epochs=4 | --set gives epochs twice, as 3 and 4",
                "train --json --json=false | --json is given twice",
                "train --data-dir x | --data-dir has no effect: the data set digits comes with Akari",
                "train --resume r --lr 1 | --lr contradicts --resume",
                "train --resume r --smoke | --smoke contradicts --resume",
                "train --resume r --set seed=4 | --seed (from --set) contradicts --resume",
                "train --resume r --config c | --config contradicts --resume",
                "train --set resume=r | resume cannot be set from --set: give --resume",
                "train --set config=c | config cannot be set from --set: give --config",
                "predict --json --format csv r p | --format contradicts --json",
                "predict --format table r p --json | --format contradicts --json",
                "predict --set epochs=3 r p | unknown key epochs from --set",
                "eval r --topk 3 | unknown option --topk. It belongs to akari predict.",
                "eval r s | unexpected argument s.",
                "predict r x.png -1.png | unknown option -1.png. A path that begins with a dash is written ./-1.png.",
                "train --batch-size 8 | unknown option --batch-size. Did you mean --batch (default 32)?",
                "train --opt sgd | unknown option --opt. Did you mean --optimizer (default adamw)?",
                "train --nonsense-x | unknown option --nonsense-x.",
                "models lenet | unknown command lenet. Did you mean akari models show lenet?",
                "train digits | unexpected argument digits.",
                "trian | unknown command trian. Did you mean train?",
                "models lst | unknown command lst. Did you mean list?",
                "models show | akari models show needs NAME",
                "models show lenett | unknown model lenett. Did you mean lenet?",
                "train --optimizer admw | Did you mean adamw? --optimizer takes adamw, adam or sgd",
                "train --config missing.yaml | cannot read --config missing.yaml: there is no such file",
            })
    void contradictionsAreRefused(String line, String message) {
        assertThat(akari(line.split(" "))).isEqualTo(2);
        refused(2, message);
    }

    @Test
    void aStrongerPlaceDoesNotContradictAWeakerOne() throws IOException {
        Path file = Files.writeString(dir.resolve("c.yaml"), "epochs: 3\npatience: 2\n");
        List<String> line = List.of("--smoke", "--config", file.toString());
        Typed train =
                commands().filter(t -> t.command() instanceof Train).findFirst().orElseThrow();
        assertThat(given(train, Map.of("AKARI_PATIENCE", "7"), line).overrules(Train.EPOCHS, Train.RESUME))
                .isTrue();
        Files.writeString(file, "epochs: 3\nsmoke: true\n");
        assertThat(akari("train", "--config", file.toString())).isEqualTo(2);
        refused(2, "--epochs (from " + file + ") contradicts --smoke");
        // as a run's own file, which names the defaults, too
        Files.writeString(file, "epochs: 30  # default\nsmoke: true  # flag\n");
        given(train, Map.of(), List.of("--config", file.toString()));
    }

    @Test
    void sameCommandTwiceAndRepeatedEqualsPass() {
        assertThat(akari("--json", "models", "--json", "list", "le*", "--json")).isZero();
        assertThat(out()).startsWith("{\"name\":\"lenet\",").hasLineCount(1);
        assertThat(akari("models", "list", "--", "le*")).isZero();
        assertThat(out()).contains("lenet");
    }

    @Test
    void variablesOfTheSurroundingsHarmNothing() {
        Map<String, String> surroundings = Map.of(
                "AKARI_VERSION", "1.2",
                "AKARI_HELP", "yes",
                "AKARI_HOME", "/opt/akari",
                "AKARI_JAVA_OPTS", "-Xmx1g",
                "AKARI_SET", "x",
                "AKARI_EPOCHS", "none of this command",
                "AKARI_JSN", "true");
        assertThat(akari(surroundings, List.of("models", "list", "le*"))).isZero();
        assertThat(out()).contains("lenet");
        assertThat(err().strip()).isEqualTo("! the variable AKARI_JSN is not read; did you mean AKARI_JSON?");
        assertThat(akari(Map.of("AKARI_CONFIG", dir + "/gone"), List.of("doctor")))
                .isEqualTo(2);
        refused(2, "cannot read --config " + dir + "/gone (from AKARI_CONFIG)");
        assertThat(akari(Map.of("AKARI_JSON", "true"), List.of("doctor"))).isZero();
        assertThat(out().lines()).allMatch(l -> l.startsWith("{\"check\":"));
    }

    /** Braces and dollar signs are no variables, and @ is no file of arguments. */
    @Test
    void textsAreTakenAsTheyStand() {
        assertThat(akari("models", "list", "@/dev/zero")).isEqualTo(2);
        refused(2, "no model is called @/dev/zero");
        assertThat(akari(Map.of("AKARI_OPTIMIZER", "${sys:user.home}"), List.of("train")))
                .isEqualTo(2);
        refused(2, "unknown optimizer ${sys:user.home}.");
        assertThat(akari("train", "--optimizer", "x\n\u001b[31m✗ y\u202e")).isEqualTo(2);
        refused(2, "unknown optimizer x\\n\\u001b[31m✗ y\\u202e.");
        assertThat(akari("predict", "r", "\ufffd.png")).isEqualTo(2);
        refused(2, "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? "rename the file" : "set LC_ALL=C.UTF-8");
    }
}
