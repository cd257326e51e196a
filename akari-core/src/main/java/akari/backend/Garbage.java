package akari.backend;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Collections that must happen, because memory outside the Java heap is held by garbage within it. */
public final class Garbage {
    private static final int CHUNK = 256 << 10;

    private Garbage() {}

    /**
     * Collects all garbage, and returns when the collector has begun to hand its references over, which it goes on with in the
     * background. An interrupt does not shorten this and is kept.
     */
    public static void collect() {
        ReferenceQueue<Object> handed = new ReferenceQueue<>();
        PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), handed);
        if (!Explicit.DISABLED) {
            System.gc();
            next(handed, 1000);
        } else {
            Explicit.histogram();
            if (next(handed, 300) == null) {
                press(handed);
            }
        }
        Reference.reachabilityFence(sentinel);
    }

    /** Fills the heap until the collector finds what {@code handed} waits for. */
    private static void press(ReferenceQueue<?> handed) {
        for (long left = 2 * Runtime.getRuntime().maxMemory(); left > 0 && handed.poll() == null; left -= CHUNK) {
            Explicit.filler = new byte[CHUNK];
        }
    }

    /** The next reference of {@code queue}, or null when none comes within so many milliseconds, interrupts notwithstanding. */
    public static <T> @Nullable Reference<? extends T> next(ReferenceQueue<T> queue, long milliseconds) {
        long end = System.nanoTime() + milliseconds * 1_000_000;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.remove(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true; // the memory is needed all the same
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * {@code -XX:+DisableExplicitGC} turns {@link System#gc} off, but not the collection before a histogram of the heap. Shenandoah makes
     * none there; it is concurrent, and soon collects what is old as well when the heap fills.
     */
    private static final class Explicit {
        static final boolean DISABLED = isDisabled();

        @SuppressWarnings("unused") // so that what is allocated is not optimised away
        static volatile byte @Nullable [] filler;

        private static boolean isDisabled() {
            HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return vm != null
                    && Boolean.parseBoolean(vm.getVMOption("DisableExplicitGC").getValue());
        }

        static void histogram() {
            try {
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
            } catch (JMException e) {
                throw new IllegalStateException(
                        "native memory is held by garbage that this JVM does not collect: start it without"
                                + " -XX:+DisableExplicitGC",
                        e);
            }
        }
    }
}
