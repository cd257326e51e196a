package akari.cpu.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akari.backend.Activation;
import akari.backend.Algorithms;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.CpuBackend;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Winograd's convolutions against double precision, over ragged sizes, layouts and epilogues, and their independence of threads. */
class WinogradTest {
    private static final CpuBackend CPU = new CpuBackend();
    private static final ReferenceBackend REFERENCE = new ReferenceBackend();

    /** Relative root mean square error that the class documents. */
    private static final double ERROR = 3e-6;

    /** Error that an outlier brings, in rounding units of its size times the sum of the weights' magnitudes. */
    private static final double OUTLIER = 4;

    @BeforeAll
    static void hasOneDnn() {
        assumeTrue(CPU.describe().startsWith("oneDNN"));
    }

    /** The algorithm itself, whether or not the rule would take it. */
    private static final Winograd WINOGRAD = winograd();

    private static Winograd winograd() {
        Workspace.Source workspaces = new Workspace.Source(REFERENCE::allocate);
        Workers workers = new Workers(2);
        return new Winograd(
                workspaces,
                workers,
                new DnnCopies(workers),
                new PackedWeights(REFERENCE::allocate),
                REFERENCE::allocate,
                REFERENCE::reduce);
    }

    private record Case(Convolution c, Shape x, Shape weight, Shape y) {
        static Case of(Random r) {
            long[] padding = {r.nextInt(2), r.nextInt(2)};
            Shape x = Shape.of(1 + r.nextInt(3), 64 + 16 * r.nextInt(3), 3 + r.nextInt(12), 3 + r.nextInt(12));
            Shape w = Shape.of(64 + 16 * r.nextInt(3), x.get(1), 3, 3);
            Convolution c = new Convolution(Shape.of(1, 1), Shape.of(padding), Shape.of(1, 1), 1);
            return new Case(c, x, w, c.outputShape(x, w));
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 12);
    }

    private static MemorySegment memory(View v) {
        return MemorySegment.ofAddress(v.buffer().address())
                .reinterpret(v.buffer().bytes());
    }

