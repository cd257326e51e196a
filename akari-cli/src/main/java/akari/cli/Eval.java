package akari.cli;

import akari.data.Dataset;
import akari.train.Confusion;
import akari.train.Evaluation;
import akari.train.RunFolder;
import akari.vision.datasets.Datasets;
import akari.vision.datasets.ImageData;
import akari.vision.models.Classifier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

final class Eval extends Command {
    private static final int CONFUSED = 5;

    private static final Setting<String> SPLIT =
            Setting.of("split", Kind.Names.of("split", "test", "train"), "test", "Which images to measure on");
    private static final Setting<Integer> BATCH =
            Setting.of("batch", new Kind.Whole(1, 1 << 20), "256", "Images at a time");

    Eval() {
        super(
                "eval",
                "Measure a run's best weights: per-class precision, recall and F1, and the most confused classes.",
                List.of(Trained.RUN),
                List.of(SPLIT, Train.DATA_DIR, BATCH, Trained.DEVICE));
    }

    @Override
    int run(Given given) {
        Trained trained = Trained.open(given);
        Classifier classifier = trained.classifier();
        if (Datasets.embedded(classifier.data())) {
            given.idle(Train.DATA_DIR, "the run's data set " + classifier.data() + " comes with Akari");
        }
        ImageData images = Datasets.load(classifier.data(), given.find(Train.DATA_DIR));
        String split = given.get(SPLIT);
        Dataset data = (split.equals("test") ? images.test() : images.train()).transform(classifier.preprocessing());
        Evaluation e = Evaluation.of(classifier.model(), data, classifier.classes(), given.get(BATCH), 1);
        write(trained.folder(), e);
        if (given.get(JSON)) {
            new JsonProgress(System.out)
                    .print(
                            "event",
                            "eval",
                            "split",
                            split,
                            "images",
                            data.size(),
                            "top1",
                            Math.round(e.top1() * 10000) / 100.0,
                            "loss",
                            e.loss(),
                            "run",
                            trained.folder().toString(),
                            "non_finite",
                            trained.nonFinite());
        } else {
            print(System.out, given, split, trained.folder().path(), e);
        }
        return 0;
    }

    private static void print(PrintStream out, Given given, String split, Path run, Evaluation e) {
        Confusion c = e.confusion();
        out.printf(
                Locale.ROOT,
                "%s · %s images · top-1 %s · loss %.4f%n",
                split,
                Text.count(c.total()),
                Text.percent(e.top1()),
                e.loss());
        if (given.get(QUIET)) {
            return;
        }
        int width = c.classes().stream()
                .mapToInt(name -> Text.name(name).length())
                .max()
                .orElse(0);
        width = Math.max(width, 5);
        out.printf(Locale.ROOT, "%n%-" + width + "s  images  precision  recall      F1%n", "class");
        for (Confusion.PerClass p : c.perClass()) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %6d  %9s  %6s  %6s%n",
                    Text.name(p.name()),
                    p.support(),
                    Text.percent(p.precision()),
                    Text.percent(p.recall()),
                    Text.percent(p.f1()));
        }
        List<Confusion.Mistake> mistakes = c.mostConfused(CONFUSED);
        if (!mistakes.isEmpty()) {
            out.println("\nMost confused");
            mistakes.forEach(m -> out.println(
                    "  " + Text.name(m.truth()) + " taken for " + Text.name(m.predicted()) + ": " + m.count()));
        }
        out.println("\nWritten to " + Text.clean(run.resolve("eval").toString()));
    }

    private static void write(RunFolder folder, Evaluation e) {
        Confusion c = e.confusion();
        List<String> classes = c.classes();
        Csv confusion = new Csv();
        List<String> head = new ArrayList<>(List.of("true\\predicted"));
        head.addAll(classes);
        confusion.row(head);
        for (int t = 0; t < classes.size(); t++) {
            List<String> row = new ArrayList<>(List.of(classes.get(t)));
            for (int p = 0; p < classes.size(); p++) {
                row.add(Long.toString(c.count(t, p)));
            }
            confusion.row(row);
        }
        Csv perClass = new Csv().row("class", "images", "precision", "recall", "f1");
        for (Confusion.PerClass p : c.perClass()) {
            perClass.row(
                    p.name(),
                    Long.toString(p.support()),
                    Text.share(p.precision()),
                    Text.share(p.recall()),
                    Text.share(p.f1()));
        }
        Csv predictions = new Csv().row("index", "true", "predicted", "confidence");
        for (int i = 0; i < e.predictions().size(); i++) {
            Evaluation.Prediction p = e.predictions().get(i);
            predictions.row(
                    Integer.toString(i),
                    classes.get((int) p.truth()),
                    classes.get((int) p.predicted()),
                    Text.share(p.confidence()));
        }
        folder.write("eval/confusion.csv", confusion.toString());
        folder.write("eval/per_class.csv", perClass.toString());
        folder.write("eval/predictions.csv", predictions.toString());
    }
}
