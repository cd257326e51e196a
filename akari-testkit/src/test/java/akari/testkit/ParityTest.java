package akari.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** PyTorch's numbers, and the tool that compares with them. */
class ParityTest {
    /** Cases whose op Akari has, at least. It only grows. */
    private static final int PASSED = 168;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void everyOpThatAkariHasAgrees(DType dtype) throws IOException {
        List<Parity.Outcome> outcomes = run(dtype, "ops.json.gz");
        List<Parity.Outcome> wrong = outcomes.stream()
                .filter(o -> !o.passed() && !String.valueOf(o.failure()).matches("Akari has no .* yet"))
                .toList();
        assertEquals(List.of(), wrong);
        assertTrue(outcomes.stream().filter(Parity.Outcome::passed).count() >= PASSED);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void leNetAgrees(DType dtype) throws IOException {
        assertEquals(List.of(new Parity.Outcome("lenet5", null)), run(dtype, "lenet5.json.gz"));
    }

    /** In float32 one ReLU that falls on the other side of its kink moves MobileNetV2's gradients by a hundredth. */
    @ParameterizedTest
    @CsvSource({"wrn_16_4,FLOAT32", "wrn_16_4,FLOAT64", "resnet18,FLOAT32", "resnet18,FLOAT64", "mobilenet_v2,FLOAT64"})
    void modelsAgree(String name, DType dtype) throws IOException {
        assertEquals(List.of(new Parity.Outcome(name, null)), run(dtype, name + ".json.gz"));
    }

    private static List<Parity.Outcome> run(DType dtype, String name) throws IOException {
        try (InputStream in = ParityTest.class.getResourceAsStream(name)) {
            return new Parity(dtype).check(in, name);
        }
    }

    @Test
    void theFormulaGivesItsTestVectors() {
        assertEquals(-0.1459285020828247, Golden.v(0, 1));
        assertEquals(-0.9654251337051392, Golden.v(5, 1));
        assertEquals(0.862189769744873, Golden.v(1000003, 1000000));
    }

    // ---- the tool

    @TempDir
    Path folder;

    /** What the tool prints on standard output, and how it ends. */
    private record Run(int code, List<String> lines, String error) {}

    private Run tool(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Parity.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(
                code, out.toString(StandardCharsets.UTF_8).lines().toList(), err.toString(StandardCharsets.UTF_8));
    }

    private Path file(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json);
    }

    private static String relu(String expected, String args) {
        return "{\"op\": \"relu\", \"args\": {" + args
                + "}, \"inputs\": {\"x\": [-1.0, 2.0]}, \"out\": [{\"shape\": [2]," + " \"values\": " + expected
                + "}], \"grad_of_sum\": [0.0, 1.0]}";
    }

    @Test
    void countsAndLastLine() throws IOException {
        file("a.json", "{\"cases\": [" + relu("[0.0, 2.0]", "") + "]}");
        Run good = tool(folder.toString());
        assertEquals(0, good.code());
        assertEquals(List.of("1 passed, 0 failed"), good.lines());
    }

    @Test
    void aWrongNumberIsNamedWithItsPlace() throws IOException {
        Path f = file("a.json", "[" + relu("[0.0, 2.000001]", "") + "," + relu("[0.0, 2.0000001]", "") + "]");
        Run bad = tool(f.toString());
        assertEquals(1, bad.code());
        assertEquals("1 passed, 1 failed", bad.lines().getLast());
        assertEquals(2, bad.lines().size());
        assertTrue(
                bad.lines()
                        .getFirst()
                        .matches("FAIL relu \\{}: out\\[1] expected 2.000001.*, got 2.*relative error 5.*e-07"),
                bad.lines().getFirst());
    }

    @Test
    void unknownOpsModelsAndArgumentsFail() throws IOException {
        file("ops.json", "[{\"op\": \"frobnicate\", \"out\": []}, " + relu("[0.0, 2.0]", "\"beta\": 1") + "]");
        file("model.json", "{\"model\": \"nonesuch\"}");
        file("other.json", "{\"answer\": 42}");
        file("broken.json.gz", "no json");
        Run bad = tool(folder + "/*");
        assertEquals(1, bad.code());
        assertEquals("0 passed, 5 failed", bad.lines().getLast());
        String all = String.join("\n", bad.lines());
        assertTrue(all.contains("FAIL frobnicate: Akari has no frobnicate yet"), all);
        assertTrue(all.contains("FAIL nonesuch: Akari has no nonesuch yet"), all);
        assertTrue(all.contains("no overload of relu takes the inputs [x] and the arguments [beta]"), all);
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertEquals(2, tool().code());
        assertEquals(2, tool("--dtype", "float16", "x").code());
        assertEquals(2, tool(folder.resolve("missing.json").toString()).code());
        assertTrue(tool("--frob").error().contains("unknown option --frob"));
    }
}
