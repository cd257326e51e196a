package akari.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Captured and optimised modules give what the modules give, and the patterns that can be fused are. */
class InferenceTest {
    @BeforeEach
    void seed() {
        Tensors.manualSeed(3);
    }

    /** Layers by name, called as {@code body} says. */
    private static final class Net extends Module {
        private final Map<String, Module> layers = new TreeMap<>();
        private final transient UnaryOperator<Tensor> body;

        Net(Map<String, Module> layers, Function<Map<String, Module>, UnaryOperator<Tensor>> body) {
            this.layers.putAll(layers);
            this.body = body.apply(this.layers);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return body.apply(x);
        }
    }

    private static BatchNorm2d norm(long channels) {
        BatchNorm2d bn = new BatchNorm2d(channels);
        Tensors.noGrad(() -> {
            bn.weight().copy_(Tensors.rand(channels).add(0.5));
            bn.bias().copy_(Tensors.randn(channels));
            bn.runningMean().copy_(Tensors.randn(channels));
            bn.runningVar().copy_(Tensors.rand(channels).add(0.5));
        });
        return bn;
    }

    /** Runs both, twice with different inputs; returns the plan's operations. */
    private static List<String> check(Module m, long... shape) {
        Inference fast = Inference.of(m);
        m.eval();
        for (int i = 0; i < 3; i++) {
            Tensor x = Tensors.randn(shape);
            Tensor expected = Tensors.noGrad(() -> m.forward(x));
            Tensor actual = fast.forward(x);
            assertThat(actual.shape()).isEqualTo(expected.shape());
            double largest = expected.abs().max().item();
            assertThat(actual.sub(expected).abs().max().item()).isLessThan(1e-5 * Math.max(1, largest));
        }
        return fast.describe(Tensors.randn(shape))
                .lines()
                .filter(l -> l.startsWith("%"))
                .map(l -> l.substring(l.indexOf('=') + 2, l.indexOf('(')))
                .toList();
    }

    @Test
    void normAndActivationFoldIntoTheConvolution() {
        List<Module> activations = List.of(new ReLU(), new ReLU(true), new ReLU6(), new Hardswish(), new SiLU());
        List<String> names = List.of("relu", "relu", "relu6", "hardswish", "silu");
        for (int i = 0; i < names.size(); i++) {
            Module net = new Sequential(new Conv2d(3, 8, 3).bias(i % 2 == 0), norm(8), activations.get(i));
            assertThat(check(net, 2, 3, 9, 9)).containsExactly("conv_" + names.get(i));
        }
        assertThat(check(new Sequential(new Conv2d(3, 8, 3), norm(8)), 2, 3, 9, 9))
                .containsExactly("conv");
        assertThat(check(new Sequential(new Conv2d(6, 6, 3).groups(6), norm(6)), 2, 6, 9, 9))
                .containsExactly("conv");
    }

    @Test
    void residualSumsFoldIntoTheLastConvolution() {
        Map<String, Module> layers = Map.of(
                "a",
                new Conv2d(4, 4, 3).padding(1),
                "b",
                new Conv2d(4, 4, 3).padding(1),
                "n",
                norm(4),
                "s",
                new Conv2d(4, 4, 1));
        Net identity = new Net(layers, l -> x -> {
            Tensor y = l.get("a").forward(x).relu();
            return l.get("n").forward(l.get("b").forward(y)).add_(x).relu_();
        });
        assertThat(check(identity, 2, 4, 7, 7)).containsExactly("conv_relu", "conv_add_relu");
        Net shortcut = new Net(layers, l -> x -> {
            Tensor y = l.get("n").forward(l.get("b").forward(l.get("a").forward(x)));
            return y.add(l.get("s").forward(x)).relu();
        });
        assertThat(check(shortcut, 2, 4, 7, 7)).containsExactly("conv", "conv", "conv_add_relu");
        Net readLater = new Net(layers, l -> x -> {
            Tensor r = l.get("a").forward(x).sigmoid();
            Tensor y = l.get("b").forward(r).add(r).relu();
            return l.get("s").forward(y).add(r.mul(2));
        });
        check(readLater, 2, 4, 7, 7);
    }

    @Test
    void whatCannotFoldStays() {
        Map<String, Module> layers = Map.of("a", new Conv2d(3, 3, 1), "n", norm(3), "m", norm(3));
        Net twice = new Net(layers, l -> x -> {
            Tensor y = l.get("a").forward(x);
            return l.get("n").forward(y).add(y);
        });
        assertThat(check(twice, 2, 3, 5, 5)).contains("conv");
        Net first = new Net(
                layers, l -> x -> l.get("a").forward(l.get("n").forward(x).relu()));
        assertThat(check(first, 2, 3, 5, 5)).hasSize(2);
        Net both = new Net(layers, l -> x -> {
            Tensor y = l.get("n").forward(x);
            return l.get("m").forward(y.relu()).mul(y.sigmoid());
        });
        check(both, 2, 3, 5, 5);
        Net scaled = new Net(
                layers,
                l -> x -> l.get("a").forward(x).mul(3).add(0.5).div(2).sub(1).relu6());
        assertThat(check(scaled, 2, 3, 5, 5)).containsExactly("conv_relu6");
    }

