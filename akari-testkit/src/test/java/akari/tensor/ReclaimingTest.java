package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.nn.Conv2d;
import akari.nn.Flatten;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Garbage gives its memory back whatever the collector and its flags, without scopes, in interrupted threads as well. */
class ReclaimingTest {
    /** Trains without scopes: some 20 MB of garbage a step, within 128 MB. */
    public static void main(String[] args) {
        Module own = new Module() {
            private final Conv2d conv = new Conv2d(3, 16, 3);
            private final Linear fc = new Linear(16 * 30 * 30, 10);

            @Override
            protected Tensor compute(Tensor x) {
                return fc.forward(
                        conv.forward(x).relu().mul(2).sub(1).exp().log().flatten(1, 3));
            }
        };
        Sequential net = new Sequential(own, new ReLU(), new Flatten());
        int steps = Integer.parseInt(args[0]);
        for (int i = 0; i < steps; i++) {
            if (i % 7 == 0) {
                Thread.currentThread().interrupt();
            }
            Tensor x = Tensors.rand(32, 3, 32, 32);
            Tensor loss = net.forward(x).square().mean();
            loss.backward();
            Tensors.noGrad(() -> net.parameters().forEach(p -> {
                p.sub_(p.grad().mul(1e-3));
                p.grad(null);
            }));
        }
        if (!Thread.interrupted()) {
            throw new IllegalStateException("the interrupt was swallowed");
        }
        System.out.println(Tensors.memory());
    }

    @Test
    void trainingWithoutScopesStaysWithinItsLimit() throws Exception {
        train(40, "-XX:+UseSerialGC", "-XX:+DisableExplicitGC");
    }

    @Test
    @Tag("slow")
    void inEveryCollector() throws Exception {
        for (String collector : List.of("Serial", "Parallel", "G1", "Z", "Shenandoah")) {
            train(80, "-XX:+Use" + collector + "GC");
            train(80, "-XX:+Use" + collector + "GC", "-XX:+DisableExplicitGC");
        }
        train(80, "-XX:+UseG1GC", "-XX:+ExplicitGCInvokesConcurrent");
    }

    private static void train(int steps, String... flags) throws Exception {
        List<String> all = Stream.concat(
                        Stream.of(flags),
                        Stream.of("-Xmx1g", "-XX:+UnlockExperimentalVMOptions", "-Dakari.memory.limit=128m"))
                .toList();
        Fork fork = Fork.of(ReclaimingTest.class, all, "" + steps);
        assertThat(fork.exit()).as("%s %s", all, fork.said()).isZero();
    }
}
