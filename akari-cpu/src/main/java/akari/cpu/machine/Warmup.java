package akari.cpu.machine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Hand-written vector loops are some hundred times slower until C2 has compiled them, so that the first training step would take
 * seconds more. Each set of loops therefore runs on scraps of memory until it is measured fast, before it sees real data: whoever
 * needs a set first warms it, and a daemon thread warms the others meanwhile. Cold or warm, the bits are the same.
 */
public final class Warmup {
    /** A loop over {@code vectors} vectors of scrap memory, of which there are {@link #BYTES}. */
    public interface Scrap {
        void run(long memory, int vectors);
    }

    public static final int VECTORS = 16;

    /** Room for some operands of {@link #VECTORS} vectors. */
    public static final int BYTES = 64 << 10;

    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static volatile Supplier<List<Warmup>> all = List::of;

    /** Few short calls are cheap in the interpreter; then the compiler shall see loops of a usual length. */
    private static final int SHORT = 150;

    private static final int ROUND = 300;
    private static final long FAST = 2_000;
    private static final long PATIENCE = 200_000_000L;

    private final List<Scrap> loops;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean warm;

    public Warmup(Scrap... loops) {
        this.loops = List.of(loops);
    }

    /** What is warmed in the background, in this order, from the first time that a set is needed. */
    public static void all(Supplier<List<Warmup>> sets) {
        all = sets;
    }

    /** Returns when this set is warm. */
    public void await() {
        if (!warm) {
            if (STARTED.compareAndSet(false, true)) {
                Thread t = new Thread(null, Warmup::others, "akari-warmup-loops", 0, false);
                t.setDaemon(true);
                t.start();
            }
            run();
        }
    }

    /** Whether this set is warm; a daemon thread sees to it that it will be. For loops that plain ones stand in for. */
    public boolean isWarm() {
        if (!warm && asked.compareAndSet(false, true)) {
            Thread t = new Thread(null, this::run, "akari-warmup-loops", 0, false);
            t.setDaemon(true);
            t.start();
        }
        return warm;
    }

    private static void others() {
        for (Warmup w : all.get()) {
            w.run();
        }
    }

    private synchronized void run() {
        if (warm) {
            return;
        }
        long memory = SystemMemory.need(BYTES);
        SystemMemory.ALL.asSlice(memory, BYTES).fill((byte) 0);
        for (Scrap s : loops) {
            warm(s, memory);
        }
        SystemMemory.give(memory);
        warm = true;
    }

    private static void warm(Scrap s, long memory) {
        for (int i = 0; i < SHORT; i++) {
            s.run(memory, 1);
        }
        long end = System.nanoTime() + PATIENCE;
        long best;
        do {
            best = Long.MAX_VALUE;
            for (int i = 0; i < ROUND; i++) {
                long start = System.nanoTime();
                s.run(memory, VECTORS);
                best = Math.min(best, System.nanoTime() - start);
            }
        } while (best > FAST && System.nanoTime() < end);
    }
}
