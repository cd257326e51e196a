package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.Models;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie, hang or never end, names that break lines, and everything that can be thrown: one line, no trace. */
class HostileInputTest extends CommandLineTest {
    private Path run(Map<String, String> metadata, float weight) throws IOException {
        Path run = Files.createDirectories(dir.resolve("run"));
        Map<String, Tensor> weights =
                new LinkedHashMap<>(Models.create("lenet", 2).stateDict());
        weights.put("fc3.bias", Tensors.of(DType.FLOAT32, new double[] {weight, 0}, Shape.of(2)));
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "model",
                "lenet",
                "data",
                "digits",
                "classes",
                "a,\"b\"\nc\t\u001b[31md",
                "input",
                "1 28 28",
                "mean",
                "0",
                "std",
                "1"));
        all.putAll(metadata);
        SafeTensors.save(weights, all, run.resolve("best.safetensors"));
        return run;
    }

    private Path image(String name) throws IOException {
        Path file = dir.resolve(name);
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
        return file;
    }

    /** Of a PNG whose header announces that size. */
    private Path huge(int size) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(header);
        to.writeInt(size);
        to.writeInt(size);
        to.write(new byte[] {8, 0, 0, 0, 0});
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(data)) {
            deflater.write(new byte[100]);
        }
        chunk(png, "IHDR", header.toByteArray());
        chunk(png, "IDAT", data.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return Files.write(dir.resolve("huge.png"), png.toByteArray());
    }

    private static void chunk(OutputStream png, String type, byte[] data) throws IOException {
        DataOutputStream to = new DataOutputStream(png);
        to.writeInt(data.length);
        to.writeBytes(type);
        to.write(data);
        CRC32 crc = new CRC32();
        crc.update(type.getBytes());
        crc.update(data);
        to.writeInt((int) crc.getValue());
    }

    private Path pipe() throws Exception {
        Path pipe = dir.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void oneBadFileIsALineAndTheOthersGoOn() throws Exception {
        Path run = run(Map.of(), 0);
        Path good = image("good.png");
        List<String> bad = List.of(
                pipe().toString(),
                "/dev/zero",
                huge(30_000).toString(),
                dir.resolve("gone.png").toString());
        for (String file : bad) {
            assertThat(akari("predict", run.toString(), file, good.toString())).isEqualTo(1);
            assertThat(out()).contains("good.png").hasLineCount(1);
            assertThat(err().lines()).hasSize(2).allMatch(l -> l.startsWith("✗ "));
            assertThat(err()).contains(file).contains("1 of 2 images").doesNotContain("\tat ");
        }
        akari("predict", run.toString(), bad.get(0));
        assertThat(err()).contains("it is a named pipe, not a file");
        akari("predict", run.toString(), bad.get(1));
        assertThat(err()).contains("it is a device, not a file");
        akari("predict", run.toString(), bad.get(2));
        assertThat(err()).contains("has 30000×30000 pixels, more than the 178956970");
    }

    @Test
    void namesStayInTheirCellsAndLines() throws Exception {
        Path run = run(Map.of(), 0);
        String image = image("x,\"y\"\nz\u001b.png").toString();
        assertThat(akari("predict", run.toString(), image)).isZero();
        assertThat(out())
                .hasLineCount(1)
                .contains("z\\u001b.png", "a,\"b\"\\nc", "\\u001b[31md")
                .doesNotContain("\u001b");
        assertThat(akari("predict", run.toString(), image, "--format", "csv", "--topk", "1"))
                .isZero();
        assertThat(out())
                .contains("\"" + image.replace("\"", "\"\"") + "\",1,")
                .matches("(?s).*,1,(\"a,\"\"b\"\"\nc\"|\u001b\\[31md),0\\.\\d{6}\n");
        assertThat(akari("predict", run.toString(), image, "--json")).isZero();
        assertThat(out()).hasLineCount(1).contains("z\\u001B.png\",\"top\":[{\"class\":\"");
        assertThat(new Csv().row("a\nb", "c,d", "e\"f", "g").toString()).isEqualTo("\"a\nb\",\"c,d\",\"e\"\"f\",g\n");
        assertThat(Text.clean("a\tb\r\u0085\u2028\u202e\ud800é明")).isEqualTo("a\\tb\\r\\u0085\\u2028\\u202e\\ud800é明");
    }

    @Test
    void weightsThatAreNoNumbersAreNamed() throws Exception {
        Path image = image("good.png");
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Path run = run(Map.of(), bad);
            assertThat(akari("predict", run.toString(), image.toString())).isZero();
            assertThat(err())
                    .startsWith("! ")
                    .contains("NaN or infinite weights in fc3.bias")
                    .hasLineCount(1);
            assertThat(akari("predict", run.toString(), image.toString(), "--json"))
                    .isZero();
            assertThat(out()).contains("\"non_finite\":[\"fc3.bias\"]}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 30000 30000",
                "1 -1 28",
                "NaN 28 28",
                "1 28",
                "2 28 28",
                "1 28.5 28",
                "1 99999999999999999999 1",
                "1 0 28",
                ""
            })
    void damagedPreprocessingIsRefused(String input) throws Exception {
        assertThat(akari("predict", run(Map.of("input", input), 0).toString(), "x"))
                .isEqualTo(1);
        refused(1, "the entry \"input\" must hold", "\"" + input + "\"");
        assertThat(akari("predict", run(Map.of("std", "NaN"), 0).toString(), "x"))
                .isEqualTo(1);
        refused(1, "the entry \"std\" must hold 1 finite numbers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "epochs: &a [*a]",
                "&a\nepochs: *a",
                "a: &a [x, x]\nb: [*a, *a]",
                "? [epochs]\n: 3",
                "- epochs",
                "epochs: {a: 1}",
                "epochs: 3\n---\nepochs: 4",
                "epochs: !!java.lang.Thread [x]",
                "epochs: 3\nepochs: 4",
                "epochs: 0x10",
                "epochs:",
                "epochs: \"\\0\"",
                "text",
                "a: b: c",
                "config: x.yaml",
                "set: epochs=3",
            })
    void filesHoldSingleValues(String yaml) throws Exception {
        Path file = Files.writeString(dir.resolve("c.yaml"), yaml);
        assertThat(akari("train", "--config", file.toString())).isEqualTo(2);
        refused(2, file.toString());
        Files.writeString(file, yaml + " " + "[".repeat(100_000));
        assertThat(akari("train", "--config", file.toString())).isEqualTo(2);
        refused(2, file.toString());
    }

    @Test
    void configIsAFile() throws Exception {
        Path large = Files.writeString(dir.resolve("large.yaml"), "#" + "x".repeat(2_000_000));
        Path bytes = Files.write(dir.resolve("bytes.yaml"), new byte[] {(byte) 0xff, 0, 1});
        for (Path file : List.of(Path.of("/dev/zero"), pipe(), dir, large, bytes, dir.resolve("gone"))) {
            assertThat(akari("models", "--config", file.toString())).isEqualTo(2);
            refused(2, "--config " + file);
        }
        assertThat(akari(
                        "models",
                        "list",
                        "le*",
                        "--config",
                        Files.writeString(dir.resolve("e"), "").toString()))
                .isZero();
    }

    @Test
    void whateverIsThrownIsOneLine() {
        Throwable inner = new IllegalArgumentException("akari.threads=abc is no number");
        Map<Throwable, String> lines = new LinkedHashMap<>();
        lines.put(new ExceptionInInitializerError(inner), "akari.threads=abc is no number");
        lines.put(
                new ServiceConfigurationError("provider", new ExceptionInInitializerError(inner)),
                "akari.threads=abc is no number");
        lines.put(
                new NoClassDefFoundError("Could not initialize class X"),
                "internal error: NoClassDefFoundError: Could not initialize class X");
        NoClassDefFoundError again = new NoClassDefFoundError("Could not initialize class X");
        again.initCause(new ExceptionInInitializerError(
                "Exception java.lang.IllegalArgumentException: akari.threads=abc is no number [in thread \"main\"]"));
        lines.put(again, "akari.threads=abc is no number");
        lines.put(new StackOverflowError(), "nested deeper than the stack allows");
        lines.put(new OutOfMemoryError("Java heap space"), "out of memory: Java heap space");
        lines.put(new UncheckedIOException(new NoSuchFileException("x")), "x: there is no such file or folder");
        lines.put(new NullPointerException(), "internal error: NullPointerException; this is a fault of Akari");
        lines.put(new IllegalStateException(), "internal error: IllegalStateException;");
        lines.put(new AssertionError("no"), "internal error: AssertionError: no");
        lines.forEach((thrown, line) -> {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            assertThat(Errors.report(thrown, new PrintStream(err, true), false)).isEqualTo(1);
            assertThat(err.toString()).startsWith("✗ ").contains(line).hasLineCount(1);
            assertThat(Errors.report(thrown, new PrintStream(err, true), true)).isEqualTo(1);
            assertThat(err.toString()).contains("\tat ");
        });
    }

    @Test
    void standardOutputThatTakesNothingEndsTheProgram() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        for (String why : List.of("Broken pipe", "No space left on device")) {
            OutputStream broken = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException(why);
                }
            };
            int code = Main.run(
                    new PrintStream(new Output(broken), true), new PrintStream(err, true), Map.of(), "models", "list");
            assertThat(code).isEqualTo(1);
        }
        assertThat(err.toString().lines())
                .containsExactly("✗ cannot write to standard output: No space left on device");
    }
}
