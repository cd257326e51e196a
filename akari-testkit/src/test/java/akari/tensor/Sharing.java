package akari.tensor;

import akari.core.DType;
import akari.data.Batch;
import akari.data.DataException;
import akari.data.DataLoader;
import akari.data.TensorDataset;
import akari.nn.Conv2d;
import akari.nn.Flatten;
import akari.nn.Inference;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Random programs on several threads that share tensors, modules, loaders and inference plans, and release what the others use, by
 * hand, by scopes and by dropping it, while interrupts come. Every tensor is of one value throughout, so that each result is known:
 * it is right, or the call ended with a documented exception. Arguments: seconds, seed, threads.
 */
final class Sharing {
    private static final int PLACES = 10;
    private static final int ROWS = 64;

    private record Held(Tensor tensor, int value) {}

    private final AtomicReferenceArray<Held> shared = new AtomicReferenceArray<>(PLACES);
    private final AtomicReference<Throwable> problem = new AtomicReference<>();
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong full = new AtomicLong();
    private final Module model = constant(new Sequential(
            new Conv2d(3, 4, 3), new ReLU(), new Conv2d(4, 2, 3), new Flatten(), new Linear(2 * 8 * 8, 5)));
    private final Inference fast = Inference.of(model);
    private final DataLoader loader = new DataLoader(new TensorDataset(
                    Tensors.arange(ROWS)
                            .float32()
                            .unsqueeze(1)
                            .expand(ROWS, 500)
                            .contiguous(),
                    Tensors.arange(ROWS)))
            .batchSize(4)
            .workers(1)
            .recycle(true);
    private volatile Iterator<Batch> batches = loader.iterator();

    public static void main(String[] args) throws InterruptedException {
        var sharing = new Sharing();
        sharing.run(Long.parseLong(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
    }

    private static Module constant(Module m) {
        Tensors.noGrad(() -> m.parameters().forEach(p -> p.fill_(p.dim() == 1 ? 0 : 0.25)));
        return m.eval();
    }

    private void run(long seconds, long seed, int threads) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Random random = new Random(seed * 100 + t);
            Runnable body = () -> {
                while (System.nanoTime() < end && problem.get() == null) {
                    step(random);
                }
            };
            all.add(t % 2 == 1 && seed % 2 == 1 ? Thread.ofVirtual().unstarted(body) : new Thread(body));
        }
        all.forEach(Thread::start);
        Random random = new Random(seed);
        while (System.nanoTime() < end && problem.get() == null) {
            Thread.sleep(5);
            all.get(random.nextInt(threads)).interrupt();
        }
        for (Thread t : all) {
            t.join(60_000);
            if (t.isAlive()) {
                for (StackTraceElement e : t.getStackTrace()) {
                    System.out.println("    " + e);
                }
                problem.compareAndSet(null, new IllegalStateException(t + " hangs"));
            }
        }
        System.out.println(steps + " steps, " + right + " right, " + refused + " refused, " + full + " without memory, "
                + Tensors.memory());
        Throwable p = problem.get();
        if (p != null) {
            p.printStackTrace(System.out);
            System.exit(1);
        }
    }

    private void step(Random random) {
        steps.incrementAndGet();
        try {
            one(random);
        } catch (IllegalStateException e) {
            refused.incrementAndGet();
            if (!e.getMessage().contains("already released by")) {
                problem.compareAndSet(null, e);
            }
        } catch (OutOfMemoryError e) {
            full.incrementAndGet();
            if (!e.getMessage().contains("akari.memory.limit")) {
                problem.compareAndSet(null, e);
            }
        } catch (DataException e) {
            if (!e.getMessage().contains("interrupted")) {
                problem.compareAndSet(null, e);
            }
            boolean _ = Thread.interrupted();
        } catch (NoSuchElementException e) {
            batches = loader.iterator();
        } catch (Throwable e) {
            problem.compareAndSet(null, e);
        }
    }

    private void one(Random random) {
        int place = random.nextInt(PLACES);
        Held h = shared.get(place);
        int what = random.nextInt(16);
        if (h == null || what < 3) {
            publish(random, place);
            return;
        }
        Tensor t = h.tensor;
        float v = h.value;
        switch (what) {
            case 3 -> Tensors.release(t);
            case 4 -> {
                try (Scope scope = Tensors.scope()) {
                    for (int i = 0; i < 3; i++) {
                        publish(random, random.nextInt(PLACES));
                    }
                    check(t.add(1), v + 1);
                    check(scope.keep(t.mul(2)), 2 * v);
                }
            }
            case 5 -> check(t.mul(3).add(t), 4 * v);
            case 6 -> check(t.sum(), v * t.numel());
            case 7 -> check(t.reshape(-1, 8).matmul(Tensors.ones(8, 4)), 8 * v);
            case 8 -> check(t.detach().requiresGrad_().square().mean(), v * v);
            case 9 -> {
                Tensor x = t.clone().requiresGrad_();
                x.mul(t).sum().backward();
                check(x.grad(), v);
            }
            case 10 -> check(t.reshape(-1, 8).sort(1, true).values().cumsum(1).narrow(1, 7, 1), 8 * v);
            case 11 -> check(t.gather(0, Tensors.zeros(DType.INT64, t.numel())), v);
            case 12 -> {
                Tensor x = Tensors.full(v, 2, 3, 12, 12);
                check(random.nextBoolean() ? fast.forward(x) : Tensors.noGrad(() -> model.forward(x)), answer(v));
            }
            case 13 -> {
                Batch b = batches.next();
                long first = b.target().toLongs()[0];
                check(b.input().narrow(0, 0, 1), first);
            }
            case 14 -> check(Tensors.cat(List.of(t, t)).to(DType.FLOAT64), v);
            default -> check(t, v);
        }
    }

    private static float answer(float v) {
        float hidden = Math.max(0, 27 * v / 4);
        return 2 * 8 * 8 * (36 * hidden / 4) / 4;
    }

    private void publish(Random random, int place) {
        int value = random.nextInt(1, 9);
        shared.set(place, new Held(Tensors.full((float) value, 8L << random.nextInt(4, 15)), value));
    }

    private void check(Tensor t, double value) {
        for (float x : t.toFloats()) {
            if (!(Math.abs(x - value) <= 1e-3 * Math.abs(value))) {
                problem.compareAndSet(null, new IllegalStateException(t.shape() + " has " + x + ", expected " + value));
                return;
            }
        }
        right.incrementAndGet();
    }
}
