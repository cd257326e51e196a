package akari.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class OptimizerTest {
    private static final JsonNode DATA = Reference.read("optimizers.json.gz");

    // ---- PyTorch's trajectories

    static Stream<Arguments> runs() {
        return DATA.get("runs")
                .valueStream()
                .map(r -> Arguments.of(
                        r.get("optimizer").asString() + r.get("args") + " "
                                + r.get("problem").asString(),
                        r));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void walksAsPyTorchDoes(String name, JsonNode run) {
        Tensor p = Reference.parameter(run.get("start"));
        JsonNode args = run.get("args");
        Optimizer opt = switch (run.get("optimizer").asString()) {
            case "SGD" -> Reference.sgd(p, args);
            case "Adam" -> Reference.adam(p, args);
            default -> Reference.adamW(p, args);
        };
        boolean rosenbrock = run.get("problem").asString().equals("rosenbrock");
        JsonNode losses = run.get("loss_before_step");
        for (int i = 0; i < losses.size(); i++) {
            opt.zeroGrad();
            Tensor loss = rosenbrock ? rosenbrock(p) : quadratic(p);
            close(new double[] {loss.item()}, new double[] {losses.get(i).asDouble()}, 1e-9);
            loss.backward();
            opt.step();
            close(p.toDoubles(), Reference.doubles(run.get("params_after_step").get(i)), 1e-9);
        }
        Map<String, Tensor> state = opt.stateDict();
        run.get("final_state")
                .propertyStream()
                .filter(e -> !e.getValue().isNull())
                .forEach(e -> {
                    Tensor t = state.get("state.0." + e.getKey());
                    assertThat(t).as(e.getKey()).isNotNull();
                    double[] wanted = e.getValue().isArray()
                            ? Reference.doubles(e.getValue())
                            : new double[] {e.getValue().asDouble()};
                    close(t.toDoubles(), wanted, 1e-9);
                });
    }

    private static Tensor rosenbrock(Tensor p) {
        Tensor a = p.get(0);
        return a.rsub(1).square().add(p.get(1).sub(a.square()).square().mul(100));
    }

    private static Tensor quadratic(Tensor p) {
        JsonNode q = DATA.get("problems").get("quadratic");
        double[] a = q.get("A")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        Tensor matrix = Tensors.of(DType.FLOAT64, a, Shape.of(3, 3));
        Tensor b = Tensors.of(DType.FLOAT64, Reference.doubles(q.get("b")), Shape.of(3));
        return p.matmul(matrix.matmul(p)).mul(0.5).sub(b.matmul(p));
    }

    private static void close(double[] actual, double[] wanted, double relative) {
        assertThat(actual).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(actual[i]).isCloseTo(wanted[i], within(relative * Math.max(1, Math.abs(wanted[i]))));
        }
    }

    // ---- groups

    @Test
    void groupsHaveTheirOwnOptionsAndGradientlessParametersRest() {
        JsonNode wanted = DATA.get("param_groups");
        List<Tensor> p =
                wanted.get("start").valueStream().map(Reference::parameter).toList();
        SGD opt = new SGD(p.subList(0, 1)).lr(0.01).momentum(0.9);
        opt.addGroup(p.subList(1, 3), g -> g.weightDecay(0.1));
        opt.groups().getFirst().lr(0.1);
        for (JsonNode after : wanted.get("after_step")) {
            opt.zeroGrad();
            p.get(0).square().sum().add(p.get(1).pow(4).sum()).backward();
            opt.step();
            for (int i = 0; i < 3; i++) {
                close(p.get(i).toDoubles(), Reference.doubles(after.get(i)), 1e-12);
            }
        }
    }

    @Test
    void defaultsArePyTorchs() {
        Tensor p = Tensors.zeros(1).requiresGrad_();
        Map<String, Optimizer> made =
                Map.of("SGD", new SGD(List.of(p)), "Adam", new Adam(List.of(p)), "AdamW", new AdamW(List.of(p)));
        made.forEach((name, opt) -> {
            JsonNode defaults = DATA.get("defaults").get(name);
            ParamGroup g = opt.groups().getFirst();
            g.options().forEach((option, value) -> {
                JsonNode wanted = option.startsWith("beta")
                        ? defaults.get("betas").get(option.equals("beta1") ? 0 : 1)
                        : defaults.get(option);
                if (wanted.isNumber() || wanted.isBoolean()) { // SGD's rate has no default in that version
                    double expected = wanted.isBoolean() ? (wanted.asBoolean() ? 1 : 0) : wanted.asDouble();
                    assertThat(value).as(name + "." + option).isEqualTo(expected);
                }
            });
        });
    }

    @Test
    void wrongOptionsAreRefused() {
        Tensor p = Tensors.zeros(1).requiresGrad_();
        assertThatThrownBy(() -> new SGD(List.of(p)).lr(-1)).hasMessageContaining("lr = -1.0");
        assertThatThrownBy(() -> new SGD(List.of(p)).lr(Double.NaN)).hasMessageContaining("lr = NaN");
        assertThatThrownBy(() -> new Adam(List.of(p)).betas(0.9, 1)).hasMessageContaining("beta2 = 1.0");
        assertThatThrownBy(() -> new Adam(List.of(p)).groups().getFirst().set("momentum", 0.9))
                .hasMessageContaining("no option \"momentum\"");
        assertThatThrownBy(() -> new Adam(List.of(p, p))).hasMessageContaining("already in this optimiser");
        assertThatThrownBy(() -> new Adam(List.of())).hasMessageContaining("at least one parameter");
        assertThatThrownBy(() -> new Adam(List.of(p.mul(2)))).hasMessageContaining("no floating-point leaf");
        SGD nesterov = new SGD(List.of(p)).nesterov(true);
        p.grad(Tensors.ones(1));
        assertThatThrownBy(nesterov::step).hasMessageContaining("nesterov needs a momentum");
    }

    // ---- saving

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("sgd", (Function<Tensor, Optimizer>)
                        p -> new SGD(List.of(p)).lr(0.1).momentum(0.9)),
                Arguments.of("adam", (Function<Tensor, Optimizer>)
                        p -> new Adam(List.of(p)).lr(0.1).amsgrad(true)),
                Arguments.of("adamw", (Function<Tensor, Optimizer>) p -> new AdamW(List.of(p)).lr(0.1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void aResumedRunEqualsAnUninterruptedOne(String name, Function<Tensor, Optimizer> make) {
        Tensor whole = start();
        Optimizer a = make.apply(whole);
        Scheduler sa = new CosineAnnealingLR(a, 10);
        Tensor first = start();
        Optimizer b = make.apply(first);
        Scheduler sb = new CosineAnnealingLR(b, 10);
        for (int i = 0; i < 4; i++) {
            step(whole, a, sa);
            step(first, b, sb);
        }
        Map<String, Tensor> saved = new LinkedHashMap<>();
        b.stateDict().forEach((k, t) -> saved.put(k, t.detach().clone()));
        Map<String, Double> schedule = sb.stateDict();

        Tensor second = first.detach().clone().requiresGrad_();
        Optimizer c = make.apply(second);
        Scheduler sc = new CosineAnnealingLR(c, 10);
        c.loadStateDict(saved);
        sc.loadStateDict(schedule);
        for (int i = 0; i < 4; i++) {
            step(whole, a, sa);
            step(second, c, sc);
        }
        assertThat(second.toFloats()).isEqualTo(whole.toFloats());
        assertThat(sc.lastLr()).isEqualTo(sa.lastLr());
    }

    private static Tensor start() {
        return Tensors.tensor(1f, -2f, 0.5f).requiresGrad_();
    }

    private static void step(Tensor p, Optimizer opt, Scheduler schedule) {
        opt.zeroGrad();
        p.pow(4).sum().backward();
        opt.step();
        schedule.step();
    }

    @Test
    void aStateThatDoesNotFitIsRefused() {
        Tensor p = start();
        Adam opt = new Adam(List.of(p));
        step(p, opt, new ExponentialLR(opt, 0.9));
        Map<String, Tensor> saved = opt.stateDict();
        assertThat(saved.keySet())
                .contains("group.0.lr", "group.0.initial_lr", "state.0.step", "state.0.exp_avg", "state.0.exp_avg_sq");
        Adam other = new Adam(List.of(Tensors.zeros(2).requiresGrad_()));
        assertThatThrownBy(() -> other.loadStateDict(saved))
                .hasMessageContaining("state.0.exp_avg has shape [3]")
                .hasMessageContaining("[2]");
        Map<String, Tensor> strange = new LinkedHashMap<>(saved);
        strange.put("state.1.exp_avg", Tensors.zeros(3));
        assertThatThrownBy(() -> opt.loadStateDict(strange)).hasMessageContaining("state.1.exp_avg");
        assertThatThrownBy(() -> opt.loadStateDict(Map.of())).hasMessageContaining("group 0 lacks options");
    }

    @Test
    void stateOutlivesTheScopeOfAStep() {
        Tensor p = start();
        AdamW opt = new AdamW(List.of(p));
        for (int i = 0; i < 3; i++) {
            try (var scope = Tensors.scope()) {
                opt.zeroGrad();
                p.square().sum().backward();
                opt.step();
            }
        }
        assertThat(opt.stateDict().get("state.0.step").itemLong()).isEqualTo(3);
        assertThat(opt.stateDict().get("state.0.exp_avg").toFloats()).hasSize(3);
    }

    // ---- clipping

    static Stream<JsonNode> clips() {
        return DATA.get("clip_grad_norm").valueStream();
    }

    @ParameterizedTest
    @MethodSource("clips")
    void clippingScalesAllGradientsByTheirCommonNorm(JsonNode c) {
        List<Tensor> parameters = new ArrayList<>();
        for (JsonNode g : c.get("grads_in")) {
            double[] values = Reference.doubles(g);
            Tensor p = Tensors.zeros(DType.FLOAT64, values.length).requiresGrad_();
            p.grad(Tensors.of(DType.FLOAT64, values, Shape.of(values.length)));
            parameters.add(p);
        }
        parameters.add(Tensors.zeros(2).requiresGrad_()); // no gradient
        JsonNode type = c.get("norm_type");
        double norm = Clip.clipGradNorm_(
                parameters, c.get("max_norm").asDouble(), type.isString() ? Double.POSITIVE_INFINITY : type.asDouble());
        assertThat(norm).isCloseTo(c.get("total_norm").asDouble(), within(1e-12));
        for (int i = 0; i < c.get("grads_out").size(); i++) {
            Tensor g = parameters.get(i).grad();
            assertThat(g).isNotNull();
            close(g.toDoubles(), Reference.doubles(c.get("grads_out").get(i)), 1e-12);
        }
    }

    @Test
    void clippingByValueCutsEachElement() {
        Tensor p = Tensors.zeros(3).requiresGrad_();
        p.grad(Tensors.tensor(-3f, 0.5f, 3f));
        Clip.clipGradValue_(List.of(p), 1);
        assertThat(p.grad().toDoubles()).containsExactly(-1, 0.5, 1);
    }

    private static Tensor clipped(DType type, double maxNorm, double... grad) {
        Tensor p = Tensors.zeros(type, grad.length).requiresGrad_();
        p.grad(Tensors.of(type, grad, Shape.of(grad.length)));
        Clip.clipGradNorm_(List.of(p), maxNorm);
        return p.grad();
    }

    /** Squares of 300 and a length of 84853 are more than a float16 holds. */
    @Test
    void theNormOfHalvesDoesNotOverflow() {
        assertThat(clipped(DType.FLOAT16, 1, 300, 400).toDoubles()).containsExactly(0.60009765625, 0.7998046875);
        close(clipped(DType.FLOAT16, 1, 60000, 60000).toDoubles(), new double[] {Math.sqrt(0.5), Math.sqrt(0.5)}, 4e-4);
        close(clipped(DType.BFLOAT16, 1, 0x1p-70, 0x1p-70).toDoubles(), new double[] {0x1p-70, 0x1p-70}, 0);
    }

    /** PyTorch's numbers: a norm that is not finite goes into the factor. */
    @Test
    void aNormThatIsNotFiniteIsNotPassedOver() {
        double inf = Double.POSITIVE_INFINITY;
        assertThat(clipped(DType.FLOAT32, 1, Double.NaN, 1).toDoubles()).containsOnly(Double.NaN);
        assertThat(clipped(DType.FLOAT32, 1, inf, 1).toDoubles()).containsExactly(Double.NaN, 0);
        assertThat(clipped(DType.FLOAT32, 1, 1e25, 1).toDoubles()).containsOnly(0);
        assertThat(clipped(DType.FLOAT32, inf, inf, 1).toDoubles()).containsOnly(Double.NaN);
        for (double bad : new double[] {Double.NaN, inf, -inf}) {
            Tensor p = Tensors.zeros(2).requiresGrad_();
            p.grad(Tensors.tensor(1f, (float) bad));
            assertThatThrownBy(() -> Clip.clipGradNorm_(List.of(p), 1, 2, true))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2.0-norm of the gradients is");
            assertThat(p.grad().toFloats()).containsExactly(1, (float) bad);
        }
        Tensor p = Tensors.zeros(4).requiresGrad_();
        p.grad(Tensors.tensor(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f));
        Clip.clipGradValue_(List.of(p), 1);
        assertThat(p.grad().toFloats()).containsExactly(Float.NaN, 1, -1, -0f);
    }

    /** The first step is {@code lr · g/(|g| + eps)}: eps stands outside the root. */
    @Test
    void epsIsAddedToTheRootOfTheSecondMoment() {
        double[] grads = {1e-8, -1e-10, 1e-16, 0, 1, 1e10};
        for (boolean decoupled : new boolean[] {false, true}) {
            for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
                Tensor p = Tensors.zeros(type, grads.length).requiresGrad_();
                p.grad(Tensors.of(type, grads, Shape.of(grads.length)));
                if (decoupled) {
                    new AdamW(List.of(p)).lr(1).step();
                } else {
                    new Adam(List.of(p)).lr(1).step();
                }
                for (int i = 0; i < grads.length; i++) {
                    double wanted = -grads[i] / (Math.abs(grads[i]) + 1e-8);
                    assertThat(p.toDoubles()[i]).isCloseTo(wanted, within(1e-6 * Math.abs(wanted)));
                }
            }
        }
    }

    @Test
    void printsAsPyTorchDoes() {
        SGD opt = new SGD(List.of(Tensors.zeros(2).requiresGrad_())).lr(0.1).momentum(0.9);
        assertThat(opt).hasToString("""
                SGD (
                Parameter Group 0
                    dampening: 0
                    lr: 0.1
                    maximize: False
                    momentum: 0.9
                    nesterov: False
                    weight_decay: 0
                )""");
        assertThat(new Adam(List.of(Tensors.zeros(2).requiresGrad_()), 1.5e-10)).hasToString("""
                Adam (
                Parameter Group 0
                    amsgrad: False
                    betas: (0.9, 0.999)
                    eps: 1e-08
                    lr: 1.5e-10
                    maximize: False
                    weight_decay: 0
                )""");
        assertThat(new SGD(List.of(Tensors.zeros(2).requiresGrad_()), 1e-4).toString())
                .contains(" lr: 0.0001\n");
        assertThat(opt.groups().getFirst().toString()).startsWith("ParamGroup(1 parameters, {lr=0.1, momentum=0.9,");
        assertThat(new StepLR(opt, 3)).hasToString("StepLR(epoch=0, lr=[0.1])");
        assertThat(new ReduceLROnPlateau(opt)).hasToString("ReduceLROnPlateau(best=Infinity, bad epochs=0, lr=[0.1])");
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    void aNullArgumentIsNamed() {
        SGD opt = new SGD(List.of(Tensors.zeros(2).requiresGrad_()));
        assertThatThrownBy(() -> new SGD(null)).hasMessageContaining("parameters");
        assertThatThrownBy(() -> new StepLR(null, 3)).hasMessageContaining("optimizer");
        assertThatThrownBy(() -> new CyclicLR(null, 0.1, 0.2, 1, 1, CyclicLR.Mode.TRIANGULAR, 1))
                .hasMessageContaining("optimizer");
        assertThatThrownBy(() -> new LambdaLR(opt, null)).hasMessageContaining("factor");
        assertThatThrownBy(() -> new ReduceLROnPlateau(null)).hasMessageContaining("optimizer");
        assertThatThrownBy(() -> new ChainedScheduler(null)).hasMessageContaining("schedulers");
        assertThatThrownBy(() -> new SequentialLR(opt, null)).hasMessageContaining("schedulers");
        assertThatThrownBy(() -> new ChainedScheduler(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> opt.loadStateDict(null)).hasMessageContaining("saved");
    }
}
