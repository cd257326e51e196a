package akari.cli;

import akari.backend.Shape;
import akari.nn.Init;
import akari.vision.models.Models;
import akari.vision.models.Summary;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "models",
        description = "List models, or show one's layers, parameters and multiply-adds.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelsCommand.ListCommand.class, ModelsCommand.Show.class})
final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return list(spec.commandLine().getOut(), "*", false);
    }

    private static int list(PrintWriter out, String pattern, boolean json) {
        List<String> names = Models.list(pattern);
        if (names.isEmpty()) {
            throw new UsageException("no model is called " + pattern + "; akari models list shows all");
        }
        if (!json) {
            out.printf(Locale.ROOT, "%-24s %-12s %14s %14s%n", "name", "input", "parameters", "mult-adds");
        }
        for (String name : names) {
            Models.Entry e = Models.find(name);
            Summary s = summary(e, e.input(), e.classes());
            if (json) {
                new Json(System.out)
                        .print(
                                "name",
                                name,
                                "title",
                                e.title(),
                                "input",
                                times(e.input()),
                                "parameters",
                                s.parameters(),
                                "multiply_adds",
                                s.multiplyAdds());
            } else {
                out.printf(
                        Locale.ROOT,
                        "%-24s %-12s %,14d %14s%n",
                        name,
                        times(e.input()),
                        s.parameters(),
                        Text.large(s.multiplyAdds()));
            }
        }
        return 0;
    }

    private static Summary summary(Models.Entry e, Shape input, long classes) {
        return Summary.of(Init.skipped(() -> e.create(input.get(0), classes)), input);
    }

    private static String times(Shape s) {
        return String.join(
                "x", Arrays.stream(s.toArray()).mapToObj(Long::toString).toList());
    }

    @Command(name = "list", description = "List models by name.", mixinStandardHelpOptions = true)
    static final class ListCommand implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(arity = "0..1", defaultValue = "*", description = "Name with wildcards * and ?, as in 'res*'.")
        private String pattern;

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() {
            return list(spec.commandLine().getOut(), pattern, json);
        }
    }

    @Command(name = "show", description = "Show a model's layers.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "A model.")
        private String name;

        @Option(names = "--input", paramLabel = "CxHxW", description = "Shape of one image (default: the model's own).")
        private String input = "";

        @Option(names = "--classes", description = "Number of classes (default: the model's own).")
        private @Nullable Long classes;

        @Option(names = "--depth", defaultValue = "3", description = "Levels of layers (default: ${DEFAULT-VALUE}).")
        private int depth;

        @Override
        public Integer call() {
            Models.Entry e = Models.find(name);
            Shape shape = input.isEmpty() ? e.input() : parse(input);
            long outputs = classes == null ? e.classes() : classes;
            if (outputs < 1) {
                throw new UsageException("--classes must be at least 1, got " + outputs);
            }
            Summary s = summary(e, shape, outputs);
            PrintWriter out = spec.commandLine().getOut();
            out.println(e.title() + " · input " + times(shape) + " · " + Text.count(s.parameters()) + " params · "
                    + Text.large(s.multiplyAdds()) + " mult-adds");
            out.print(s.table(depth));
            out.flush();
            return 0;
        }

        private static Shape parse(String text) {
            if (!text.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
                throw new UsageException("--input takes channels x height x width, as in 3x224x224, got " + text);
            }
            return Shape.of(
                    Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray());
        }
    }
}
