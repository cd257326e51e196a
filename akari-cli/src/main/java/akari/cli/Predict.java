package akari.cli;

import akari.errors.FileTrouble;
import akari.vision.datasets.ImageFile;
import akari.vision.models.Classifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class Predict extends Command {
    private static final Parameter<Path> PATHS =
            new Parameter<>("PATH", new Kind.PathName("PATH"), "1..*", "Images, or folders of them");
    private static final Setting<Integer> TOPK =
            Setting.of("topk", new Kind.Whole(1, 1 << 20), "5", "Answers an image, at most as many as classes");
    private static final Setting<String> FORMAT =
            Setting.of("format", Kind.Names.of("format", "table", "csv", "json"), "table", "How to print them");

    Predict() {
        super(
                "predict",
                "Classify image files with a run's best weights.",
                List.of(Trained.RUN, PATHS),
                List.of(TOPK, FORMAT, Trained.DEVICE));
    }

    @Override
    void check(Given given) {
        if (given.get(JSON) && !given.get(FORMAT).equals("json")) {
            given.clash(FORMAT, JSON, "it prints JSON");
        }
    }

    @Override
    int run(Given given) {
        Trained trained = Trained.open(given);
        List<Path> images = images(given.get(PATHS));
        String format = given.get(JSON) ? "json" : given.get(FORMAT);
        if (format.equals("csv")) {
            System.out.print(new Csv().row("image", "rank", "class", "confidence"));
        }
        int failed = 0;
        for (Path image : images) {
            List<Classifier.Answer> answers;
            try {
                answers = trained.classifier().classify(image, given.get(TOPK));
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                // whatever one file does, the others go on
                Errors.print(e, System.err, given.get(DEBUG));
                failed++;
                continue;
            }
            print(format, image, answers, trained.nonFinite());
        }
        if (failed > 0) {
            System.err.println("✗ " + failed + " of " + images.size() + " images could not be classified");
        }
        return failed > 0 ? 1 : 0;
    }

    /** Folders stand for the image files directly and indirectly in them, in the order of their names. */
    private static List<Path> images(List<Path> paths) {
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

    private static void print(String format, Path image, List<Classifier.Answer> answers, List<String> nonFinite) {
        switch (format) {
            case "csv" -> {
                Csv rows = new Csv();
                for (int i = 0; i < answers.size(); i++) {
                    Classifier.Answer a = answers.get(i);
                    rows.row(image.toString(), Integer.toString(i + 1), a.name(), Text.share(a.confidence()));
                }
                System.out.print(rows);
            }
            case "json" ->
                new JsonProgress(System.out)
                        .print(
                                "image",
                                image.toString(),
                                "top",
                                answers.stream().map(Predict::answer).toList(),
                                "non_finite",
                                nonFinite);
            default ->
                System.out.println(Text.clean(image.toString()) + "  "
                        + answers.stream()
                                .map(a -> Text.name(a.name()) + " " + Text.percent(a.confidence()))
                                .collect(Collectors.joining(" · ")));
        }
    }
}
