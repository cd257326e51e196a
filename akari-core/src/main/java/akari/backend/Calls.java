package akari.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The calls of backends that are under way, and the blocks that they use. Kernels compute with plain addresses, so a block that
 * another thread releases meanwhile must not be handed out again before they end: it waits here until then.
 *
 * <p>These are hazard pointers (Michael 2004), published a call at a time. A call claims a slot, by preference always the same one of its
 * thread, writes down which blocks it uses, and only then looks whether they are released. Who releases a block marks it first and
 * then looks through the slots. One of the two sees the other. Nothing is written to the blocks themselves, so threads that
 * read the same weights do not disturb each other.
 */
public final class Calls {
    private static final int SLOTS = 256;
    /** Where threads look first; few, so that who releases a block has few to look at. */
    private static final int HOMES = 64;

    /** Words of a slot: two cache lines. */
    private static final int WORDS = 16;

    // words of a slot
    private static final int OWNER = 0;
    private static final int ENDED = 1;
    private static final int COUNT = 2;
    private static final int FIRST = 3;

    // owners that no thread has for a number
    private static final long UNUSED = 0;
    private static final long FREE = -1;

    /** Stands for all blocks. */
    private static final long ANY = -1;

    private static final long PATIENCE = 2_000_000_000L;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long[] SLOT = new long[SLOTS * WORDS];
    /** A bit for each slot that was ever used. */
    private static final AtomicLongArray USED = new AtomicLongArray(SLOTS / Long.SIZE);

    private static final List<Waiting> WAITING = new ArrayList<>();
    private static volatile int waiting;

    private Calls() {}

    /** A call that was under way in a slot: the one after so many others. */
    private record Call(int slot, long ended) {
        boolean isOver() {
            return (long) WORD.getAcquire(SLOT, slot + OWNER) == FREE
                    || (long) WORD.getAcquire(SLOT, slot + ENDED) != ended;
        }
    }

    private record Waiting(Runnable free, List<Call> calls) {
        boolean isOver() {
            return calls.stream().allMatch(Call::isOver);
        }
    }

    // ---- calls

    /** Begins a call on these views. Returns its slot, for {@link #leave}. */
    static int enter(@Nullable View... views) {
        Contract.inside(views);
        int slot = claim();
        publish(slot, views, 0);
        return slot;
    }

    static int enter(View[] outputs, View[] inputs) {
        Contract.inside(outputs);
        Contract.inside(inputs);
        int slot = claim();
        int n = outputs.length;
        if (n + inputs.length <= WORDS - FIRST) {
            note(slot + FIRST, outputs);
            publish(slot, inputs, n);
        }
        return slot;
    }

    static int enter(Buffer buffer) {
        int slot = claim();
        WORD.setOpaque(SLOT, slot + FIRST, buffer.place());
        WORD.setRelease(SLOT, slot + COUNT, 1L);
        return slot;
    }

    private static int claim() {
        long me = Thread.currentThread().threadId();
        int slot = ((int) me & HOMES - 1) * WORDS;
        return WORD.compareAndSet(SLOT, slot + OWNER, FREE, me) ? slot : claim(slot, me);
    }

    /** At the first use of a slot, and where another thread's call has it. */
    private static int claim(int home, long me) {
        for (int slot = home; ; slot = (slot + WORDS) % SLOT.length) {
            if ((long) WORD.getVolatile(SLOT, slot + OWNER) == UNUSED) {
                int i = slot / WORDS;
                USED.accumulateAndGet(i / Long.SIZE, 1L << i, (a, b) -> a | b); // before it is anybody's
                WORD.compareAndSet(SLOT, slot + OWNER, UNUSED, FREE);
            }
            if (WORD.compareAndSet(SLOT, slot + OWNER, FREE, me)) {
                return slot;
            }
            if (slot == SLOT.length - WORDS) {
                Thread.yield(); // all may be taken
            }
        }
    }

    /** Until this, and for ever where there are too many, the call counts as one that uses all blocks. */
    private static void publish(int slot, @Nullable View[] views, int before) {
        int n = before + views.length;
        if (n <= WORDS - FIRST) {
            note(slot + FIRST + before, views);
            WORD.setRelease(SLOT, slot + COUNT, (long) n);
        }
    }

    private static void note(int at, @Nullable View[] views) {
        for (int i = 0; i < views.length; i++) {
            View v = views[i];
            WORD.setOpaque(SLOT, at + i, v == null ? 0L : v.buffer().place());
        }
    }

    static void leave(int slot) {
        WORD.setRelease(SLOT, slot + COUNT, 0L);
        WORD.setRelease(SLOT, slot + ENDED, SLOT[slot + ENDED] + 1);
        WORD.setRelease(SLOT, slot + OWNER, FREE);
    }

    // ---- blocks

    /** Frees a block that is marked as released, now or when the calls of other threads that use it have ended. */
    static void retire(Buffer b) {
        List<Call> calls = using(b.place());
        if (calls.isEmpty()) {
            b.free();
        } else {
            put(new Waiting(b::free, calls));
        }
    }

    /** Runs {@code free} now, or when the calls that other threads have under way are over. */
    public static void afterAll(Runnable free) {
        List<Call> calls = using(ANY);
        if (calls.isEmpty()) {
            free.run();
        } else {
            put(new Waiting(free, calls));
        }
    }

    private static void put(Waiting w) {
        synchronized (WAITING) {
            WAITING.add(w);
            waiting = WAITING.size();
        }
    }

    private static List<Call> using(long place) {
        long me = Thread.currentThread().threadId();
        List<Call> calls = List.of();
        for (int w = 0; w < USED.length(); w++) {
            for (long bits = USED.get(w); bits != 0; bits &= bits - 1) {
                int slot = (w * Long.SIZE + Long.numberOfTrailingZeros(bits)) * WORDS;
                long owner = (long) WORD.getVolatile(SLOT, slot + OWNER);
                if (owner == FREE || owner == UNUSED || owner == me) {
                    continue;
                }
                Call call = new Call(slot, (long) WORD.getAcquire(SLOT, slot + ENDED));
                if (uses(slot, place)) {
                    calls = calls.isEmpty() ? new ArrayList<>() : calls;
                    calls.add(call);
                }
            }
        }
        return calls;
    }

    private static boolean uses(int slot, long place) {
        long n = (long) WORD.getAcquire(SLOT, slot + COUNT);
        if (n == 0 || place == ANY) {
            return true;
        }
        for (int i = 0; i < n; i++) {
            if ((long) WORD.getAcquire(SLOT, slot + FIRST + i) == place) {
                return true;
            }
        }
        return false;
    }

    /** Frees the blocks whose calls have ended. Returns whether there were any. */
    public static boolean poll() {
        if (waiting == 0) {
            return false;
        }
        List<Runnable> over = new ArrayList<>();
        synchronized (WAITING) {
            WAITING.removeIf(w -> w.isOver() && over.add(w.free));
            waiting = WAITING.size();
        }
        over.forEach(Runnable::run);
        return !over.isEmpty();
    }

    /**
     * For who found no memory: waits for blocks that are released but in use, all of them if that takes no more than two seconds. Returns
     * whether any came back. To be called without a lock that a call may want.
     */
    public static boolean settle() {
        boolean any = poll();
        for (long end = System.nanoTime() + PATIENCE; waiting > 0 && System.nanoTime() < end; any |= poll()) {
            Thread.yield(); // parking alone returns at once in an interrupted thread
            LockSupport.parkNanos(50_000);
        }
        return any;
    }
}