    private static View filled(Random r, Layout layout) {
        View v = new View(REFERENCE.allocate(layout.numel() * 4), DType.FLOAT32, layout);
        for (long i = 0; i < layout.numel(); i++) {
            memory(v).setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) r.nextGaussian());
        }
        return v;
    }

    private static View twin(View v) {
        View w = new View(REFERENCE.allocate(v.buffer().bytes()), v.dtype(), v.layout());
        MemorySegment.copy(memory(v), 0, memory(w), 0, v.buffer().bytes());
        return w;
    }

    private static void unexpected(View out) {
        throw new AssertionError("all results are finite, but " + out + " was asked for");
    }

    private static Layout layout(Random r, Shape s) {
        return r.nextInt(3) == 0 ? Layout.contiguous(s) : Layout.channelsLast(s);
    }

    private static void close(View actual, View expected) {
        double error = 0;
        double size = 0;
        for (long i = 0; i < actual.numel(); i++) {
            double a = memory(actual).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double e = memory(expected).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            error += (a - e) * (a - e);
            size += e * e;
        }
        assertThat(Math.sqrt(error / size)).isLessThan(ERROR);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void forward(int seed) {
        Random r = new Random(seed);
        Case k = Case.of(r);
        View x = filled(r, layout(r, k.x));
        View w = filled(r, layout(r, k.weight));
        View bias = r.nextBoolean() ? filled(r, Layout.contiguous(Shape.of(k.weight.get(0)))) : null;
        Activation[] activations = Activation.values();
        Epilogue then = new Epilogue(activations[seed % activations.length], r.nextBoolean());
        View y = filled(r, layout(r, k.y));
        View expected = twin(y);
        if (Winograd.applies(then.activation())) {
            WINOGRAD.forward(k.c, x, w, bias, then, y, WinogradTest::unexpected);
        } else {
            CPU.convolution(k.c, x, w, bias, then, y);
        }
        REFERENCE.convolution(k.c, x, w, bias, then, expected);
        close(y, expected);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void gradients(int seed) {
        Random r = new Random(100 + seed);
        Case k = Case.of(r);
        View x = filled(r, layout(r, k.x));
        View w = filled(r, layout(r, k.weight));
        View g = filled(r, layout(r, k.y));
        View gx = filled(r, layout(r, k.x));
        View expected = twin(gx);
        WINOGRAD.inputGradient(k.c, g, w, gx, WinogradTest::unexpected);
        REFERENCE.convolutionInputGradient(k.c, g, w, expected);
        close(gx, expected);
        View gw = filled(r, layout(r, k.weight));
        View expectedWeight = twin(gw);
        View gb = r.nextBoolean() ? filled(r, Layout.contiguous(Shape.of(k.weight.get(0)))) : null;
        View expectedBias = gb == null ? null : twin(gb);
        WINOGRAD.weightGradient(k.c, x, g, gw, gb, WinogradTest::unexpected);
        REFERENCE.convolutionWeightGradient(k.c, x, g, expectedWeight, expectedBias);
        close(gw, expectedWeight);
        if (gb != null && expectedBias != null) {
            close(gb, expectedBias);
        }
    }

    /** What the documentation of {@code Algorithms} promises. */
    @ParameterizedTest
    @MethodSource("seeds")
    void outliersRoundTheTilesThatSeeThem(int seed) {
        Random r = new Random(seed);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = filled(r, Layout.channelsLast(Shape.of(1, 64, 16, 16)));
        View w = filled(r, Layout.contiguous(Shape.of(64, 64, 3, 3)));
        View before = filled(r, Layout.channelsLast(Shape.of(1, 64, 16, 16)));
        View after = twin(before);
        View exact = twin(before);
        WINOGRAD.forward(c, x, w, null, Epilogue.NONE, before, WinogradTest::unexpected);
        int row = r.nextInt(16);
        int column = r.nextInt(16);
        for (int channel = 0; channel < 64; channel++) {
            float outlier = (r.nextBoolean() ? 1 : -1) * 1e9f * r.nextFloat(0.5f, 1);
            memory(x).setAtIndex(ValueLayout.JAVA_FLOAT, (row * 16L + column) * 64 + channel, outlier);
        }
        x.buffer().touch();
        WINOGRAD.forward(c, x, w, null, Epilogue.NONE, after, WinogradTest::unexpected);
        REFERENCE.convolution(c, x, w, null, exact);
        double worst = 0;
        for (int i = 0; i < 16 * 16 * 64; i++) {
            int k = i % 64;
            double weights = 0;
            for (int t = 0; t < 64 * 9; t++) {
                weights += Math.abs(memory(w).getAtIndex(ValueLayout.JAVA_FLOAT, k * 64L * 9 + t));
            }
            boolean seen = isSeen(i / 64 / 16, row) && isSeen(i / 64 % 16, column);
            float a = memory(after).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!seen) {
                assertThat(a).isEqualTo(memory(before).getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
            double e = memory(exact).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (seen) {
                worst = Math.max(worst, Math.abs(a - e) / (0x1p-24 * 1e9 * weights));
            }
        }
        assertThat(worst).isLessThan(OUTLIER);
    }

    /** Whether the tile of output {@code at} reads input {@code place}: 4 outputs from 6 inputs, with padding 1. */
    private static boolean isSeen(int at, int place) {
        int first = at / 4 * 4 - 1;
        return place >= first && place < first + 6;
    }

    /** Many blocks of tiles, and weights that change between calls: neither threads nor the kept forms may show. */
    @Test
    void sameBitsOnAnyNumberOfThreads() {
        Random r = new Random(7);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = filled(r, Layout.channelsLast(Shape.of(5, 64, 21, 18)));
        View w = filled(r, Layout.contiguous(Shape.of(80, 64, 3, 3)));
        View y = filled(r, Layout.channelsLast(Shape.of(5, 80, 21, 18)));
        View gx = filled(r, x.layout());
        View gw = filled(r, w.layout());
        float @Nullable [] first = null;
        for (int threads : new int[] {1, 2, 3, 1}) {
            CPU.threads(threads);
            CPU.convolution(c, x, w, null, y);
            CPU.convolutionInputGradient(c, y, w, gx);
            CPU.convolutionWeightGradient(c, x, y, gw, null);
            float[] all = concat(y, gx, gw);
            if (first == null) {
                first = all;
            }
            assertThat(all).isEqualTo(first);
        }
        memory(w).setAtIndex(ValueLayout.JAVA_FLOAT, 5, 3f);
        w.buffer().touch();
        CPU.convolution(c, x, w, null, y);
        View expected = twin(y);
        REFERENCE.convolution(c, x, w, null, expected);
        close(y, expected);
    }

    @Test
    void strictIsDirectAndTunedRepeatsItsFile(@TempDir Path folder) throws IOException {
        Random r = new Random(9);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = filled(r, Layout.channelsLast(Shape.of(2, 64, 12, 12)));
        View w = filled(r, Layout.contiguous(Shape.of(64, 64, 3, 3)));
        View y = filled(r, Layout.channelsLast(Shape.of(2, 64, 12, 12)));
        try {
            CPU.algorithms(Algorithms.DEFAULT);
            CPU.convolution(c, x, w, null, y);
            float[] winograd = concat(y);
            CPU.algorithms(Algorithms.STRICT);
            CPU.convolution(c, x, w, null, y);
            float[] direct = concat(y);
            assertThat(direct).isNotEqualTo(winograd);
            Path file = folder.resolve("sub/algorithms.txt");
            CPU.algorithms(Algorithms.tuned(file));
            CPU.convolution(c, x, w, null, y);
            float[] tuned = concat(y);
            String line = Files.readString(file);
            assertThat(line).startsWith("FORWARD [2, 64, 12, 12] [64, 64, 3, 3] padding [1, 1] = ");
            assertThat(tuned).isEqualTo(line.endsWith("winograd\n") ? winograd : direct);
            for (String choice : List.of("winograd", "direct")) {
                Files.writeString(file, line.substring(0, line.lastIndexOf('=') + 2) + choice + "\n");
                CPU.algorithms(Algorithms.tuned(file));
                CPU.convolution(c, x, w, null, y);
                assertThat(concat(y)).isEqualTo(choice.equals("winograd") ? winograd : direct);
            }
            Files.writeString(file, "something else\n");
            assertThatThrownBy(() -> CPU.algorithms(Algorithms.tuned(file)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 1");
            assertThatThrownBy(() -> Algorithms.parse("fast"))
                    .hasMessage("akari.algorithms=fast is not known: write default, strict or tuned:FILE");
        } finally {
            CPU.algorithms(Algorithms.DEFAULT);
        }
    }

    private static float[] concat(View... views) {
        float[] out = new float
                [(int) IntStream.range(0, views.length)
                        .mapToLong(i -> views[i].numel())
                        .sum()];
        int at = 0;
        for (View v : views) {
            int n = (int) v.numel();
            MemorySegment.copy(memory(v), ValueLayout.JAVA_FLOAT, 0, out, at, n);
            at += n;
        }
        return out;
    }
}
