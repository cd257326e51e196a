package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Flatten;
import akari.nn.Inference;
import akari.nn.Linear;
import akari.nn.MaxPool2d;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.optim.SGD;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server's day in small: threads infer with one model while another trains a copy of it and a third saves it. All results have the
 * bits of those computed alone, and memory stays flat.
 */
class ServingTest {
    private static final int INPUTS = 16;
    private static final int STEPS = 20;
    private static final boolean PLAIN = "java".equals(System.getProperty("akari.cpu"));

    /** Arguments: requests, threads. */
    public static void main(String[] args) throws Exception {
        new ServingTest().serve(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    }

    private static Module net() {
        return new Sequential(
                new Conv2d(3, 8, 3),
                new BatchNorm2d(8),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(8, 8, 3),
                new ReLU(),
                new Flatten(),
                new Linear(8 * 5 * 5, 10));
    }

    private static Tensor input(long seed) {
        return Tensors.rand(new Generator(seed), 2, 3, 16, 16);
    }

    private static Module copy(Module of) {
        Module copy = net();
        copy.loadStateDict(of.stateDict());
        return copy;
    }

    /** A few steps from the served weights on; the weights that come out. */
    private static float[] train(Module served) {
        Module copy = copy(served);
        copy.train();
        SGD sgd = new SGD(copy.parameters()).lr(0.01).momentum(0.9);
        for (int i = 0; i < STEPS; i++) {
            try (Scope _ = Tensors.scope()) {
                sgd.zeroGrad();
                copy.forward(input(1000 + i)).square().mean().backward();
                sgd.step();
            }
        }
        return values(copy.stateDict());
    }

    private static float[] values(Map<String, Tensor> state) {
        try (Scope _ = Tensors.scope()) {
            return Tensors.cat(state.values().stream()
                            .map(t -> t.detach().float32().flatten())
                            .toList())
                    .toFloats();
        }
    }

    private static float[] save(Module served, Path file) {
        SafeTensors.save(served.stateDict(), file);
        Module read = net();
        read.loadStateDict(SafeTensors.load(file).tensors());
        return values(read.stateDict());
    }

    private static void same(String what, float[] got, float[] alone) {
        if (!Arrays.equals(got, alone)) {
            throw new IllegalStateException(what + " differs from the one computed alone");
        }
    }

    private void serve(int requests, int threads) throws Exception {
        Module served = net();
        served.eval();
        Inference fast = Inference.of(served);
        Path file = Files.createTempFile("served", ".safetensors");
        Tensor[] inputs = new Tensor[INPUTS];
        float[][] alone = new float[INPUTS][];
        float[][] aloneFast = new float[INPUTS][];
        for (int i = 0; i < INPUTS; i++) {
            Tensor x = input(i);
            inputs[i] = x;
            alone[i] = Tensors.inferenceMode(() -> served.forward(x).toFloats());
            aloneFast[i] = fast.forward(x).toFloats();
        }
        float[] trained = train(served);
        float[] saved = save(served, file);
        AtomicLong next = new AtomicLong();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            tasks.add(() -> {
                for (long r = next.getAndIncrement(); r < requests; r = next.getAndIncrement()) {
                    int i = (int) (r % INPUTS);
                    if (r % 3 == 0) {
                        same(
                                "an answer",
                                Tensors.inferenceMode(
                                        () -> served.forward(inputs[i]).toFloats()),
                                alone[i]);
                    } else {
                        same("a planned answer", fast.forward(inputs[i]).toFloats(), aloneFast[i]);
                    }
                }
                return null;
            });
        }
        tasks.add(() -> {
            do {
                same("the training of a copy", train(served), trained);
            } while (next.get() < requests);
            return null;
        });
        tasks.add(() -> {
            do {
                same("what was saved", save(served, file), saved);
                Thread.sleep(20);
            } while (next.get() < requests);
            return null;
        });
        try (var pool = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Void>> all = new ArrayList<>();
            tasks.forEach(task -> all.add(pool.submit(task)));
            for (Future<Void> f : all) {
                f.get();
            }
        } finally {
            Files.deleteIfExists(file);
        }
        System.out.println(requests + " requests, " + Tensors.memory());
    }

    @Test
    void aFewRequests() throws Exception {
        serve(300, 8);
    }

    /** What is not given back reaches the limit long before the end. */
    @Test
    @Tag("slow")
    void twentyThousandRequestsInEveryCollector() throws Exception {
        for (List<String> flags : List.of(
                List.of("-XX:+UseSerialGC"),
                List.of("-XX:+UseG1GC"),
                List.of("-XX:+UseZGC"),
                List.of("-XX:+UseSerialGC", "-XX:+DisableExplicitGC"),
                List.of("-XX:+UseG1GC", "-XX:+DisableExplicitGC"),
                List.of("-XX:+UseZGC", "-XX:+DisableExplicitGC"))) {
            List<String> all = new ArrayList<>(flags);
            all.addAll(List.of("-Xmx1g", "-Dakari.memory.limit=64m"));
            String requests = PLAIN ? "3000" : "20000"; // plain Java is slow, and the collectors' work the same
            Fork fork = Fork.of(ServingTest.class, all, requests, "16");
            assertThat(fork.exit()).as("%s %s", all, fork.said()).isZero();
        }
    }
}
