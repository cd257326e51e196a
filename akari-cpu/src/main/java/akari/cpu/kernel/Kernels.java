package akari.cpu.kernel;

import akari.backend.Kernel;
import akari.cpu.machine.SystemMemory;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The compiled kernels. Cold vector code is thousands of times slower than warm, so a kernel first runs in the interpreter;
 * once it has done some work it is compiled, and one daemon thread runs it on buffers of its own until it is measured fast. Only
 * then does it take over. Both forms give the same bits, so nobody can tell when.
 */
public final class Kernels {
    /** Elements that a kernel must have done before compiling it pays. */
    private static final long WORTHWHILE = 1 << 17;

    private static final long PATIENCE = 300_000_000_000L;

    private static final boolean VECTOR_API =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private final ConcurrentHashMap<Kernel, Entry> entries = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Variant> cold = new LinkedBlockingQueue<>();
    private final boolean eager;
    private @Nullable Thread warmer;

    /** With {@code eager}, kernels are compiled at their first use and run cold. */
    public Kernels(boolean eager) {
        this.eager = eager;
    }

    Entry of(Kernel kernel) {
        Entry e = entries.get(kernel);
        return e != null ? e : entries.computeIfAbsent(kernel, Entry::new);
    }

    private synchronized void enqueue(Variant v) {
        cold.add(v);
        if (warmer == null) {
            warmer = new Thread(null, this::warm, "akari-warmup", 0, false);
            warmer.setDaemon(true);
            warmer.start();
        }
    }

    private void warm() {
        try {
            while (true) {
                Variant v = cold.take();
                try {
                    v.warm(PATIENCE);
                } catch (RuntimeException | LinkageError e) {
                    // such as a formula too long for one Java method: the interpreter keeps it
                    System.getLogger("akari.cpu").log(System.Logger.Level.DEBUG, "not compiled: " + v.entry.kernel, e);
                }
            }
        } catch (InterruptedException e) {
            // ends the daemon; kernels that are still cold stay with the interpreter
        }
    }

    /** One kernel in both precisions, with its compiled forms for the layouts that occurred. */
    final class Entry {
        private final Kernel kernel;
        private final AtomicReferenceArray<@Nullable Program> programs =
                new AtomicReferenceArray<>(Lane.values().length);
        private volatile @Nullable BlockInterpreter interpreter;
        private volatile @Nullable IntegerInterpreter integers;
        private volatile Variant[] variants = {};

        private Entry(Kernel kernel) {
            this.kernel = kernel;
        }

        Program program(Lane lane) {
            Program p = programs.get(lane.ordinal());
            if (p == null) {
                p = new Program(kernel, lane);
                programs.set(lane.ordinal(), p);
            }
            return p;
        }

        BlockInterpreter interpreter() {
            BlockInterpreter i = interpreter;
            if (i == null) {
                i = new BlockInterpreter(program(Lane.FLOAT));
                interpreter = i;
            }
            return i;
        }

        IntegerInterpreter integers() {
            IntegerInterpreter i = integers;
            if (i == null) {
                i = new IntegerInterpreter(kernel, program(Lane.LONG));
                integers = i;
            }
            return i;
        }

        /** The form for rows in which the inputs of {@code broadcast}'s bits are one element, and all others contiguous. */
        Variant variant(Lane lane, long broadcast) {
            for (Variant v : variants) {
                if (v.broadcast == broadcast && v.program.lane() == lane) {
                    return v;
                }
            }
            return addVariant(lane, broadcast);
        }

        private synchronized Variant addVariant(Lane lane, long broadcast) {
            for (Variant v : variants) {
                if (v.broadcast == broadcast && v.program.lane() == lane) {
                    return v;
                }
            }
            Variant[] more = Arrays.copyOf(variants, variants.length + 1);
            Variant fresh = new Variant(this, program(lane), broadcast);
            more[variants.length] = fresh;
            variants = more;
            return fresh;
        }
    }

    /** A kernel for one kind of row; {@code loop} is null until it is warm. */
    final class Variant {
        private final Entry entry;
        private final Program program;
        private final long broadcast;
        private final boolean compilable;
        private final AtomicLong work = new AtomicLong();
        private volatile @Nullable Loop loop;

        private Variant(Entry entry, Program program, long broadcast) {
            this.entry = entry;
            this.program = program;
            this.broadcast = broadcast;
            this.compilable = VECTOR_API && program.isVector() && entry.kernel.inputs() <= Long.SIZE;
        }

        /** The compiled form, if it is warm; {@code elements} is the work for which it is wanted. */
        @Nullable
        Loop loop(long elements) {
            Loop l = loop;
            if (l == null && compilable) {
                if (eager) {
                    l = Compiler.compile(program, entry.kernel.inputs(), broadcast);
                    loop = l;
                    return l;
                }
                // small calls cost time as well: none counts less than 16 elements
                long add = Math.max(elements, 16);
                long sum = work.addAndGet(add);
                if (sum >= WORTHWHILE && sum - add < WORTHWHILE) {
                    enqueue(this);
                }
            }
            return l;
        }

        private void warm(long patience) throws InterruptedException {
            Loop candidate = Compiler.compile(program, entry.kernel.inputs(), broadcast);
            int operands = program.outputs() + entry.kernel.inputs();
            // an odd length, so that the masked rest is warmed as well
            int n = 251;
            long bytes = program.lane().bytes;
            int lanes = Vectors.lanes(program.lane());
            long fast = 300 + 2L * program.nodes().size() * (n / lanes + 1);
            long[] at = new long[operands];
            long memory = SystemMemory.need(operands * 256L * bytes);
            SystemMemory.ALL.asSlice(memory, operands * 256L * bytes).fill((byte) 0);
            Arrays.setAll(at, i -> memory + i * 256L * bytes);
            double[] scalars = new double[entry.kernel.scalars()];
            long end = System.nanoTime() + patience;
            while (System.nanoTime() < end) {
                long best = Long.MAX_VALUE;
                for (int i = 0; i < 100; i++) {
                    long start = System.nanoTime();
                    candidate.run(at, scalars, n);
                    best = Math.min(best, System.nanoTime() - start);
                }
                if (best <= fast) {
                    loop = candidate;
                    break;
                }
                // the JIT needs the processor more than another round does
                Thread.sleep(1);
            }
            SystemMemory.give(memory);
        }
    }
}
