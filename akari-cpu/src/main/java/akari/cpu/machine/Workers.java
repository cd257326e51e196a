package akari.cpu.machine;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all Java kernels: a parallel loop over numbered blocks in which the caller takes part. Helpers are daemon threads
 * that look for work for a while and then park. Each thread begins with its own part of the blocks, the same in every
 * loop, so that it finds in its core's caches what it wrote before, and then helps the others. Which thread runs a block is in the end left
 * to chance, so a body must not depend on it.
 */
public final class Workers {
    /**
     * How long a thread looks for work before it sleeps, letting others have the core in between. Waking takes some 50 µs, and Linux may
     * then put the thread on its caller's core, where the two take turns until the next balancing: who is at work again within this time
     * must not have slept.
     */
    private static final long PATIENCE = 1_000_000;

    private static final int SPINS = 32;

    private static final int MOST = 1024;

    private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
    private volatile Helper[] helpers = {};
    private volatile int threads;

    public Workers(int threads) {
        threads(threads);
    }

    /** {@code akari.threads}, or the number of available processors. */
    public static int defaultThreads() {
        String text = System.getProperty("akari.threads");
        if (text == null) {
            return Math.min(MOST, Runtime.getRuntime().availableProcessors());
        }
        try {
            return checked("akari.threads=" + text, Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "akari.threads=" + text + " is not a number of threads: write one from 1 to " + MOST, e);
        }
    }

    private static int checked(String what, int n) {
        if (n < 1 || n > MOST) {
            throw new IllegalArgumentException(
                    what + ": at least 1 thread is needed, and at most " + MOST + " are possible");
        }
        return n;
    }

    public int threads() {
        return threads;
    }

    /** Takes effect for the next {@link #run}; calls under way keep their helpers until they end. */
    public synchronized void threads(int n) {
        checked("threads(" + n + ")", n);
        for (Helper h : helpers) {
            h.stop = true;
            LockSupport.unpark(h);
        }
        Helper[] fresh = new Helper[n - 1];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = new Helper(i + 1);
        }
        helpers = fresh;
        threads = n;
        for (Helper h : fresh) {
            h.start();
        }
    }

    /**
     * Calls {@code body} once for each of {@code 0 .. tasks-1} and returns when all are done. A call from within a body runs inline.
     * The first exception of a body is thrown here after the blocks under way have ended; the others are not started.
     */
    public void run(int tasks, IntConsumer body) {
        Helper[] team = helpers;
        if (tasks <= 1 || team.length == 0 || inside.get()) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        Job job = new Job(tasks, Math.min(tasks, team.length + 1), body, Thread.currentThread());
        jobs.add(job);
        for (int i = 0; i < job.shares.length - 1; i++) {
            team[i].wake();
        }
        inside.set(true);
        try {
            job.work(0);
        } finally {
            inside.set(false);
        }
        jobs.remove(job);
        job.await();
    }

    /** Waits for a while until {@code done}; whether it is. */
    private static boolean linger(BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE;
        do {
            for (int i = 0; i < SPINS; i++) {
                if (done.getAsBoolean()) {
                    return true;
                }
                Thread.onSpinWait();
            }
            Thread.yield();
        } while (System.nanoTime() < end);
        return done.getAsBoolean();
    }

    private static final class Job {
        final IntConsumer body;
        final int tasks;
        final Thread caller;
        final AtomicInteger[] shares;
        final AtomicInteger left;
        volatile @Nullable Throwable failure;
        volatile boolean asleep;

        Job(int tasks, int shares, IntConsumer body, Thread caller) {
            this.tasks = tasks;
            this.body = body;
            this.caller = caller;
            this.left = new AtomicInteger(tasks);
            this.shares = new AtomicInteger[shares];
            for (int s = 0; s < shares; s++) {
                this.shares[s] = new AtomicInteger(first(s, shares));
            }
        }

        private int first(int share, int of) {
            return (int) ((long) tasks * share / of);
        }

        boolean open() {
            for (int s = 0; s < shares.length; s++) {
                if (shares[s].get() < first(s + 1, shares.length)) {
                    return true;
                }
            }
            return false;
        }

        /** The blocks of one's own share first, then what the others have left. */
        void work(int participant) {
            for (int s = 0; s < shares.length; s++) {
                int share = (participant + s) % shares.length;
                int end = first(share + 1, shares.length);
                for (int i = shares[share].getAndIncrement(); i < end; i = shares[share].getAndIncrement()) {
                    run(i);
                }
            }
        }

        private void run(int i) {
            try {
                if (failure == null) {
                    body.accept(i);
                }
            } catch (Throwable e) {
                failure = e;
            } finally {
                if (left.decrementAndGet() == 0 && asleep) {
                    LockSupport.unpark(caller);
                }
            }
        }

        void await() {
            boolean interrupted = false;
            linger(() -> left.get() == 0);
            // announced before the look, so that whoever ends the last block wakes this thread
            asleep = true;
            while (left.get() > 0) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable e = failure;
            if (e instanceof RuntimeException r) {
                throw r;
            } else if (e instanceof Error r) {
                throw r;
            }
        }
    }

    private final class Helper extends Thread {
        volatile boolean stop;
        volatile boolean parked;

        private final int participant;

        Helper(int participant) {
            super(null, null, "akari-" + participant, 0, false);
            this.participant = participant;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            inside.set(true);
            while (!stop) {
                Job job = find();
                if (job != null) {
                    job.work(participant);
                } else if (!linger(() -> stop || find() != null)) {
                    // announced before the last look, so that a job added in between wakes this thread
                    parked = true;
                    if (find() == null && !stop) {
                        LockSupport.park(this);
                    }
                    parked = false;
                }
            }
        }

        private @Nullable Job find() {
            for (Job job : jobs) {
                if (job.open()) {
                    return job;
                }
            }
            return null;
        }
    }
}
