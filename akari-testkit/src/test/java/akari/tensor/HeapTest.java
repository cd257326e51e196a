package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tensors live outside the Java heap: operations on one that is larger than it find no array of its size there. */
class HeapTest {
    private static final int N = 16_000_000;

    @Test
    void aSmallHeapServesLargeTensors() throws IOException, InterruptedException {
        Process p = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Dakari.cpu=" + System.getProperty("akari.cpu", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
    }

    /** Runs every call; what fails ends the process with an error that names it. */
    public static void main(String[] args) {
        calls().forEach((name, call) -> {
            try (Scope _ = Tensors.scope()) {
                if (!call.get()) {
                    throw new IllegalStateException("a wrong result");
                }
            } catch (Throwable e) {
                throw new IllegalStateException(name, e);
            }
        });
    }

    private static Map<String, Supplier<Boolean>> calls() {
        Tensor x = Tensors.zeros(DType.UINT8, N);
        x.narrow(0, 5, 3).fill_(7);
        Tensor matrix = x.reshape(-1, 1000);
        Map<String, Supplier<Boolean>> calls = new LinkedHashMap<>();
        calls.put("flip", () -> x.flip(0).at(N - 6).item() == 7);
        calls.put("rot90", () -> matrix.rot90(2).at(-1, -6).item() == 7);
        calls.put("roll", () -> x.roll(-5).at(0).item() == 7);
        calls.put("arange", () -> Tensors.arange(N).at(-1).item() == N - 1);
        calls.put(
                "linspace",
                () -> Tensors.linspace(DType.FLOAT32, 0, N - 1, N).at(6).item() == 6);
        calls.put(
                "nonzero",
                () -> List.of(5L, 6L, 7L).equals(x.nonzero().flatten().tolist()));
        calls.put("maskedSelect", () -> x.maskedSelect(x.gt(0)).numel() == 3);
        calls.put("mask in brackets", () -> matrix.index(matrix.eq(0)).numel() == N - 3);
        calls.put(
                "repeatInterleave",
                () -> x.narrow(0, 0, N / 2)
                                .repeatInterleave(Tensors.full(DType.INT64, 2, N / 2), 0)
                                .at(15)
                                .item()
                        == 7);
        calls.put("take", () -> x.take(Tensors.arange(N / 2)).at(7).item() == 7);
        calls.put("set", () -> x.clone().set(1, Tensors.arange(N / 2)).at(1).item() == 1);
        calls.put(
                "combinations",
                () -> Tensors.arange(2500).combinations(2, false).numel() == 2500L * 2499);
        calls.put("trilIndices", () -> Tensors.trilIndices(2500, 2500).numel() == 2500L * 2501);
        calls.put("randperm", () -> Tensors.randperm(N / 8).max().itemLong() == N / 8 - 1);
        calls.put("sort", () -> x.sort(0).indices().at(-1).item() == 7);
        calls.put("topk", () -> x.topk(3).values().sum().item() == 21);
        calls.put("unique", () -> x.narrow(0, 0, N / 4).unique().numel() == 2);
        calls.put("poisson", () -> Tensors.zeros(N / 8).poisson().sum().item() == 0);
        calls.put("the gradient of windows", () -> {
            Tensor leaf = Tensors.zeros(N / 8).requiresGrad_(true);
            leaf.unfold(0, 3, 1).sum().backward();
            return leaf.grad().at(1).item() == 2;
        });
        calls.put("an array, which tells what to do", () -> refused(x::toFloats) && refused(x::tolist));
        return calls;
    }

    private static boolean refused(Supplier<?> call) {
        try {
            call.get();
            return false;
        } catch (IllegalArgumentException e) {
            return e.getMessage().contains("Java");
        }
    }
}
