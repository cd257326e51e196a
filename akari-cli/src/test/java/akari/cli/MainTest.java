package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class MainTest extends CommandLineTest {
    private int smoke(String... more) {
        String[] base = {"train", "--smoke", "--out", dir.toString()};
        return akari(Stream.concat(Stream.of(base), Stream.of(more)).toArray(String[]::new));
    }

    private List<Path> left() throws Exception {
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }

    @Test
    void helpListsTheCommands() {
        assertThat(akari("--help")).isZero();
        assertThat(out()).contains("train", "eval", "predict", "models", "doctor");
    }

    /** Share of right answers on the test split, in points, of a LeNet on the digits. */
    private double digits(String amp, long seed) {
        assertThat(akari(
                        "train",
                        "--epochs",
                        "6",
                        "--seed",
                        Long.toString(seed),
                        "--out",
                        dir.toString(),
                        "--name",
                        amp + seed,
                        "--amp",
                        amp))
                .isZero();
        Matcher m = Pattern.compile("test top-1 ([0-9.]+)%").matcher(out());
        assertThat(m.find()).as(out()).isTrue();
        return Double.parseDouble(m.group(1));
    }

    /** A point is three of the 300 test images; the mean over seeds tells the precisions apart from chance. */
    @Test
    void mixedPrecisionLearnsAsWellAsFloat32() {
        double full = 0;
        double mixed = 0;
        for (long seed = 1; seed <= 3; seed++) {
            full += digits("off", seed) / 3;
            mixed += digits("bf16", seed) / 3;
            assertThat(out()).contains(" cosine · bf16 · batch ");
        }
        assertThat(full).isGreaterThan(90);
        assertThat(mixed).isGreaterThan(full - 1);
        assertThat(smoke("--amp", "fp8")).isEqualTo(2);
        assertThat(err()).contains("--amp takes auto, bf16 or off, got fp8");
    }

    @Test
    void anUnknownOptionGetsTheClosestOne() {
        assertThat(akari("train", "--epoch", "3")).isEqualTo(2);
        assertThat(err()).startsWith("✗ unknown option --epoch. Did you mean --epochs (default 30)?");
        assertThat(akari("trian")).isEqualTo(2);
        assertThat(err()).startsWith("✗ unknown command trian. Did you mean train?");
        assertThat(akari("train", "--epochs", "many")).isEqualTo(2);
        assertThat(err()).contains("--epochs").contains("many");
    }

    @Test
    void wrongNamesAndValuesLeaveNoRunFolder() throws Exception {
        assertThat(smoke("--data", "digit")).isEqualTo(2);
        assertThat(err()).contains("✗ unknown data set digit. Did you mean digits?");
        assertThat(smoke("--model", "lenett")).isEqualTo(2);
        assertThat(err()).contains("✗ unknown model lenett. Did you mean lenet?");
        assertThat(smoke("--optimizer", "adamx")).isEqualTo(2);
        assertThat(err()).contains("✗ unknown optimizer adamx").contains("adamw");
        assertThat(smoke("--device", "cuda")).isBetween(1, 2);
        assertThat(err()).contains("✗ device cuda:0 is not available");
        assertThat(smoke(
                        "--data",
                        "fashion-mnist",
                        "--data-dir",
                        dir.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(err()).contains("✗").contains("nowhere");
        assertThat(smoke("--val-split", "1.5")).isEqualTo(2);
        assertThat(left()).isEmpty();
    }

    @Test
    void aTruncatedFileIsNamed() throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        for (String name : List.of("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")) {
            Files.write(data.resolve(name), new byte[] {0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3});
        }
        for (String name : List.of("train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte")) {
            Files.write(data.resolve(name), new byte[] {0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        }
        assertThat(smoke("--data", "fashion-mnist", "--data-dir", data.toString()))
                .isEqualTo(1);
        assertThat(err())
                .contains("images-idx3-ubyte")
                .contains("expected 7072 bytes, got 19")
                .doesNotContain("\tat ");
        assertThat(left()).containsExactly(data);
    }

    @Test
    void theSameCommandTwiceWritesTheSameFiles() throws Exception {
        Path a = dir.resolve("digits-lenet-1");
        Path b = dir.resolve("digits-lenet-2");
        for (Path run : List.of(a, b)) {
            assertThat(smoke()).isZero();
            assertThat(akari("eval", run.toString())).isZero();
        }
        for (String file : List.of(
                "best.safetensors",
                "last/weights.safetensors",
                "last/optimizer.safetensors",
                "config.yaml",
                "env.json",
                "eval/confusion.csv",
                "eval/per_class.csv",
                "eval/predictions.csv")) {
            assertThat(b.resolve(file)).hasSameBinaryContentAs(a.resolve(file));
        }
        assertThat(a.resolve("eval/predictions.csv")).content().doesNotContain("\r");
    }

    @Test
    void trainsEvaluatesAndPredicts() throws Exception {
        assertThat(smoke("--json")).isZero();
        List<String> lines = out().lines().toList();
        assertThat(lines).allMatch(l -> l.startsWith("{\"event\":\"") && l.endsWith("}"));
        assertThat(lines.getLast())
                .matches("\\{\"event\":\"done\",\"test_top1\":\\d+\\.\\d+,.*\"run\":\".*digits-lenet-1\"\\}");
        Path run = dir.resolve("digits-lenet-1");
        assertThat(run.resolve("config.yaml")).content().contains("smoke: true  # flag", "epochs: 30  # default");

        assertThat(akari("eval", run.toString())).isZero();
        assertThat(out())
                .contains("test · 300 images · top-1 ")
                .contains("precision")
                .contains("Most confused");
        assertThat(run.resolve("eval/confusion.csv")).content().hasLineCount(11);
        assertThat(run.resolve("eval/predictions.csv")).content().hasLineCount(301);
        assertThat(akari("eval", run.toString(), "--split", "tset")).isEqualTo(2);

        Path image = dir.resolve("grey.png");
        ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
        assertThat(akari("predict", run.toString(), image.toString(), "--topk", "3", "--format", "csv"))
                .isZero();
        assertThat(out().lines()).hasSize(4).startsWith("image,rank,class,confidence");
        assertThat(akari("predict", run.toString(), image.toString(), "--topk", "2", "--json"))
                .isZero();
        assertThat(out().strip())
                .matches(
                        "\\{\"image\":\".*grey.png\",\"top\":\\[\\{\"class\":\"\\d\",\"confidence\":[^{]*\\},\\{\"class\":.*\\],\"non_finite\":\\[\\]\\}");
        Path cut = Files.write(dir.resolve("cut.png"), Arrays.copyOf(Files.readAllBytes(image), 60));
        assertThat(akari("predict", run.toString(), cut.toString())).isEqualTo(1);
        assertThat(err()).contains("✗ the image " + cut + " is truncated");
        Path text = Files.writeString(dir.resolve("note.txt"), "no image");
        assertThat(akari("predict", run.toString(), text.toString(), image.toString()))
                .isEqualTo(1);
        assertThat(err()).contains("note.txt").contains("1 of 2 images");
        assertThat(out()).contains("grey.png");
    }

    @Test
    void aModelForColourTakesSmallGreyImages() throws Exception {
        assertThat(smoke("--model", "wrn_16_4")).isZero();
        assertThat(out()).contains("images 1×8×8", "wrn_16_4 · 2,748,602 params");
        Path run = dir.resolve("digits-wrn_16_4-1");
        assertThat(akari("eval", run.toString())).isZero();
        assertThat(out()).contains("test · 300 images");
    }

    @Test
    void theSameSeedGivesTheSameWeights() throws Exception {
        assertThat(smoke()).isZero();
        assertThat(smoke("--workers", "3")).isZero();
        Path a = dir.resolve("digits-lenet-1/best.safetensors");
        Path b = dir.resolve("digits-lenet-2/best.safetensors");
        assertThat(Files.readAllBytes(a)).isEqualTo(Files.readAllBytes(b));
    }

    @Test
    void aRunGoesOnWhereItStopped() throws Exception {
        assertThat(smoke("--name", "short")).isZero();
        Path run = dir.resolve("short-1");
        assertThat(akari("train", "--resume", run.toString(), "--epochs", "2")).isZero();
        assertThat(run.resolve("metrics.csv")).content().hasLineCount(3);
        assertThat(out()).contains(" · 128 train / 128 val / 128 test", " · 2 epochs");
        assertThat(left()).containsExactly(run);
        assertThat(akari("train", "--resume", run.toString(), "--lr", "1")).isEqualTo(2);
        assertThat(err()).contains("--lr contradicts --resume", "only --epochs");
        assertThat(akari("train", "--resume", dir.resolve("gone").toString())).isEqualTo(1);
        assertThat(err()).contains("there is no run folder").contains("gone");
    }

    @Test
    void aFolderThatIsNoRunIsToldFromOne() throws Exception {
        assertThat(smoke("--name", "own")).isZero();
        Path run = dir.resolve("own-1");
        assertThat(akari("eval", dir.toString())).isEqualTo(1);
        assertThat(err())
                .contains(dir + " holds no weights (best.safetensors): it is not a run's folder, but holds some, as "
                        + run);
        assertThat(akari("eval", run.resolve("best.safetensors").toString())).isEqualTo(1);
        assertThat(err()).contains("this is a file of one: give the folder " + run);
        Files.delete(run.resolve("best.safetensors"));
        assertThat(akari("eval", run.toString())).isEqualTo(1);
        assertThat(err()).contains("its first epoch has not ended; akari train --resume " + run + " goes on");
        Path config = run.resolve("config.yaml");
        String lines = Files.readString(config);
        Files.writeString(config, lines.replaceAll("seed: .*\n", ""));
        assertThat(akari("train", "--resume", run.toString())).isEqualTo(2);
        assertThat(err()).contains(config + " lacks the line seed");
        Files.writeString(config, "");
        assertThat(akari("train", "--resume", run.toString())).isEqualTo(2);
        assertThat(err()).contains(config + " lacks the line data");
        Files.delete(config);
        assertThat(akari("train", "--resume", run.toString())).isEqualTo(2);
        assertThat(err()).contains(config + " is missing");
    }

    @Test
    void aResumedRunHasItsOwnOptions() throws Exception {
        String[] own = {"--batch", "16", "--lr", "0.01", "--schedule", "step", "--optimizer", "sgd", "--name", "own"};
        assertThat(smoke(own)).isZero();
        Path run = dir.resolve("own-1");
        byte[] weights = Files.readAllBytes(run.resolve("last/weights.safetensors"));
        assertThat(akari("train", "--resume", run.toString())).as(err()).isZero();
        assertThat(out()).contains("sgd lr=0.01 step · batch 16 · 1 epoch ");
        assertThat(err() + out()).contains("the run has trained all of its 1 epochs");
        assertThat(run.resolve("last/weights.safetensors")).hasBinaryContent(weights);
        assertThat(run.resolve("metrics.csv")).content().hasLineCount(2);
        assertThat(akari("train", "--resume", run.toString(), "--lr", "0.5")).isNotZero();
        assertThat(err()).contains("lr").contains("own");
        assertThat(akari("train", "--resume", run.toString(), "--optimizer", "adam"))
                .isNotZero();
        assertThat(left()).containsExactly(run);
        assertThat(run.resolve("last/weights.safetensors")).hasBinaryContent(weights);
        assertThat(run.resolve("config.yaml")).content().contains("lr: 0.01", "optimizer: sgd", "schedule: step");
    }

    @Test
    void valuesComeFromFileEnvironmentAndSet() throws Exception {
        Path file = Files.writeString(dir.resolve("c.yaml"), "epochs: 3\nbatch: 16\n");
        assertThat(smoke("--config", file.toString(), "--set", "batch=8", "--name", "set", "--seed", "9"))
                .isZero();
        assertThat(dir.resolve("set-1/config.yaml"))
                .content()
                .contains("epochs: 3  # " + file, "batch: 8  # --set", "seed: 9  # flag");
        Files.writeString(file, "epoch: 3\n");
        assertThat(smoke("--config", file.toString())).isEqualTo(2);
        assertThat(err()).contains("unknown key epoch").contains("Did you mean epochs?");
    }

    @Test
    void modelsAndDoctor() {
        assertThat(akari("models", "list", "le*")).isZero();
        assertThat(out()).contains("lenet").contains("61,706");
        assertThat(akari("models", "show", "lenet", "--input", "1x28x28", "--depth", "3"))
                .isZero();
        assertThat(out()).contains("conv1 Conv2d(1, 6").contains("416,520");
        assertThat(akari("models", "show", "mobilenet_v2", "--depth", "1")).isZero();
        assertThat(out()).contains("MobileNetV2 · input 3x224x224 · 3,504,872 params · 300.77 M mult-adds");
        assertThat(akari("models", "show", "lenet", "--classes", "0")).isEqualTo(2);
        assertThat(akari("models", "list", "zzz")).isEqualTo(2);
        assertThat(akari("models", "show", "lenet", "--input", "28")).isEqualTo(2);
        assertThat(akari("doctor")).isZero();
        assertThat(out()).contains("JDK").contains("threads").contains("Memory");
    }

    @Test
    void theLiveLineShowsProgress() {
        var step = new akari.train.Progress.Step(2, 15, 17, 29, 0.48, 31248, 0.03, 61L << 20, 12.4);
        assertThat(Terminal.line(step))
                .isEqualTo("    2/15 ━━━━━━━───── 17/29 loss 0.48 | 31,248 img/s | data wait 3% | mem 61M | ETA 0:12");
    }
}
