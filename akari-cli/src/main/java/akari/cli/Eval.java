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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "eval",
        description =
                "Measure a run's best weights: per-class precision, recall and F1, and the most confused classes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Eval implements Callable<Integer> {
    private static final int CONFUSED = 5;

    @Parameters(paramLabel = "RUN", description = "A run folder.")
    private Path run;

    @Option(names = "--split", defaultValue = "test", description = "test or train (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of the data set's files.")
    private @Nullable Path dataDir;

    @Option(names = "--batch", defaultValue = "256", description = "Images at a time (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        Classifier classifier = Classifier.load(folder.best());
        ImageData images = Datasets.load(classifier.data(), dataDir);
        Dataset data = (switch (split) {
                    case "test" -> images.test();
                    case "train" -> images.train();
                    default -> throw new UsageException("--split takes test or train, got " + split);
                })
                .transform(classifier.preprocessing());
        classifier.model().to(common.device());
        Evaluation e = Evaluation.of(classifier.model(), data, classifier.classes(), batch, 1);
        write(folder, e);
        if (common.json) {
            new Json(System.out)
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
                            run.toString());
        } else {
            print(System.out, e);
        }
        return 0;
    }

    private void print(PrintStream out, Evaluation e) {
        Confusion c = e.confusion();
        out.printf(
                Locale.ROOT,
                "%s · %s images · top-1 %s · loss %.4f%n",
                split,
                Text.count(c.total()),
                Text.percent(e.top1()),
                e.loss());
        if (common.quiet) {
            return;
        }
        int width = c.classes().stream().mapToInt(String::length).max().orElse(0);
        width = Math.max(width, 5);
        out.printf(Locale.ROOT, "%n%-" + width + "s  images  precision  recall      F1%n", "class");
        for (Confusion.PerClass p : c.perClass()) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %6d  %9s  %6s  %6s%n",
                    p.name(),
                    p.support(),
                    Text.percent(p.precision()),
                    Text.percent(p.recall()),
                    Text.percent(p.f1()));
        }
        List<Confusion.Mistake> mistakes = c.mostConfused(CONFUSED);
        if (!mistakes.isEmpty()) {
            out.println("\nMost confused");
            mistakes.forEach(m -> out.println("  " + m.truth() + " taken for " + m.predicted() + ": " + m.count()));
        }
        out.println("\nWritten to " + run.resolve("eval"));
    }

    private static void write(RunFolder folder, Evaluation e) {
        Confusion c = e.confusion();
        StringBuilder confusion = new StringBuilder("true\\predicted," + String.join(",", c.classes()) + "\n");
        for (int t = 0; t < c.classes().size(); t++) {
            confusion.append(c.classes().get(t));
            for (int p = 0; p < c.classes().size(); p++) {
                confusion.append(',').append(c.count(t, p));
            }
            confusion.append('\n');
        }
        StringBuilder perClass = new StringBuilder("class,images,precision,recall,f1\n");
        for (Confusion.PerClass p : c.perClass()) {
            perClass.append(String.format(
                    Locale.ROOT, "%s,%d,%.6f,%.6f,%.6f\n", p.name(), p.support(), p.precision(), p.recall(), p.f1()));
        }
        StringBuilder predictions = new StringBuilder("index,true,predicted,confidence\n");
        for (int i = 0; i < e.predictions().size(); i++) {
            Evaluation.Prediction p = e.predictions().get(i);
            predictions.append(String.format(
                    Locale.ROOT,
                    "%d,%s,%s,%.6f\n",
                    i,
                    c.classes().get((int) p.truth()),
                    c.classes().get((int) p.predicted()),
                    p.confidence()));
        }
        folder.write("eval/confusion.csv", confusion.toString());
        folder.write("eval/per_class.csv", perClass.toString());
        folder.write("eval/predictions.csv", predictions.toString());
    }
}
