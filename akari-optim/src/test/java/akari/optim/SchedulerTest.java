package akari.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SchedulerTest {
    private static final JsonNode DATA = Reference.read("schedulers.json.gz");

    static Stream<Arguments> runs() {
        return DATA.get("runs")
                .valueStream()
                .map(r -> Arguments.of(r.get("scheduler").asString() + r.get("args"), r));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void followsPyTorchsCurve(String name, JsonNode run) {
        SGD opt = sgd(run.get("base_lr").asDouble());
        ParamGroup group = opt.groups().getFirst();
        JsonNode lr = run.get("lr");
        JsonNode momentum = run.get("momentum");
        List<Double> actual = new ArrayList<>();
        List<Double> actualMomentum = new ArrayList<>();
        if (run.has("metric")) {
            ReduceLROnPlateau schedule = plateau(opt, run.get("args"));
            actual.add(group.lr());
            for (int i = 1; i < lr.size(); i++) {
                schedule.step(run.get("metric").get(i - 1).asDouble());
                actual.add(group.lr());
            }
        } else {
            Scheduler schedule = schedule(opt, run);
            boolean quarters = run.has("note");
            for (int i = 0; i < lr.size(); i++) {
                if (i > 0 && quarters) {
                    ((CosineAnnealingWarmRestarts) schedule).step(i / 4.0);
                } else if (i > 0) {
                    schedule.step();
                }
                actual.add(group.lr());
                actualMomentum.add(group.get("momentum"));
                assertThat(schedule.lastLr()).containsExactly(group.lr());
                assertThat(schedule.epoch()).isEqualTo(quarters ? i / 4 : i);
            }
        }
        for (int i = 0; i < lr.size(); i++) {
            double wanted = lr.get(i).asDouble();
            assertThat(actual.get(i)).as("lr " + i).isCloseTo(wanted, within(1e-12 + 1e-9 * wanted));
            if (momentum != null) {
                assertThat(actualMomentum.get(i))
                        .as("momentum " + i)
                        .isCloseTo(momentum.get(i).asDouble(), within(1e-9));
            } else if (!actualMomentum.isEmpty()) {
                assertThat(actualMomentum.get(i)).isEqualTo(0.9);
            }
        }
    }

    private static SGD sgd(double lr) {
        Tensor p = Tensors.zeros(1).requiresGrad_();
        return new SGD(List.of(p)).lr(lr).momentum(0.9);
    }

    private static Scheduler schedule(Optimizer opt, JsonNode run) {
        JsonNode a = run.get("args");
        return switch (run.get("scheduler").asString()) {
            case "StepLR" ->
                a.has("gamma")
                        ? new StepLR(
                                opt, a.get("step_size").asInt(), a.get("gamma").asDouble())
                        : new StepLR(opt, a.get("step_size").asInt());
            case "MultiStepLR" ->
                new MultiStepLR(
                        opt,
                        a.get("gamma").asDouble(),
                        a.get("milestones")
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray());
            case "ConstantLR" -> new ConstantLR(opt, number(a, "factor", 1.0 / 3), (int) number(a, "total_iters", 5));
            case "LinearLR" ->
                new LinearLR(opt, number(a, "start_factor", 1.0 / 3), number(a, "end_factor", 1), (int)
                        number(a, "total_iters", 5));
            case "ExponentialLR" -> new ExponentialLR(opt, a.get("gamma").asDouble());
            case "CosineAnnealingLR" ->
                new CosineAnnealingLR(opt, a.get("T_max").asInt(), number(a, "eta_min", 0));
            case "CosineAnnealingWarmRestarts" ->
                new CosineAnnealingWarmRestarts(
                        opt, a.get("T_0").asInt(), (int) number(a, "T_mult", 1), number(a, "eta_min", 0));
            case "PolynomialLR" -> new PolynomialLR(opt, (int) number(a, "total_iters", 5), number(a, "power", 1));
            case "CyclicLR" ->
                new CyclicLR(
                        opt,
                        a.get("base_lr").asDouble(),
                        a.get("max_lr").asDouble(),
                        a.get("step_size_up").asInt(),
                        a.get("step_size_down").asInt(),
                        CyclicLR.Mode.valueOf(a.get("mode").asString().toUpperCase(Locale.ROOT)),
                        number(a, "gamma", 1));
            case "OneCycleLR" -> oneCycle(opt, a);
            case "LambdaLR" ->
                a.get("lr_lambda").asString().startsWith("0.95")
                        ? new LambdaLR(opt, e -> Math.pow(0.95, e))
                        : new LambdaLR(opt, e -> Math.min(1, (e + 1) / 5.0));
            case "MultiplicativeLR" -> new MultiplicativeLR(opt, e -> e % 2 == 0 ? 0.9 : 1.05);
            case "SequentialLR" -> {
                List<Scheduler> parts =
                        a.get("schedulers").valueStream().map(s -> part(opt, s)).toList();
                yield new SequentialLR(
                        opt,
                        parts,
                        a.get("milestones")
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray());
            }
            case "ChainedScheduler" ->
                new ChainedScheduler(
                        a.get("schedulers").valueStream().map(s -> part(opt, s)).toList());
            default -> throw new IllegalArgumentException(run.get("scheduler").asString());
        };
    }

    private static double number(JsonNode a, String name, double otherwise) {
        return a.has(name) ? a.get(name).asDouble() : otherwise;
    }

    private static Scheduler oneCycle(Optimizer opt, JsonNode a) {
        int total = a.has("total_steps")
                ? a.get("total_steps").asInt()
                : a.get("epochs").asInt() * a.get("steps_per_epoch").asInt();
        OneCycleLR s = new OneCycleLR(opt, a.get("max_lr").asDouble(), total);
        if (a.has("pct_start")) {
            s.pctStart(a.get("pct_start").asDouble());
        }
        if (a.has("div_factor")) {
            s.divFactors(
                    a.get("div_factor").asDouble(), a.get("final_div_factor").asDouble());
        }
        if (a.has("anneal_strategy")) {
            s.linear();
        }
        if (a.has("three_phase")) {
            s.threePhase();
        }
        if (a.has("cycle_momentum")) {
            s.cycleMomentum(a.get("cycle_momentum").asBoolean());
        }
        return s;
    }

    private static Scheduler part(Optimizer opt, JsonNode text) {
        return switch (text.asString()) {
            case "ConstantLR(factor=0.1,total_iters=2)" -> new ConstantLR(opt, 0.1, 2);
            case "ExponentialLR(gamma=0.9)" -> new ExponentialLR(opt, 0.9);
            case "LinearLR(start_factor=0.01,total_iters=5)" -> new LinearLR(opt, 0.01, 1, 5);
            case "LinearLR(start_factor=0.1,total_iters=5)" -> new LinearLR(opt, 0.1, 1, 5);
            case "LinearLR(start_factor=0.2,total_iters=10)" -> new LinearLR(opt, 0.2, 1, 10);
            case "CosineAnnealingLR(T_max=55)" -> new CosineAnnealingLR(opt, 55);
            case "StepLR(step_size=10,gamma=0.5)" -> new StepLR(opt, 10, 0.5);
            case "MultiStepLR([20,40],0.1)" -> new MultiStepLR(opt, 0.1, 20, 40);
            default -> throw new IllegalArgumentException(text.asString());
        };
    }

    private static ReduceLROnPlateau plateau(Optimizer opt, JsonNode a) {
        ReduceLROnPlateau s = new ReduceLROnPlateau(opt, a.has("mode"))
                .factor(number(a, "factor", 0.1))
                .patience((int) number(a, "patience", 10))
                .cooldown((int) number(a, "cooldown", 0))
                .minLr(number(a, "min_lr", 0));
        return a.has("threshold_mode") ? s.absoluteThreshold(a.get("threshold").asDouble()) : s;
    }

    static Stream<Arguments> resumable() {
        return Stream.of(
                made("step", (opt, i) -> new StepLR(opt, 3, 0.5)),
                made("restarts", (opt, i) -> new CosineAnnealingWarmRestarts(opt, 3, 2, 0.001)),
                made("one cycle", (opt, i) -> new OneCycleLR(opt, 0.1, 30)),
                made(
                        "sequential",
                        (opt, i) -> new SequentialLR(
                                opt, List.of(new LinearLR(opt, 0.1, 1, 4), new CosineAnnealingLR(opt, 20)), 4)),
                made(
                        "chained",
                        (opt, i) -> new ChainedScheduler(
                                List.of(new LinearLR(opt, 0.1, 1, 4), new ExponentialLR(opt, 0.9)))));
    }

    private static Arguments made(String name, BiFunction<Optimizer, Integer, Scheduler> make) {
        return Arguments.of(name, make);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("resumable")
    void aResumedScheduleGoesOnExactly(String name, BiFunction<Optimizer, Integer, Scheduler> make) {
        SGD a = sgd(0.1);
        Scheduler whole = make.apply(a, 0);
        for (int i = 0; i < 5; i++) {
            whole.step();
        }
        SGD b = sgd(0.1);
        Scheduler resumed = make.apply(b, 0);
        b.loadStateDict(a.stateDict());
        resumed.loadStateDict(whole.stateDict());
        for (int i = 0; i < 12; i++) {
            whole.step();
            resumed.step();
            assertThat(resumed.lastLr()).isEqualTo(whole.lastLr());
        }
    }

    @Test
    void wrongUseIsRefused() {
        SGD opt = sgd(0.1);
        assertThatThrownBy(() -> new StepLR(opt, 0)).hasMessageContaining("stepSize must be at least 1");
        assertThatThrownBy(() -> new ConstantLR(opt, 2, 5)).hasMessageContaining("(0, 1]");
        assertThatThrownBy(() -> new SequentialLR(opt, List.of(new ExponentialLR(opt, 0.9)), 3))
                .hasMessageContaining("one milestone fewer");
        OneCycleLR cycle = new OneCycleLR(opt, 0.1, 2);
        cycle.step();
        assertThatThrownBy(cycle::step).hasMessageContaining("made for 2 steps");
        assertThatThrownBy(() -> new ExponentialLR(opt, 0.9).loadStateDict(java.util.Map.of()))
                .hasMessageContaining("lacks last_epoch");
    }
}
