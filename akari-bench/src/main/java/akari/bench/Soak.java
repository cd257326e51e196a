package akari.bench;

import akari.core.MemoryStats;
import akari.nn.Functional;
import akari.optim.SGD;
import akari.tensor.Tensors;
import java.util.Locale;

/**
 * Trains LeNet for many steps, as a user would write the loop, and shows that native memory stays flat:
 * {@code tools/soak [STEPS]}, 10,000 by default.
 *
 * <p>Between two collections the memory in use rises and falls like a saw, so what is compared is what a collection leaves: the
 * live memory after step 500 and after the last one. The exit code is 1 if these differ by 5 % or more, or if the allocator
 * itself had to ask for 50 garbage collections or more. The last line is for machines.
 */
public final class Soak {
    private static final int FIRST = 500;
    private static final int BATCH = 64;
    private static final double ALLOWED_CHANGE = 0.05;
    private static final long ALLOWED_COLLECTIONS = 50;

    private Soak() {}

    /** Runs the soak; see the class. */
    public static void main(String[] args) {
        int steps = args.length == 0 ? 10_000 : steps(args[0]);
        Tensors.manualSeed(42);
        var model = LeNetRace.model();
        var optimizer = new SGD(model.parameters()).lr(LeNetRace.LEARNING_RATE).momentum(LeNetRace.MOMENTUM);
        long early = 0;
        long late = 0;
        double rate = 0;
        long start = System.nanoTime();
        double loss = 0;
        for (int step = 1; step <= steps; step++) {
            var x = Tensors.randn(BATCH, 1, 28, 28);
            var target = Tensors.randint(0, 10, BATCH);
            optimizer.zeroGrad();
            var error = Functional.crossEntropy(model.forward(x), target);
            error.backward();
            optimizer.step();
            if (step == steps) rate = rate(steps, start);
            // both inside the loop, where the same tensors of a step are still at hand
            if (step == FIRST) early = live();
            if (step == steps) late = live();
            if (step == FIRST || step % 1000 == 0 || step == steps) {
                loss = error.item();
                report(step, loss, Tensors.memory(), start);
            }
        }
        var memory = Tensors.memory();
        double change = (double) late / early - 1;
        boolean flat = Math.abs(change) < ALLOWED_CHANGE && memory.forcedCollections() < ALLOWED_COLLECTIONS;
        print(
                "{\"event\":\"soak\",\"steps\":%d,\"live_500\":%d,\"live_end\":%d,\"change\":%.4f,\"peak\":%d,"
                        + "\"reserved\":%d,\"forced_gcs\":%d,\"images_per_second\":%.0f,\"loss\":%.4f,\"flat\":%b}",
                steps,
                early,
                late,
                change,
                memory.peak(),
                memory.reserved(),
                memory.forcedCollections(),
                rate,
                loss,
                flat);
        System.exit(flat ? 0 : 1);
    }

    /** What is in use after a collection, once the references that it found have been handed over. */
    private static long live() {
        System.gc();
        long least = Long.MAX_VALUE;
        for (int quiet = 0; quiet < 10; quiet++) { // half a second without a decrease
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            var _ = Tensors.zeros(1); // the pool takes dead blocks back when it is asked for a new one
            long now = Tensors.memory().inUse();
            if (now < least) quiet = 0;
            least = Math.min(least, now);
        }
        return least;
    }

    private static int steps(String text) {
        try {
            int steps = Integer.parseInt(text);
            if (steps > FIRST) return steps;
        } catch (NumberFormatException e) {
            // reported below
        }
        System.err.println("✗ steps is " + text + ", and must be a number above " + FIRST + ".");
        System.exit(2);
        return 0;
    }

    private static void report(int step, double loss, MemoryStats memory, long start) {
        print(
                "step %6d  loss %.4f  in use %.2f MB  peak %.2f MB  reserved %.2f MB  forced GCs %d  %.0f img/s",
                step,
                loss,
                memory.inUse() / 1e6,
                memory.peak() / 1e6,
                memory.reserved() / 1e6,
                memory.forcedCollections(),
                rate(step, start));
    }

    private static double rate(int steps, long start) {
        return steps * (double) BATCH / (System.nanoTime() - start) * 1e9;
    }

    private static void print(String pattern, Object... values) {
        System.out.println(String.format(Locale.ROOT, pattern, values));
    }
}
