package akari.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Runs every example and looks at what it prints. */
class ExamplesTest {
    private static String output(Consumer<String[]> main) {
        PrintStream console = System.out;
        Locale.setDefault(Locale.ROOT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            main.accept(new String[0]);
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    @Test
    void batchNormNetMapsTenImagesToTenScores() {
        String out = output(BatchNormNet::main);

        assertThat(out).startsWith("""
                        BatchNormNet(
                          (fc1): Linear(in_features=784, out_features=256, bias=True)
                          (bn1): BatchNorm1d(256, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                          (fc2): Linear(in_features=256, out_features=128, bias=True)
                          (bn2): BatchNorm1d(128, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                          (fc3): Linear(in_features=128, out_features=10, bias=True)
                        )
                        output [10, 10]
                        tensor([[""").doesNotContain("nan", "grad_fn");
        assertThat(out.lines().filter(line -> line.contains("["))).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void linearLayersShowTheirShapesAndGradients() {
        String out = output(LinearLayers::main);

        assertThat(out).startsWith("""
                        Linear(in_features=10, out_features=20, bias=True)
                        weight [20, 10]
                        weight [20, 10]
                        bias [20]
                        output [5, 20]
                        Sequential(
                          (0): Linear(in_features=3, out_features=2, bias=True)
                          (1): ReLU()
                        )
                        tensor([[""").contains("gradients\n0.weight tensor([[", "0.bias tensor([");
        // ReLU leaves nothing negative in the output that is printed before the gradients
        assertThat(out.substring(out.indexOf("tensor("), out.indexOf("gradients")))
                .doesNotContain("-");
    }

    @Test
    void loaderIteratorShufflesAnewEachEpoch() {
        String out = output(LoaderIterator::main);

        assertThat(out)
                .startsWith("images [4, 1, 8, 8] float32\nlabels tensor([")
                .endsWith("375 batches an epoch\n");
        List<String> labels = out.lines().filter(l -> l.startsWith("labels")).toList();
        assertThat(labels).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void ownActivationLearnsAWave() {
        String out = output(OwnActivation::main);

        assertThat(out).startsWith("snake(0.5) 0.7298").contains("\nslopes right twice true\nstep 0 loss ");
        List<Double> losses = out.lines()
                .filter(l -> l.startsWith("step"))
                .map(l -> Double.parseDouble(l.substring(l.lastIndexOf(' '))))
                .toList();
        assertThat(losses).hasSize(3);
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 20);
    }

    @Test
    void trainingLoopLearnsTheDigits() {
        String out = output(TrainingLoop::main);

        List<String> lines = out.lines().toList();
        assertThat(lines).hasSize(11);
        assertThat(loss(lines.get(9))).isLessThan(0.1).isLessThan(loss(lines.get(0)));
        String accuracy = lines.get(10).replaceAll("[^0-9.]", "");
        assertThat(Double.parseDouble(accuracy)).isGreaterThan(96);
    }

    private static double loss(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    @Test
    void theLoopIsShortAndClosesNothing() throws IOException {
        String source = Files.readString(Path.of("src/main/java/akari/examples/TrainingLoop.java"));
        String body = source.substring(source.indexOf("main("), source.indexOf("model.eval()"));

        assertThat(source).doesNotContain("close(", "try (");
        assertThat(body.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(30);
    }
}
