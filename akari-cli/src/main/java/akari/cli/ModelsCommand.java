package akari.cli;

import akari.core.Shape;
import akari.nn.Init;
import akari.vision.models.Models;
import akari.vision.models.Summary;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

final class ModelsCommand extends Command {
    ModelsCommand() {
        super(
                "models",
                "List models, or show one's layers, parameters and multiply-adds.",
                List.of(),
                List.of(),
                new ListCommand(),
                new Show());
    }

    @Override
    int run(Given given) {
        return list("*", given);
    }

    private static int list(String pattern, Given given) {
        PrintStream out = System.out;
        boolean json = given.get(JSON);
        List<String> names = Models.list(pattern);
        if (names.isEmpty()) {
            throw new UsageException("no model is called " + pattern + "; akari models list shows all");
        }
        boolean head = !json && !given.get(QUIET);
        for (String name : names) {
            Models.Entry e = Models.find(name);
            Summary s = summary(e, e.input(), e.classes());
            if (head) {
                out.printf(Locale.ROOT, "%-24s %-12s %14s %14s%n", "name", "input", "parameters", "mult-adds");
                head = false;
            }
            if (json) {
                print(name, e, e.input(), s);
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

    private static void print(String name, Models.Entry e, Shape input, Summary s) {
        new JsonProgress(System.out)
                .print(
                        "name",
                        name,
                        "title",
                        e.title(),
                        "input",
                        times(input),
                        "parameters",
                        s.parameters(),
                        "multiply_adds",
                        s.multiplyAdds());
    }

    private static Summary summary(Models.Entry e, Shape input, long classes) {
        return Summary.of(Init.skipped(() -> e.create(input.get(0), classes)), input);
    }

    private static String times(Shape s) {
        return String.join(
                "x", Arrays.stream(s.toArray()).mapToObj(Long::toString).toList());
    }

    private static final class ListCommand extends Command {
        private static final Parameter<String> PATTERN =
                new Parameter<>("PATTERN", new Kind.Wildcard(), "0..1", "A name with wildcards * and ?, as in 'res*'");

        ListCommand() {
            super("list", "List models by name.", List.of(PATTERN), List.of());
        }

        @Override
        int run(Given given) {
            List<String> pattern = given.get(PATTERN);
            return list(pattern.isEmpty() ? "*" : pattern.getFirst(), given);
        }
    }

    private static final class Show extends Command {
        private static final Parameter<String> NAME = new Parameter<>("NAME", Train.MODELS, "1", "A model");
        private static final Setting<Shape> INPUT = Setting.optional(
                "input", new Kind.Sizes(65_536), "Shape of one image; without it the one the model was made for");
        private static final Setting<Integer> CLASSES = Setting.optional(
                "classes", new Kind.Whole(1, 1_000_000), "Number of classes; without it that of the model's own task");
        private static final Setting<Integer> DEPTH =
                Setting.of("depth", new Kind.Whole(0, 100), "3", "Levels of layers");

        Show() {
            super("show", "Show a model's layers.", List.of(NAME), List.of(INPUT, CLASSES, DEPTH));
        }

        @Override
        int run(Given given) {
            String name = given.get(NAME).getFirst();
            Models.Entry e = Models.find(name);
            Shape input = given.find(INPUT);
            Shape shape = input == null ? e.input() : input;
            Integer classes = given.find(CLASSES);
            Summary s = summary(e, shape, classes == null ? e.classes() : classes);
            int depth = given.get(DEPTH);
            if (given.get(JSON)) {
                print(name, e, shape, s);
                s.layers().stream().filter(l -> l.depth() <= depth).forEach(ModelsCommand::print);
                return 0;
            }
            System.out.println(e.title() + " · input " + times(shape) + " · " + Text.count(s.parameters())
                    + " params · " + Text.large(s.multiplyAdds()) + " mult-adds");
            if (!given.get(QUIET)) {
                System.out.print(s.table(depth));
            }
            return 0;
        }
    }

    private static void print(Summary.Layer l) {
        new JsonProgress(System.out)
                .print(
                        "layer",
                        l.path(),
                        "description",
                        l.description(),
                        "output",
                        Arrays.stream(l.output().toArray()).boxed().toList(),
                        "parameters",
                        l.parameters(),
                        "multiply_adds",
                        l.multiplyAdds());
    }
}
