package akari.testkit.coverage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** PyTorch's names, each with its twin in Akari or the reason why there is none, and the page that shows them. */
final class Coverage {
    /** A line of twins.txt. */
    record Line(String text, Pattern name, boolean twin, String value) {}

    /** What is said of a name; neither a twin nor a reason where nobody has said anything yet. */
    record Row(Name name, Optional<String> twin, Optional<String> reason) {}

    private static final String RARE = "rare or legacy: when somebody asks for it";

    private Coverage() {}

    /** All names of the API. */
    static List<Name> names() {
        return api().map(f -> new Name(f[0], f[1], f[2])).toList();
    }

    /** What each name takes, as PyTorch's documentation has it; empty where that is not known. */
    static Map<String, String> signatures() {
        return api().collect(Collectors.toMap(f -> f[2], f -> f.length > 3 ? f[3] : "", (a, _) -> a));
    }

    /** {@code tier, kind, name, signature} a line. */
    private static Stream<String[]> api() {
        try (InputStream in = new GZIPInputStream(Coverage.class.getResourceAsStream("api.tsv.gz"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(l -> l.split("\t"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Line> lines() {
        try (InputStream in = Coverage.class.getResourceAsStream("twins.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(Coverage::line)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line line(String text) {
        String[] f = text.split(" ", 3);
        String regex = f[0].replace(".", "\\.")
                .replace("**", "\n")
                .replace("*", "[^.]*")
                .replace("\n", ".*");
        return new Line(text, Pattern.compile(regex), f[1].equals("="), f[2]);
    }

    static List<Row> rows() {
        List<Line> lines = lines();
        List<Row> out = new ArrayList<>();
        for (Name n : names()) {
            List<Line> said = lines.stream()
                    .filter(l -> l.name().matcher(n.full()).matches())
                    .toList();
            Optional<String> twin = said.stream()
                    .filter(l -> l.twin() && Twins.exists(l.value()))
                    .map(Line::value)
                    .findFirst()
                    .or(() -> Twins.byRule(n));
            Optional<String> reason = said.stream()
                    .filter(l -> !l.twin())
                    .map(Line::value)
                    .findFirst()
                    .or(() -> n.tier().equals("C") ? Optional.of(RARE) : Optional.empty());
            out.add(new Row(n, twin, twin.isPresent() ? Optional.empty() : reason));
        }
        return out;
    }

    static String page(List<Row> rows) {
        Map<String, List<Row>> areas = new TreeMap<>();
        for (Row r : rows)
            areas.computeIfAbsent(r.name().area(), _ -> new ArrayList<>()).add(r);
        var out = new StringBuilder("""
                # Coverage

                PyTorch's and torchvision's names and what in Akari does the same. Written by a test that finds each twin by reflection
                ([CONTRIBUTING](../CONTRIBUTING.md) says how); do not edit. Tier A is what people use weekly, B now and then, C rare or
                legacy.

                | area | A | B | C |
                | --- | --- | --- | --- |
                """);
        areas.forEach((area, list) -> out.append("| [")
                .append(area)
                .append("](#")
                .append(anchor(area))
                .append(") | ")
                .append(counts(list))
                .append(" |\n"));
        out.append("| all | ").append(counts(rows)).append(" |\n");
        areas.forEach((area, list) -> section(out, area, list));
        return out.toString();
    }

    private static String anchor(String area) {
        return area.toLowerCase(java.util.Locale.ROOT).replace(".", "");
    }

    /** {@code found of all}, a tier a column. */
    private static String counts(List<Row> rows) {
        List<String> cells = new ArrayList<>();
        for (String tier : List.of("A", "B", "C")) {
            List<Row> of =
                    rows.stream().filter(r -> r.name().tier().equals(tier)).toList();
            long found = of.stream().filter(r -> r.twin().isPresent()).count();
            cells.add(of.isEmpty() ? "" : found + " of " + of.size());
        }
        return String.join(" | ", cells);
    }

    private static void section(StringBuilder out, String area, List<Row> rows) {
        out.append("\n## ").append(area).append("\n\n");
        if (rows.stream().anyMatch(r -> r.twin().isPresent())) {
            out.append("| name | tier | Akari |\n| --- | --- | --- |\n");
            for (Row r : rows) {
                r.twin()
                        .ifPresent(t -> out.append("| ")
                                .append(code(r.name().last()))
                                .append(" | ")
                                .append(r.name().tier())
                                .append(" | ")
                                .append(code(t))
                                .append(" |\n"));
            }
        }
        Map<String, List<String>> without = new LinkedHashMap<>();
        for (Row r : rows) {
            if (r.twin().isEmpty()) {
                without.computeIfAbsent(r.reason().orElse("not yet"), _ -> new ArrayList<>())
                        .add(code(r.name().last()) + " " + r.name().tier());
            }
        }
        if (!without.isEmpty()) out.append("\nWithout a twin:\n\n");
        without.forEach((reason, names) -> out.append("- ")
                .append(reason)
                .append(": ")
                .append(String.join(", ", names))
                .append('\n'));
    }

    private static String code(String s) {
        return "`" + s + "`";
    }
}
