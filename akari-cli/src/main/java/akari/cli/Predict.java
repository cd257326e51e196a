package akari.cli;

import akari.backend.FileTrouble;
import akari.train.RunFolder;
import akari.vision.datasets.ImageFile;
import akari.vision.models.Classifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "predict",
        description = "Classify image files with a run's best weights.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Predict implements Callable<Integer> {
    private enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder.")
    private Path run;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "Images, or folders of them.")
    private List<Path> paths;

    @Option(names = "--topk", defaultValue = "5", description = "Answers an image (default: ${DEFAULT-VALUE}).")
    private int topk;

    @Option(names = "--format", defaultValue = "table", description = "table, csv or json (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        Classifier classifier = Classifier.load(RunFolder.open(run).best());
        classifier.model().to(common.device());
        List<Path> images = images();
        Format as = common.json ? Format.JSON : format;
        if (as == Format.CSV) {
            System.out.println("image,rank,class,confidence");
        }
        int failed = 0;
        for (Path image : images) {
            try {
                print(as, image, classifier.classify(image, topk));
            } catch (RuntimeException e) {
                System.err.println("✗ " + e.getMessage());
                failed++;
            }
        }
        if (failed > 0) {
            System.err.println("✗ " + failed + " of " + images.size() + " images could not be classified");
        }
        return failed > 0 ? 1 : 0;
    }

    /** Folders stand for the image files directly and indirectly in them, in the order of their names. */
    private List<Path> images() {
        List<Path> all = new ArrayList<>();
        for (Path p : paths) {
            if (!Files.isDirectory(p)) {
                all.add(p);
                continue;
            }
            try (Stream<Path> inside = Files.walk(p)) {
                List<Path> found = inside.filter(Predict::isImage).sorted().toList();
                if (found.isEmpty()) {
                    throw new IllegalArgumentException(
                            "the folder " + p + " holds no image files (png, jpg, bmp, gif, tiff)");
                }
                all.addAll(found);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the folder " + p + ": " + FileTrouble.of(e), e);
            }
        }
        return all;
    }

    private static boolean isImage(Path p) {
        return Files.isRegularFile(p) && ImageFile.named(p);
    }

    private static Map<String, Object> answer(Classifier.Answer a) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("class", a.name());
        o.put("confidence", a.confidence());
        return o;
    }

    private static void print(Format format, Path image, List<Classifier.Answer> answers) {
        switch (format) {
            case TABLE ->
                System.out.println(image + "  "
                        + answers.stream()
                                .map(a -> a.name() + " " + Text.percent(a.confidence()))
                                .collect(Collectors.joining(" · ")));
            case CSV -> {
                for (int i = 0; i < answers.size(); i++) {
                    System.out.printf(
                            Locale.ROOT,
                            "%s,%d,%s,%.6f%n",
                            image,
                            i + 1,
                            answers.get(i).name(),
                            answers.get(i).confidence());
                }
            }
            case JSON ->
                new Json(System.out)
                        .print(
                                "image",
                                image.toString(),
                                "top",
                                answers.stream().map(a -> answer(a)).toList());
        }
    }
}