    @Test
    void viewsPoolsAndHeads() {
        Module net = new Sequential(
                new Conv2d(3, 8, 3),
                norm(8),
                new ReLU(true),
                new MaxPool2d(2),
                new Conv2d(8, 6, 3),
                new AdaptiveAvgPool2d(2),
                new Flatten(),
                new Linear(24, 5),
                new Softmax(1));
        check(net, 2, 3, 14, 14);
        Net views = new Net(Map.of("a", new Conv2d(3, 4, 1), "f", new Linear(4, 2)), l -> x -> {
            Tensor y = l.get("a").forward(x).permute(0, 2, 3, 1);
            Tensor z = l.get("f").forward(y).transpose(1, 3).contiguous();
            return Tensors.cat(List.of(z, z.mul(2).slice(1, 0, 1)), 1).sum(2);
        });
        check(views, 2, 3, 5, 6);
    }

    @Test
    void aRunAllocatesNothingButItsResult() {
        Module net = new Sequential(
                new Conv2d(3, 8, 3), norm(8), new ReLU(), new Conv2d(8, 8, 3), new MaxPool2d(2), new Flatten());
        Inference fast = Inference.of(net);
        Tensor x = Tensors.randn(2, 3, 32, 32);
        for (int i = 0; i < 3; i++) { // kernels' scratch memory grows to what it needs
            fast.forward(x);
        }
        long before = Tensors.memory().inUse();
        Tensor y = fast.forward(x);
        assertThat(Tensors.memory().inUse() - before).isLessThan(y.numel() * 4 + 8192);
    }

    @Test
    void newShapesAndNewParametersAreCapturedAgain() {
        Sequential net = new Sequential(new Conv2d(3, 4, 3), norm(4), new ReLU());
        net.train();
        Inference fast = Inference.of(net);
        for (long size : new long[] {8, 9, 8}) {
            Tensor x = Tensors.randn(2, 3, size, size);
            Tensor result = fast.forward(x);
            assertThat(net.isTraining()).isTrue();
            net.eval();
            assertThat(result.sub(Tensors.noGrad(() -> net.forward(x)))
                            .abs()
                            .max()
                            .item())
                    .isLessThan(1e-5);
            net.train();
        }
        Tensor x = Tensors.randn(2, 3, 8, 8);
        Tensor before = fast.forward(x);
        Tensor kept = before.clone();
        Tensors.noGrad(() -> net.parameters().getFirst().mul_(2));
        Tensor after = fast.forward(x);
        assertThat(before.toFloats()).isEqualTo(kept.toFloats());
        net.eval();
        assertThat(after.sub(Tensors.noGrad(() -> net.forward(x))).abs().max().item())
                .isLessThan(1e-5);
        assertThat(after.toFloats()).isNotEqualTo(before.toFloats());
    }

