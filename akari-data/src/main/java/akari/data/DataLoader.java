package akari.data;

import akari.tensor.Tensors;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches of a dataset: {@code torch.utils.data.DataLoader}. Every {@link #iterator} is the next epoch:
 *
 * <pre>{@code
 * var loader = new DataLoader(train).batchSize(64).shuffle(true).workers(2);
 * for (int epoch = 0; epoch < 10; epoch++) {
 *     for (var batch : loader) {
 *         step(batch.input(), batch.target());
 *     }
 * }
 * }</pre>
 *
 * <p>The order of an epoch is keyed by (seed, epoch), the random numbers of a sample by (seed, epoch, index): the number of workers
 * and their speed change nothing. Batches come in order; an error in a worker is thrown by {@code next()} of its batch, after which
 * the iterator can go on with the following one.
 *
 * <p>Loaders share nothing: how one is used changes nothing for another, and the same program gives the same batches again.
 *
 * <p>A batch is yours: keep it or drop it, the garbage collector returns its memory. {@link #recycle} trades that freedom for
 * memory that comes back at once. Settings take effect with the next epoch. A loader belongs to one thread;
 * one of its iterators may be shared: each batch goes to one of those who ask. Not so with {@link #recycle}, where asking for the next
 * batch ends the life of the one before, whoever has it.
 */
public final class DataLoader implements Iterable<Batch> {
    private final Dataset dataset;
    private int batchSize = 1;
    private boolean shuffle;
    private @Nullable Sampler sampler;
    private boolean dropLast;
    private int workers;
    private int prefetch = 2;
    private @Nullable Long seed;
    private final Supplier<Long> own = Tensors.defaultGenerator().childSeed();
    private @Nullable Function<List<Sample>, Batch> collate;
    private boolean recycle;

    private Position start = new Position(0, 0);
    private @Nullable LoaderPass running;
    private @Nullable ExecutorService threads;
    private final AtomicLong waited = new AtomicLong();

    /** A place in the stream of batches: an epoch, from 0, and how many of its batches were handed out. */
    public record Position(long epoch, long batch) {
        public Position {
            if (epoch < 0 || batch < 0) {
                throw new IllegalArgumentException("no position: epoch " + epoch + ", batch " + batch);
            }
        }
    }

    /** Batches of 1, in order, loaded in {@code next()}; settings follow. */
    public DataLoader(Dataset dataset) {
        this.dataset = Objects.requireNonNull(dataset, "dataset");
    }

    /** In order. */
    public DataLoader(Dataset dataset, int batchSize) {
        this(dataset);
        batchSize(batchSize);
    }

    /** In PyTorch's order. */
    public DataLoader(Dataset dataset, int batchSize, boolean shuffle) {
        this(dataset, batchSize);
        shuffle(shuffle);
    }

    /** In the sampler's order; {@link #shuffle} stays off. */
    public DataLoader(Dataset dataset, int batchSize, Sampler sampler) {
        this(dataset, batchSize);
        sampler(sampler);
    }

    // ---- settings

    /** Samples of a batch; the last batch of an epoch may be smaller. Default 1. */
    public DataLoader batchSize(int n) {
        batchSize = atLeast(1, n, "batchSize");
        return this;
    }

    /** A new random order every epoch. Default false. */
    public DataLoader shuffle(boolean on) {
        shuffle = on;
        return this;
    }

    /** The samples of an epoch and their order. Default all of them, in order; excludes {@link #shuffle}. */
    public DataLoader sampler(Sampler s) {
        sampler = Objects.requireNonNull(s, "sampler");
        return this;
    }

    /** Leaves out a last batch that is not full. Default false. */
    public DataLoader dropLast(boolean on) {
        dropLast = on;
        return this;
    }

    /** Threads that load ahead; 0 loads in {@code next()}. Default 0. */
    public DataLoader workers(int n) {
        workers = atLeast(0, n, "workers");
        threads = null; // threads without work end by themselves
        return this;
    }

    /** Batches loaded ahead by each worker. Default 2. */
    public DataLoader prefetch(int n) {
        prefetch = atLeast(1, n, "prefetch");
        return this;
    }

    /**
     * Seed of the order and of the samples' random numbers: loaders of one seed give the same order. By default one made of that of
     * {@link Tensors#manualSeed} at the first epoch, another for each loader in the order in which they were made; the first has that
     * seed itself.
     */
    public DataLoader seed(long s) {
        seed = s;
        return this;
    }

    /** How samples become a batch, on a worker's thread. Default {@link Batch#stack}. */
    public DataLoader collate(Function<List<Sample>, Batch> function) {
        collate = Objects.requireNonNull(function, "function");
        return this;
    }

    /**
     * Gives a batch's memory back as soon as the next one is asked for; using it later is an error. For loops that keep no batch,
     * and datasets and collate functions that make new tensors, as those of this library do. Default false.
     */
    public DataLoader recycle(boolean on) {
        recycle = on;
        return this;
    }

    private static int atLeast(int least, int n, String name) {
        if (n < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + n);
        }
        return n;
    }

    // ---- iteration

    /** The next epoch's batches, or what is left of the epoch after {@link #seek}. */
    @Override
    public Iterator<Batch> iterator() {
        Sampler order = order();
        Long key = seed;
        if (key == null) {
            key = own.get();
            seed = key;
        }
        Fetch fetch = new Fetch(dataset, order, batchSize, collate, key, start.epoch());
        LoaderPass epoch = new LoaderPass(
                this, fetch, start.batch(), batches(fetch.samples()), threads(), workers * prefetch, recycle);
        start = new Position(start.epoch() + 1, 0);
        running = epoch;
        return epoch;
    }

    /** Batches of an epoch. */
    public long size() {
        return batches(order().size());
    }

    /** The dataset that this loader reads. */
    public Dataset dataset() {
        return dataset;
    }

    private Sampler order() {
        Sampler s = sampler;
        if (s != null && shuffle) {
            throw new IllegalStateException("shuffle and a sampler exclude each other: the sampler decides the order");
        }
        return s != null ? s : shuffle ? Sampler.random(dataset.size()) : Sampler.sequential(dataset.size());
    }

    private long batches(int samples) {
        return dropLast ? samples / batchSize : Math.ceilDiv(samples, batchSize);
    }

    private @Nullable ExecutorService threads() {
        if (workers > 0 && threads == null) {
            var pool =
                    new ThreadPoolExecutor(workers, workers, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread t = new Thread(task, "akari-loader");
                        t.setDaemon(true);
                        return t;
                    });
            pool.allowCoreThreadTimeOut(true);
            threads = pool;
        }
        return threads;
    }

    // ---- position and waiting

    /** Where the newest epoch is; after its last batch, the beginning of the next one. Save it to resume in mid-epoch. */
    public Position position() {
        LoaderPass epoch = running;
        return epoch != null && epoch.hasNext() ? new Position(start.epoch() - 1, epoch.delivered()) : start;
    }

    /** Makes the next {@link #iterator} go on at {@code position}, with the same seed and batch size exactly as if uninterrupted. */
    public void seek(Position position) {
        start = Objects.requireNonNull(position, "position");
        running = null;
    }

    /** How long {@code next()} has taken in all: the time in which training waited for data. */
    public Duration waited() {
        return Duration.ofNanos(waited.get());
    }

    void waited(Duration more) {
        waited.addAndGet(more.toNanos());
    }

    /** As in {@code DataLoader(digits/train, batchSize=32, shuffle=true, workers=0)}. */
    @Override
    public String toString() {
        return "DataLoader(" + dataset.describe() + ", batchSize=" + batchSize
                + (sampler == null ? ", shuffle=" + shuffle : ", sampler=" + sampler) + ", workers=" + workers + ")";
    }
}
