package akari.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SchedulerTest {
    private static final JsonNode DATA = Reference.read("schedulers.json.gz");
    /** Each schedule, alone and as a part of others, to its end and beyond; by the rules of PyTorch 2.10. */
    private static final JsonNode ENDS = Reference.read("schedule-ends.json.gz");

    static Stream<Arguments> runs() {
        return Stream.of(DATA, ENDS)
                .flatMap(d -> d.get("runs").valueStream())
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
                JsonNode metric = run.get("metric").get(i - 1);
                schedule.step(metric.isNull() ? Double.NaN : metric.asDouble());
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
                if (!run.toString().contains("[{\"scheduler\":\"SequentialLR")) { // a nested one counts a step ahead
                    assertThat(schedule.epoch()).isEqualTo(quarters ? i / 4 : i);
                }
            }
            if (run.has("error")) {
                for (int i = 0; i < 2; i++) { // the refused step leaves everything as it is
                    assertThatThrownBy(schedule::step).hasMessageContaining("made for " + (lr.size() - 1) + " steps");
                    assertThat(group.lr()).isEqualTo(actual.getLast());
                }
            }
        }
        for (int i = 0; i < lr.size(); i++) {
            double wanted = lr.get(i).asDouble();
            assertThat(actual.get(i)).as("lr " + i).isCloseTo(wanted, within(1e-12 + 1e-9 * Math.abs(wanted)));
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
                        a.get("milestones")
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray(),
                        a.get("gamma").asDouble());
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
        if (text.isObject()) {
            return schedule(opt, text);
        }
        return switch (text.asString()) {
            case "ConstantLR(factor=0.1,total_iters=2)" -> new ConstantLR(opt, 0.1, 2);
            case "ExponentialLR(gamma=0.9)" -> new ExponentialLR(opt, 0.9);
            case "LinearLR(start_factor=0.01,total_iters=5)" -> new LinearLR(opt, 0.01, 1, 5);
            case "LinearLR(start_factor=0.1,total_iters=5)" -> new LinearLR(opt, 0.1, 1, 5);
            case "LinearLR(start_factor=0.2,total_iters=10)" -> new LinearLR(opt, 0.2, 1, 10);
            case "CosineAnnealingLR(T_max=55)" -> new CosineAnnealingLR(opt, 55);
            case "StepLR(step_size=10,gamma=0.5)" -> new StepLR(opt, 10, 0.5);
            case "MultiStepLR([20,40],0.1)" -> new MultiStepLR(opt, 20, 40);
            default -> throw new IllegalArgumentException(text.asString());
        };
    }

    private static ReduceLROnPlateau plateau(Optimizer opt, JsonNode a) {
        ReduceLROnPlateau s = new ReduceLROnPlateau(
                        opt, a.has("mode") && a.get("mode").asString().equals("max"))
                .factor(number(a, "factor", 0.1))
                .patience((int) number(a, "patience", 10))
                .cooldown((int) number(a, "cooldown", 0))
                .minLr(number(a, "min_lr", 0));
        return a.has("threshold_mode") ? s.absoluteThreshold(a.get("threshold").asDouble()) : s;
    }

    static Stream<Arguments> resumable() {
        return ENDS.get("runs")
                .valueStream()
                .filter(r -> !r.has("metric"))
                .map(r -> Arguments.of(r.get("scheduler").asString() + r.get("args"), r));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("resumable")
    void aResumedScheduleGoesOnExactly(String name, JsonNode run) {
        int steps = run.get("lr").size() - 1;
        for (int cut : new int[] {0, 1, steps / 2, steps - 1, steps}) {
            for (boolean withOptimizer :
                    new boolean[] {true, false}) { // the rates belong to the schedule's state as well
                SGD a = sgd(run.get("base_lr").asDouble());
                Scheduler whole = schedule(a, run);
                for (int i = 0; i < cut; i++) {
                    whole.step();
                }
                SGD b = sgd(run.get("base_lr").asDouble());
                Scheduler resumed = schedule(b, run);
                if (withOptimizer) {
                    b.loadStateDict(a.stateDict());
                }
                resumed.loadStateDict(whole.stateDict());
                for (int i = cut; i <= steps; i++) {
                    assertThat(resumed.epoch()).isEqualTo(whole.epoch());
                    assertThat(resumed.lastLr()).isEqualTo(whole.lastLr());
                    assertThat(b.groups().getFirst().get("momentum"))
                            .isEqualTo(a.groups().getFirst().get("momentum"));
                    if (i < steps) {
                        whole.step();
                        resumed.step();
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("resumable")
    void aScheduleMadeInTheMiddleOfAnotherIsRefused(String name, JsonNode run) {
        SGD a = sgd(0.1);
        Scheduler first = new ExponentialLR(a, 0.5);
        first.step();
        SGD b = sgd(0.1);
        b.loadStateDict(a.stateDict());
        assertThatThrownBy(() -> schedule(b, run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("make the schedule first")
                .hasMessageContaining("lr(0.1)");
        assertThat(b.groups().getFirst().lr()).isEqualTo(0.05);
        b.lr(run.get("base_lr").asDouble());
        List<Double> rates = new ArrayList<>();
        Scheduler anew = schedule(b, run);
        rates.add(anew.lastLr().getFirst());
        for (int i = 1; i < run.get("lr").size(); i++) {
            anew.step();
            rates.add(anew.lastLr().getFirst());
        }
        double[] wanted = Reference.doubles(run.get("lr"));
        for (int i = 0; i < wanted.length; i++) {
            assertThat(rates.get(i)).as("lr " + i).isCloseTo(wanted[i], within(1e-12 + 1e-9 * Math.abs(wanted[i])));
        }
    }

    @Test
    void aStateWithoutScheduleCanBeginOne() {
        SGD a = sgd(0.3);
        SGD b = sgd(0.1);
        b.loadStateDict(a.stateDict());
        Scheduler schedule = new ExponentialLR(b, 0.5);
        schedule.step();
        assertThat(schedule.lastLr()).containsExactly(0.15);
    }

    @Test
    void restartsGoOnFromAFractionOfAnEpoch() {
        var schedule = new CosineAnnealingWarmRestarts(sgd(0.1), 4);
        schedule.step(3.5);
        schedule.step();
        assertThat(schedule.lastLr().getFirst()).isCloseTo(0.1 * (1 + Math.cos(Math.PI * 0.5 / 4)) / 2, within(1e-12));
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
        cycle.step();
        assertThatThrownBy(cycle::step).hasMessageContaining("made for 2 steps");
        assertThatThrownBy(() -> new OneCycleLR(opt, 0.1, 2).pctStart(1.5)).hasMessageContaining("[0, 1]");
        assertThatThrownBy(() -> new ExponentialLR(opt, 0.9).loadStateDict(java.util.Map.of()))
                .hasMessageContaining("lacks last_epoch");
    }
}
