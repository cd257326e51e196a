package akari.data;

import akari.tensor.Tensors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a loader's batches. Batches are asked for as those before are handed out, at most {@code ahead} of them beyond the
 * consumer, so an abandoned pass leaves nothing behind but a few finished batches for the garbage collector: no thread ever waits
 * for its consumer. Several threads may share one pass: each batch goes to one of them.
 */
final class LoaderPass implements Iterator<Batch> {
    private final DataLoader loader;
    private final Fetch fetch;
    private final long batches;
    private final @Nullable ExecutorService workers;
    private final int ahead;
    private final boolean recycle;
    private final Deque<Future<Batch>> coming = new ArrayDeque<>();
    private long asked;
    private long delivered;
    private @Nullable Batch previous;

    LoaderPass(
            DataLoader loader,
            Fetch fetch,
            long first,
            long batches,
            @Nullable ExecutorService workers,
            int ahead,
            boolean recycle) {
        this.loader = loader;
        this.fetch = fetch;
        this.batches = batches;
        this.workers = workers;
        this.ahead = ahead;
        this.recycle = recycle;
        this.asked = first;
        this.delivered = first;
        ask();
    }

    /** Batches handed out so far, those skipped by a resumed epoch included. */
    synchronized long delivered() {
        return delivered;
    }

    @Override
    public synchronized boolean hasNext() {
        return delivered < batches;
    }

    @Override
    public synchronized Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch has only " + batches + " batches");
        }
        Batch last = previous;
        if (last != null) {
            previous = null;
            Tensors.release(last.input());
            Tensors.release(last.target());
        }
        long start = System.nanoTime();
        Batch batch;
        try {
            batch = coming.isEmpty() ? fetch.load(delivered) : await(coming.element());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("interrupted while waiting for a batch; the next call waits for the same one", e);
        } catch (Throwable e) {
            passed();
            throw e;
        }
        passed();
        loader.waited(Duration.ofNanos(System.nanoTime() - start));
        if (recycle) {
            previous = batch;
        }
        return batch;
    }

    private void passed() {
        delivered++;
        coming.poll();
        ask();
    }

    private void ask() {
        if (workers != null) {
            for (; asked < batches && asked < delivered + ahead; asked++) {
                long number = asked;
                coming.add(workers.submit(() -> fetch.load(number)));
            }
        }
    }

    private static Batch await(Future<Batch> batch) throws InterruptedException {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw new DataException("a loader's worker failed", e);
            }
        }
    }
}