    @Test
    void aModuleWithoutStateIsCapturedOnce() {
        int[] calls = {0};
        Net net = new Net(Map.of(), l -> x -> {
            calls[0]++;
            return x.relu().mul(2);
        });
        Inference fast = Inference.of(net);
        for (int i = 0; i < 3; i++) {
            assertThat(fast.forward(Tensors.tensor(new float[] {-1, i})).toFloats())
                    .containsExactly(0, 2 * i);
        }
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void autocastDoesNotReachIn() {
        Module net = new Sequential(new Conv2d(3, 8, 3), norm(8), new ReLU(), new Flatten(), new Linear(288, 5));
        net.eval();
        Tensor x = Tensors.randn(2, 3, 8, 8);
        Tensor expected = Tensors.noGrad(() -> net.forward(x));
        Inference fast = Inference.of(net);
        for (int i = 0; i < 2; i++) {
            Tensor actual = Tensors.autocast(DType.BFLOAT16, () -> fast.forward(x));
            assertThat(actual.dtype()).isEqualTo(DType.FLOAT32);
            assertThat(actual.sub(expected).abs().max().item())
                    .isLessThan(1e-5 * expected.abs().max().item());
        }
    }

    @Test
    void whatAGraphCannotRepeatIsAnError() {
        Net reads = new Net(Map.of("a", new Linear(3, 3)), l -> x -> {
            Tensor y = l.get("a").forward(x);
            return y.sum().item() > 0 ? y : y.neg();
        });
        assertThatThrownBy(() -> Inference.of(reads).forward(Tensors.randn(2, 3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "cannot capture a graph: Net reads a value of shape [] that depends on its input");
        Net draws = new Net(Map.of(), l -> x -> x.add(Tensors.randn(3)));
        assertThatThrownBy(() -> Inference.of(draws).forward(Tensors.randn(2, 3)))
                .hasMessageContaining("draws random numbers");
        Net writes = new Net(Map.of("a", new Linear(3, 3)), l -> x -> {
            Tensors.noGrad(() -> ((Linear) l.get("a")).weight().add_(1));
            return l.get("a").forward(x);
        });
        assertThatThrownBy(() -> Inference.of(writes).forward(Tensors.randn(2, 3)))
                .hasMessageContaining("in place by add_");
    }

    /** A library's fused activation makes 0 of NaN; here none may be lost, whether it comes in or overflow makes it. */
    @Test
    void infinitiesAndNaNPassActivations() {
        Sequential net = new Sequential(
                new Conv2d(3, 8, 3),
                new ReLU(),
                new Conv2d(8, 8, 1),
                new ReLU6(),
                new MaxPool2d(2),
                new Conv2d(8, 64, 3).padding(1),
                new ReLU(),
                new Conv2d(64, 64, 3).padding(1),
                new ReLU(),
                new Conv2d(64, 4, 1),
                new SiLU());
        net.eval();
        Inference fast = Inference.of(net);
        float[] odd = {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, 1};
        for (int i = 0; i < 4 * odd.length; i++) {
            Tensor x = Tensors.randn(2, 3, 14, 14);
            if (i % 4 == 1) {
                x.fill_(odd[i / 4]);
            } else {
                x.set(odd[i / 4], 1, i % 3, 2 * (i % 6), 5);
            }
            float[] expected = net.forward(x).toFloats();
            float[] actual = fast.forward(x).toFloats();
            for (int k = 0; k < actual.length; k++) {
                boolean same = Float.isFinite(expected[k])
                        ? Math.abs(actual[k] - expected[k]) <= 1e-4 * Math.max(1, Math.abs(expected[k]))
                        : Float.compare(actual[k], expected[k]) == 0;
                assertThat(same)
                        .as("%s in round %d, element %d: %s instead of %s", odd[i / 4], i, k, actual[k], expected[k])
                        .isTrue();
            }
        }
    }

    /** A network whose batch statistics and masks tell whether it trained. */
    private static Module trainee() {
        Tensors.manualSeed(5);
        return new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4), new ReLU(), new Dropout(0.5), new Flatten());
    }

    private static void train(Module net, int steps) {
        Tensor x = Tensors.linspace(-1, 1, 2 * 3 * 6 * 6).reshape(2, 3, 6, 6);
        for (int i = 0; i < steps; i++) {
            assertThat(net.isTraining()).isTrue();
            Tensors.noGrad(() -> net.forward(x));
        }
    }

    @Test
    void anotherThreadTrainsWhileTheModuleIsCaptured() throws Exception {
        Module alone = trainee();
        train(alone, 200);
        Module shared = trainee();
        shared.train();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger captures = new AtomicInteger();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> captured = threads.submit(() -> {
                Tensor x = Tensors.ones(1, 3, 6, 6);
                do {
                    Inference.of(shared).forward(x);
                    captures.incrementAndGet();
                } while (!done.get());
            });
            while (captures.get() == 0 && !captured.isDone()) {
                Thread.onSpinWait();
            }
            train(shared, 200);
            done.set(true);
            captured.get();
        }
        alone.namedBuffers()
                .forEach((name, t) -> assertThat(shared.namedBuffers().get(name).toFloats())
                        .as(name)
                        .isEqualTo(t.toFloats()));
        assertThat(shared.modules()).allMatch(Module::isTraining);
    }

    @Test
    void evaluatingIsSeenByItsOwnThreadAlone() throws Exception {
        Module net = trainee();
        Module frozen = net.children().stream().skip(1).findFirst().orElseThrow();
        frozen.eval();
        Module other = new Dropout(0.5);
        net.evaluating(() -> {
            assertThat(net.modules()).noneMatch(Module::isTraining);
            assertThat(other.isTraining()).isTrue();
            other.evaluating(() -> assertThat(List.of(net, other)).noneMatch(Module::isTraining));
            assertThat(CompletableFuture.supplyAsync(net::isTraining).join()).isTrue();
            return true;
        });
        assertThat(net.isTraining()).isTrue();
        assertThat(frozen.isTraining()).isFalse();
        assertThatThrownBy(() -> net.evaluating(() -> {
                    throw new IllegalStateException("thrown");
                }))
                .hasMessage("thrown");
        assertThat(net.isTraining()).isTrue();
    }
}
