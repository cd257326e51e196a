package akari.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModuleTest {
    /** A user's net: fields, a list, a map, a named field, a superclass. */
    private static class Base extends Module {
        final Conv2d conv1 = new Conv2d(3, 4, 3).bias(false);
        final BatchNorm2d bn1 = new BatchNorm2d(4);
    }

    private static final class Net extends Base {
        private final List<Module> blocks = List.of(new Linear(4, 4), new ReLU());
        private final Map<String, Module> heads = new LinkedHashMap<>();

        @StateKey("scale_activation")
        private final Tensor scale = parameter(Tensors.ones(4));

        private final Tensor steps = buffer(Tensors.zeros(DType.INT64));
        private final @Nullable Linear none = null;
        private final Linear fc = new Linear(4, 2);

        Net() {
            heads.put("a", new Linear(4, 1));
            register("extra", new Tanh());
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = bn1.forward(conv1.forward(x)).mean(2, 3).mul(scale);
            for (Module m : blocks) {
                y = m.forward(y);
            }
            return fc.forward(y);
        }
    }

    @Test
    void stateHasPyTorchsNamesAndOrder() {
        assertThat(new Net().stateDict().keySet())
                .containsExactly(
                        "scale_activation",
                        "steps",
                        "conv1.weight",
                        "bn1.weight",
                        "bn1.bias",
                        "bn1.running_mean",
                        "bn1.running_var",
                        "bn1.num_batches_tracked",
                        "blocks.0.weight",
                        "blocks.0.bias",
                        "heads.a.weight",
                        "heads.a.bias",
                        "fc.weight",
                        "fc.bias");
    }

    @Test
    void parametersAndBuffersAreToldApart() {
        Net net = new Net();
        assertThat(net.namedBuffers().keySet())
                .containsExactly("steps", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked");
        assertThat(net.parameters()).hasSize(10).allMatch(Tensor::requiresGrad);
        assertThat(net.buffers()).noneMatch(Tensor::requiresGrad);
        assertThat(net.namedModules().keySet())
                .containsExactly("", "conv1", "bn1", "blocks.0", "blocks.1", "heads.a", "fc", "extra");
        net.requiresGrad_(false);
        assertThat(net.parameters()).hasSize(10).noneMatch(Tensor::requiresGrad);
    }

    @Test
    void aModuleReachedTwiceIsListedOnceButSavedTwice() {
        Linear shared = new Linear(2, 2);
        Sequential s = new Sequential(shared, new ReLU(), shared);
        assertThat(s.namedParameters().keySet()).containsExactly("0.weight", "0.bias");
        assertThat(s.stateDict().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    }

    @Test
    void printsAsPyTorch() {
        assertThat(new Net().toString()).isEqualTo("""
                        Net(
                          (conv1): Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), bias=False)
                          (bn1): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                          (blocks): ModuleList(
                            (0): Linear(in_features=4, out_features=4, bias=True)
                            (1): ReLU()
                          )
                          (heads): ModuleList(
                            (a): Linear(in_features=4, out_features=1, bias=True)
                          )
                          (fc): Linear(in_features=4, out_features=2, bias=True)
                          (extra): Tanh()
                        )""");
        assertThat(new Sequential(new Sequential(new MaxPool2d(3).stride(2).padding(1), new Dropout(0.2)), new GELU())
                        .toString())
                .isEqualTo("""
                        Sequential(
                          (0): Sequential(
                            (0): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)
                            (1): Dropout(p=0.2, inplace=False)
                          )
                          (1): GELU(approximate='none')
                        )""");
        assertThat(new Conv2d(16, 32, 3)
                        .stride(2)
                        .padding(1, 2)
                        .dilation(2)
                        .groups(4)
                        .bias(false)
                        .toString())
                .isEqualTo(
                        "Conv2d(16, 32, kernel_size=(3, 3), stride=(2, 2), padding=(1, 2), dilation=(2, 2), groups=4,"
                                + " bias=False)");
        assertThat(new Conv1d(1, 2, 3)
                        .padding("same")
                        .paddingMode(PaddingMode.CIRCULAR)
                        .toString())
                .isEqualTo("Conv1d(1, 2, kernel_size=(3,), stride=(1,), padding=same, padding_mode=circular)");
        assertThat(new BatchNorm1d(3).eps(1e-3).momentum(null).affine(false).toString())
                .isEqualTo("BatchNorm1d(3, eps=0.001, momentum=None, affine=False, track_running_stats=True)");
    }

    // ---- loading

    @Test
    void loadingCopiesValuesAndConvertsTypes() {
        Net a = new Net();
        Net b = new Net();
        Map<String, Tensor> state = new LinkedHashMap<>(a.stateDict());
        state.replaceAll((k, t) -> t.dtype().isFloating() ? t.to(DType.FLOAT64) : t);
        Tensor before = b.conv1.weight();
        b.loadStateDict(state);
        assertThat(b.conv1.weight()).isSameAs(before);
        a.stateDict()
                .forEach((k, t) ->
                        assertThat(b.stateDict().get(k).toDoubles()).as(k).isEqualTo(t.toDoubles()));
    }

    @Test
    void loadingNamesEverythingThatDoesNotFitAndChangesNothing() {
        Net net = new Net();
        double[] before = net.fc.weight().toDoubles();
        Map<String, Tensor> state = new LinkedHashMap<>(net.stateDict());
        state.replaceAll((k, t) -> Tensors.zerosLike(t));
        state.remove("conv1.weight");
        state.put("fc.bias", Tensors.zeros(3));
        state.put("fc2.weight", Tensors.zeros(3));
        assertThatThrownBy(() -> net.loadStateDict(state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot load this state into Net")
                .hasMessageContaining("missing keys: conv1.weight")
                .hasMessageContaining("unexpected keys: fc2.weight")
                .hasMessageContaining("fc.bias has shape [3] in the given state, [2] in the model");
        assertThat(net.fc.weight().toDoubles()).isEqualTo(before);

        state.remove("fc.bias");
        Module.IncompatibleKeys keys = net.loadStateDict(state, false);
        assertThat(keys.missing()).containsExactly("conv1.weight", "fc.bias");
        assertThat(keys.unexpected()).containsExactly("fc2.weight");
        assertThat(net.fc.weight().toDoubles()).containsOnly(0);
    }

    @Test
    void aNullInAStateIsNoValue() {
        Net net = new Net();
        double[] before = net.fc.weight().toDoubles();
        Map<String, Tensor> state = new LinkedHashMap<>(net.stateDict());
        state.replaceAll((k, t) -> Tensors.zerosLike(t));
        state.put("fc.bias", null);
        assertThatThrownBy(() -> net.loadStateDict(state)).hasMessageContaining("fc.bias is null");
        assertThat(net.fc.weight().toDoubles()).isEqualTo(before);
    }

    @Test
    void anOptionThatIsRefusedChangesNothing() {
        Conv2d conv = new Conv2d(4, 6, 3);
        Tensor weight = conv.weight();
        for (Runnable refused : List.<Runnable>of(
                () -> conv.groups(4),
                () -> conv.groups(0),
                () -> conv.padding("some"),
                () -> conv.stride(0),
                () -> conv.dilation(1, 2, 3))) {
            assertThatThrownBy(refused::run).isInstanceOf(IllegalArgumentException.class);
            assertThat(conv.toString()).isEqualTo(new Conv2d(4, 6, 3).toString());
            assertThat(conv.weight()).isSameAs(weight);
        }
        assertThat(conv.parameters()).hasSize(2);
        Sequential list = new Sequential(conv);
        for (Runnable refused : List.<Runnable>of(() -> list.add("0", new ReLU()), () -> list.add(null))) {
            assertThatThrownBy(refused::run);
            assertThat(list.size()).isEqualTo(1);
            assertThat(list.namedChildren()).hasSize(1);
        }
    }

    // ---- modes and conversion

    @Test
    void modesReachEveryModule() {
        Net net = new Net();
        assertThat(net.isTraining()).isTrue();
        net.eval();
        assertThat(net.modules()).noneMatch(Module::isTraining);
        net.train();
        assertThat(net.modules()).allMatch(Module::isTraining);
    }

    @Test
    void conversionKeepsTheParametersThemselves() {
        Net net = new Net();
        List<Tensor> parameters = net.parameters();
        net.forward(Tensors.randn(2, 3, 5, 5)).sum().backward();
        net.to(DType.FLOAT64);
        assertThat(net.parameters())
                .isEqualTo(parameters)
                .allMatch(p -> p.dtype() == DType.FLOAT64 && p.requiresGrad());
        assertThat(net.fc.weight().grad()).isNotNull().matches(g -> g.dtype() == DType.FLOAT64);
        assertThat(net.stateDict().get("bn1.num_batches_tracked").dtype()).isEqualTo(DType.INT64);
        assertThat(net.forward(Tensors.randn(DType.FLOAT64, 2, 3, 5, 5)).dtype())
                .isEqualTo(DType.FLOAT64);
        assertThatThrownBy(() -> net.to(DType.INT64)).hasMessageContaining("floating types only");
    }

    @Test
    void zeroGradClearsAndApplyVisitsChildrenFirst() {
        Net net = new Net();
        net.forward(Tensors.randn(2, 3, 5, 5)).sum().backward();
        assertThat(net.fc.weight().grad()).isNotNull();
        net.zeroGrad();
        assertThat(net.parameters()).allMatch(p -> p.grad() == null);
        List<Module> seen = new ArrayList<>();
        net.apply(seen::add);
        assertThat(seen).hasSize(8).endsWith(net);
    }

    @Test
    void hooksSeeInputsAndOutputs() {
        Net net = new Net();
        List<String> shapes = new ArrayList<>();
        Runnable remove = net.bn1.onForward((m, x, y) -> shapes.add(x.shape() + " " + y.shape()));
        net.forward(Tensors.randn(2, 3, 5, 5));
        remove.run();
        net.forward(Tensors.randn(2, 3, 5, 5));
        assertThat(shapes).containsExactly("[2, 4, 3, 3] [2, 4, 3, 3]");
    }

    /** What lies between Akari's own layers returns to the pool as backward consumes it, with no collection and no scope. */
    @Test
    void ownLayersGiveTheirIntermediateResultsBack() {
        Sequential net = new Sequential(
                new Conv2d(3, 8, 3), new BatchNorm2d(8), new ReLU(), new Sequential(new Conv2d(8, 8, 3), new Tanh()));
        Tensor x = Tensors.randn(4, 3, 96, 96);
        for (int i = 0; i < 3; i++) { // kernels' scratch memory grows to what it needs
            net.forward(x).sum().backward();
        }
        long before = Tensors.memory().inUse();
        Tensor y = net.forward(x);
        y.sum().backward();
        long result = 4 * 8 * 92 * 92 * 4;
        assertThat(Tensors.memory().inUse() - before).isLessThan(2 * result);
        Tensors.noGrad(() -> net.forward(x));
        assertThat(Tensors.memory().inUse() - before).isLessThan(3 * result);
        assertThat(y.isLeaf()).isFalse();
    }

    /** A hook may keep what it sees: then nothing is released early. */
    @Test
    void hooksMayKeepWhatTheySee() {
        Sequential net = new Sequential(new Conv2d(3, 4, 3), new Sequential(new Tanh(), new Sigmoid()));
        List<Tensor> seen = new ArrayList<>();
        Tensor x = Tensors.randn(2, 3, 8, 8);
        net.forward(x);
        Runnable remove = net.get(0).onForward((m, in, out) -> seen.add(out));
        net.forward(x).sum().backward();
        remove.run();
        assertThat(seen.getFirst().toFloats()).hasSize(2 * 4 * 6 * 6);
        net.add(new Linear(6, 2));
        net.get(2).onForward((m, in, out) -> seen.add(in));
        Tensors.noGrad(() -> net.forward(x));
        assertThat(seen.get(1).toFloats()).hasSize(2 * 4 * 6 * 6);
    }

    // ---- errors

    @Test
    void anErrorNamesTheModuleByItsPathOnce() {
        Net net = new Net();
        assertThatThrownBy(() -> net.forward(Tensors.randn(2, 1, 5, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "in Net.conv1 (Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), bias=False)): conv2d:")
                .hasMessageContaining("[2, 1, 5, 5]");
        Sequential nested = new Sequential(new Sequential(new Linear(2, 3), new Linear(4, 5)));
        assertThatThrownBy(() -> nested.forward(Tensors.randn(1, 2)))
                .hasMessageStartingWith(
                        "in Sequential.0.1 (Linear(in_features=4, out_features=5, bias=True)): linear: the input has 3"
                                + " features, the weight takes 4\n  input   [1, 3]\n");
        assertThatThrownBy(() -> new Linear(2, 3).forward(Tensors.zeros(5)))
                .hasMessageStartingWith("in Linear(in_features=2, out_features=3, bias=True): linear:");
    }

    @Test
    void anErrorInAUsersOwnCodeNamesTheUsersModule() {
        class Block extends Module {
            @Override
            protected Tensor compute(Tensor x) {
                return x.add(Tensors.zeros(7));
            }
        }
        assertThatThrownBy(() -> new Sequential(new ReLU(), new Block()).forward(Tensors.zeros(3)))
                .hasMessageStartingWith(
                        "in Sequential.1 (Block()): add: shapes do not broadcast: 3 against 7 at dimension -1");
    }

    @Test
    void stateIsDeclaredOrRefused() {
        class Undeclared extends Module {
            final Tensor w = Tensors.zeros(2).requiresGrad_();
        }
        class Unheld extends Module {
            Unheld() {
                parameter(Tensors.zeros(2));
            }
        }
        class Named extends Module {
            Named() {
                register("w", parameter(Tensors.zeros(2)));
            }
        }
        class Cache extends Module {
            final Tensor last = Tensors.zeros(2);
            final transient Linear hidden = new Linear(1, 1);
        }
        class Loop extends Module {
            final Module self = this;
        }
        assertThatThrownBy(() -> new Undeclared().parameters())
                .hasMessageContaining("Undeclared.w")
                .hasMessageContaining("parameter(…)");
        assertThatThrownBy(() -> new Unheld().parameters()).hasMessageContaining("held by no field");
        assertThat(new Named().stateDict().keySet()).containsExactly("w");
        assertThat(new Cache().stateDict()).isEmpty();
        assertThatThrownBy(() -> new Loop().stateDict()).hasMessageContaining("contains itself");
        assertThatThrownBy(() -> new Named().forward(Tensors.zeros(1))).hasMessageContaining("override it");
    }

    @Test
    void optionsThatReplaceParametersComeBeforeUse() {
        Linear linear = new Linear(2, 2);
        assertThat(linear.toString()).contains("bias=True");
        linear.bias(false);
        assertThat(linear.parameters()).hasSize(1);
        assertThatThrownBy(() -> linear.bias(true)).hasMessageContaining("Linear.bias replaces parameters");
        BatchNorm2d bn = new BatchNorm2d(2);
        bn.forward(Tensors.randn(2, 2, 2, 2));
        assertThatThrownBy(() -> bn.affine(false)).hasMessageContaining("right after construction");
    }

    @Test
    void parametersOutliveTheScopeTheyWereMadeIn() {
        Linear linear;
        try (var scope = Tensors.scope()) {
            linear = new Linear(2, 2);
        }
        assertThat(linear.weight().toFloats()).hasSize(4);
    }
}
