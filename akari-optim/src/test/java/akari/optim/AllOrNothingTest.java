package akari.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused changes nothing: options, groups, rates, states and parameters are as before. */
class AllOrNothingTest {
    private final Tensor a = Tensors.tensor(1f, -2f).requiresGrad_();
    private final Tensor b = Tensors.tensor(3f).requiresGrad_();

    /** An optimiser of two groups in mid-training. */
    private <O extends Optimizer> O trained(O opt) {
        opt.addGroup(List.of(b), g -> g.lr(0.05));
        for (int i = 0; i < 3; i++) {
            opt.zeroGrad();
            a.square().sum().add(b.square().sum()).backward();
            opt.step();
        }
        return opt;
    }

    private static Map<String, List<Double>> copy(Optimizer opt) {
        Map<String, List<Double>> all = new TreeMap<>();
        opt.stateDict()
                .forEach((k, t) ->
                        all.put(k, Arrays.stream(t.toDoubles()).boxed().toList()));
        return all;
    }

    private String seen(Optimizer opt) {
        return opt + " " + copy(opt) + " " + opt.groups() + Arrays.toString(a.toFloats())
                + Arrays.toString(b.toFloats());
    }

    private static Map<String, Tensor> changed(Optimizer opt, Consumer<Map<String, Tensor>> change) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        // other values than the optimiser's, which a part that was taken over would show
        opt.stateDict()
                .forEach((k, t) -> state.put(
                        k, k.endsWith("params") || k.endsWith("step") ? t : Tensors.noGrad(() -> t.mul(0.5))));
        change.accept(state);
        return state;
    }

    static Stream<Arguments> optimizers() {
        Tensor zero = Tensors.scalar(0);
        Consumer<Optimizer> nan = o -> o.addGroup(more(), g -> g.lr(Double.NaN));
        return Stream.of(
                row("a group's refused option", nan),
                row(
                        "a group's unknown option",
                        o -> o.addGroup(more(), g -> g.lr(0.3).set("warmup", 1))),
                row(
                        "an exception in a group's options",
                        o -> o.addGroup(more(), _ -> {
                            throw new IllegalArgumentException("mine");
                        })),
                row("a parameter twice", o -> o.addGroup(o.groups().getFirst().parameters(), _ -> {})),
                row("the second beta", o -> {
                    if (o instanceof Adam adam) {
                        adam.betas(0.5, 1);
                    } else {
                        throw new IllegalArgumentException("without betas");
                    }
                }),
                load("a state without a step", s -> s.remove("state.1.step")),
                load("a state without a tensor", s -> s.keySet().removeIf(k -> k.matches("state\\.1\\.(exp|mom).*"))),
                load("a state of an unknown tensor", s -> s.put("state.0.exp_max", zero)),
                load("a state that is null", s -> s.put("state.1.step", null)),
                load("half a step", s -> s.put("state.1.step", Tensors.scalar(1.5))),
                load("a step of three", s -> s.put("state.1.step", Tensors.zeros(3))),
                load("a group without a rate", s -> s.remove("group.1.lr")),
                load("a group without its count", s -> s.remove("group.1.params")),
                load("a group of another count", s -> s.put("group.1.params", Tensors.scalar(2))),
                load("a group too many", s -> s.put("group.2.lr", zero)),
                load("a rate that is NaN", s -> s.put("group.1.lr", Tensors.scalar(Double.NaN))),
                load("an option out of range", s -> s.put("group.1.weight_decay", Tensors.scalar(-1))),
                load("an unknown option", s -> s.put("group.1.warmup", zero)),
                load("an option that is no scalar", s -> s.put("group.1.lr", Tensors.zeros(2))),
                load(
                        "a shape that differs",
                        s -> s.keySet().stream()
                                .filter(k -> k.matches("state\\.1\\.(exp_avg|mom).*"))
                                .toList()
                                .forEach(k -> s.put(k, Tensors.zeros(2)))),
                load("a key of no meaning", s -> s.put("momentum", zero)));
    }

    private static List<Tensor> more() {
        return List.of(Tensors.zeros(2).requiresGrad_());
    }

    private static Arguments row(String name, Consumer<Optimizer> refused) {
        return Arguments.of(name, refused);
    }

    private static Arguments load(String name, Consumer<Map<String, Tensor>> change) {
        return row(name, o -> o.loadStateDict(changed(o, change)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void anOptimizerIsAsBefore(String name, Consumer<Optimizer> refused) {
        for (Optimizer opt : List.of(
                new SGD(List.of(a)).lr(0.1).momentum(0.9),
                new Adam(List.of(a)).lr(0.1).amsgrad(true),
                new AdamW(List.of(a)).lr(0.1))) {
            trained(opt);
            String before = seen(opt);
            assertThat(catchThrowable(() -> refused.accept(opt)))
                    .as(opt.getClass().getSimpleName())
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(seen(opt)).isEqualTo(before);
        }
    }

    @Test
    void aStepOfContradictingOptionsChangesNoParameter() {
        SGD opt = trained(new SGD(List.of(a)).lr(0.1).momentum(0.9).nesterov(true));
        opt.groups().getLast().set("dampening", 0.5);
        String before = seen(opt);
        assertThat(catchThrowable(opt::step)).hasMessageContaining("nesterov needs");
        assertThat(seen(opt)).isEqualTo(before);
    }

    @Test
    void whatWasSwitchedOnSinceTheLastStepIsSavedAsZeros() {
        Adam opt = trained(new Adam(List.of(a)));
        opt.amsgrad(true);
        opt.loadStateDict(opt.stateDict());
        assertThat(opt.stateDict().get("state.0.max_exp_avg_sq").toFloats()).containsOnly(0);
    }

    // ---- schedules

    static Stream<Arguments> schedules() {
        return Stream.of(
                make("step", o -> new StepLR(o, 2)),
                make("cosine", o -> new CosineAnnealingLR(o, 9)),
                make("warm", o -> new CosineAnnealingWarmRestarts(o, 3)),
                make("one cycle", o -> new OneCycleLR(o, 0.1, 9)),
                make("cyclic", o -> new CyclicLR(o, 0.1, 0.2, 3)),
                make("chained", o -> new ChainedScheduler(List.of(new StepLR(o, 2), new ExponentialLR(o, 0.9)))),
                make(
                        "sequential",
                        o -> new SequentialLR(o, List.of(new StepLR(o, 2), new CosineAnnealingWarmRestarts(o, 3)), 2)));
    }

    private static Arguments make(String name, java.util.function.Function<Optimizer, Scheduler> make) {
        return Arguments.of(name, make);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void aScheduleTakesOverAllOfAStateOrNothing(String name, java.util.function.Function<Optimizer, Scheduler> make) {
        SGD opt = trained(new SGD(List.of(a)).lr(0.1).momentum(0.9));
        Scheduler schedule = make.apply(opt);
        for (int i = 0; i < 4; i++) {
            schedule.step();
        }
        Map<String, Double> saved = schedule.stateDict();
        schedule.step();
        Map<String, Double> before = schedule.stateDict();
        String rates = seen(opt);
        for (String key : saved.keySet()) {
            List<UnaryOperator<Double>> wrong = List.of(_ -> null, _ -> Double.NaN, _ -> Double.POSITIVE_INFINITY);
            for (UnaryOperator<Double> w : wrong) {
                Map<String, Double> bad = new LinkedHashMap<>(saved);
                bad.put(key, w.apply(0.0));
                refuses(schedule, bad);
            }
            Map<String, Double> without = new LinkedHashMap<>(saved);
            without.remove(key);
            refuses(schedule, without);
            if (key.endsWith("last_epoch") || key.endsWith("T_i")) {
                Map<String, Double> half = new LinkedHashMap<>(saved);
                half.put(key, 1.5);
                refuses(schedule, half);
            }
        }
        Map<String, Double> more = new LinkedHashMap<>(saved);
        more.put("last_lr.2", 0.1);
        refuses(schedule, more);
        assertThat(schedule.stateDict()).isEqualTo(before);
        assertThat(seen(opt)).isEqualTo(rates);
        schedule.loadStateDict(saved);
        assertThat(schedule.stateDict()).isEqualTo(saved);
    }

    private static void refuses(Scheduler schedule, Map<String, Double> state) {
        assertThat(catchThrowable(() -> schedule.loadStateDict(state)))
                .as(state.toString())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schedule state");
    }

    @Test
    void aPlateauTakesOverAllOfAStateOrNothing() {
        ReduceLROnPlateau plateau = new ReduceLROnPlateau(trained(new SGD(List.of(a))));
        plateau.step(3);
        Map<String, Double> before = plateau.stateDict();
        for (String key : before.keySet()) {
            Map<String, Double> bad = new LinkedHashMap<>(before);
            bad.replaceAll((_, v) -> v + 1);
            bad.remove(key);
            assertThat(catchThrowable(() -> plateau.loadStateDict(bad))).hasMessageContaining("lacks " + key);
        }
        assertThat(plateau.stateDict()).isEqualTo(before);
    }

    @Test
    void aStepThatFailsLeavesEveryScheduleWhereItWas() {
        SGD opt = trained(new SGD(List.of(a)).lr(0.1));
        Scheduler fine = new ExponentialLR(opt, 0.5);
        Scheduler late = new LambdaLR(opt, epoch -> epoch == 2 ? Double.NaN : 1);
        ChainedScheduler both = new ChainedScheduler(List.of(fine, late));
        both.step();
        Map<String, Double> before = both.stateDict();
        assertThat(catchThrowable(both::step)).hasMessageContaining("learning rate NaN");
        assertThat(both.stateDict()).isEqualTo(before);
    }

    @Test
    void aScheduleThatIsRefusedLeavesTheOptimizerAlone() {
        SGD opt = trained(new SGD(List.of(a)).lr(0.1).momentum(0.9));
        String before = seen(opt);
        List<Runnable> refused = List.of(
                () -> new StepLR(opt, 0),
                () -> new StepLR(opt, 1, Double.NaN),
                () -> new CosineAnnealingLR(opt, 0),
                () -> new CosineAnnealingWarmRestarts(opt, 0),
                () -> new ConstantLR(opt, 2, 5),
                () -> new LinearLR(opt, 0, 1, 5),
                () -> new PolynomialLR(opt, 0),
                () -> new ExponentialLR(opt, Double.NaN),
                () -> new MultiStepLR(opt, new int[] {1}, Double.NaN),
                () -> new CyclicLR(opt, 0.3, 0.4, 0),
                () -> new CyclicLR(opt, 0.3, Double.NaN),
                () -> new OneCycleLR(opt, 0.1, 0),
                () -> new OneCycleLR(opt, Double.NaN, 5));
        for (Runnable r : refused) {
            assertThat(catchThrowable(r::run)).isInstanceOf(IllegalArgumentException.class);
            assertThat(seen(opt)).isEqualTo(before);
        }
        OneCycleLR cycle = new OneCycleLR(opt, 0.1, 5);
        String begun = seen(opt);
        for (Runnable r : List.<Runnable>of(
                () -> cycle.momentum(0.8, 1.5), () -> cycle.divFactors(0, 1), () -> cycle.pctStart(2))) {
            assertThat(catchThrowable(r::run)).isInstanceOf(IllegalArgumentException.class);
            assertThat(seen(opt)).isEqualTo(begun);
        }
        cycle.step();
    }
}
