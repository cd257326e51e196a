package akari.cli;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.train.RunFolder;
import akari.vision.models.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run's best weights, ready to answer.
 *
 * @param nonFinite names of the tensors that hold NaN or infinite values
 */
record Trained(RunFolder folder, Classifier classifier, List<String> nonFinite) {
    static final Parameter<Path> RUN = new Parameter<>("RUN", new Kind.PathName("RUN"), "1", "A run folder");
    static final Setting<String> DEVICE = Setting.of("device", new Kind.DeviceName(), "auto", "Where to compute");

    static Trained open(Given given) {
        var device = given.device(DEVICE);
        RunFolder folder = RunFolder.open(given.get(RUN).getFirst());
        if (!Files.exists(folder.best())) {
            throw new IllegalArgumentException(
                    folder.path() + " holds no weights (" + folder.best().getFileName() + ")" + mend(folder));
        }
        Classifier classifier = Classifier.load(folder.best());
        List<String> nonFinite = nonFinite(classifier);
        classifier.model().to(device);
        if (!nonFinite.isEmpty()) {
            System.err.println("! "
                    + Text.clean(folder.best() + " holds NaN or infinite weights in " + Text.list(nonFinite)
                            + ": its answers mean little; train anew or take other weights"));
        }
        return new Trained(folder, classifier, nonFinite);
    }

    /** For the folder that runs lie in, or a run that was stopped early. */
    private static String mend(RunFolder folder) {
        if (Files.isDirectory(folder.last())) {
            return ": its first epoch has not ended; akari train --resume "
                    + Text.shell(folder.path().toString()) + " goes on";
        }
        try (Stream<Path> inside = Files.list(folder.path())) {
            return inside.filter(p -> Files.exists(p.resolve(folder.best().getFileName())))
                    .sorted()
                    .findFirst()
                    .map(run -> ": it is not a run's folder, but holds some, as " + run)
                    .orElse(": it is not a run's folder");
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> nonFinite(Classifier classifier) {
        List<String> names = new ArrayList<>();
        classifier.model().stateDict().forEach((name, t) -> {
            if (t.dtype().isFloating() && !finite(t)) {
                names.add(name);
            }
        });
        return names;
    }

    private static boolean finite(Tensor t) {
        return Tensors.noGrad(() -> t.isfinite().all().item()) != 0;
    }
}
