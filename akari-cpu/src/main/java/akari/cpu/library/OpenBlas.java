package akari.cpu.library;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import akari.backend.Lapack;
import akari.core.DType;
import akari.cpu.machine.Workers;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS's LAPACK by its C interface. Its threads are its own, not OpenMP's, so that it leaves oneDNN's alone; it starts them when
 * they are first needed and lets them sleep soon after.
 */
public final class OpenBlas extends Lapack {
    private static final System.Logger LOG = System.getLogger("akari.cpu");
    private static final int COLUMN_MAJOR = 102;
    /** Up to this order OpenBLAS computes on one thread, and the matrices of a batch are spread over the workers. */
    private static final int SMALL = 32;
    /** OpenBLAS's parallel routines keep tables of half a megabyte and more on the stack of their caller: too much for a Java thread. */
    private static final long STACK = 64 << 20;

    private final Workers workers;
    private final Routines routines;
    private int threads;

    private OpenBlas(Workers workers, Routines routines) {
        this.workers = workers;
        this.routines = routines;
    }

    /** Loads the library; null where it is missing or does not load. */
    public static @Nullable OpenBlas load(Workers workers) {
        String platform = NativeJar.currentPlatform();
        if (platform == null) {
            return null;
        }
        NativeJar.environment("OPENBLAS_NUM_THREADS", "1");
        NativeJar.environment("OPENBLAS_THREAD_TIMEOUT", "16"); // spin for 2^16 ticks, not 2^26
        try {
            SymbolLookup symbols = new NativeJar("openblas", "openblas", platform).load(files(platform));
            return new OpenBlas(workers, new Routines(symbols));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "OpenBLAS does not load (" + NativeJar.reason(e)
                            + "); decomposing matrices in plain Java, which is slower"
                            + NativeJar.mend(e, "org.bytedeco:openblas:0.3.31-1.5.13:" + platform));
            return null;
        }
    }

    private static List<String> files(String platform) {
        return switch (platform) {
            case "linux-x86_64" -> List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
            case "linux-arm64" -> List.of("libgfortran.so.5", "libopenblas.so.0");
            case "windows-x86_64" -> List.of("libopenblas.dll");
            default ->
                List.of("libgcc_s.1.1.dylib", "libquadmath.0.dylib", "libgfortran.5.dylib", "libopenblas.0.dylib");
        };
    }

    /** The routines for float64 and float32. */
    private static final class Routines {
        private final SymbolLookup symbols;
        final MethodHandle threads;
        final MethodHandle[] potrf;
        final MethodHandle[] getrf;
        final MethodHandle[] getrs;
        final MethodHandle[] trtrs;
        final MethodHandle[] geqrf;
        final MethodHandle[] orgqr;
        final MethodHandle[] gesdd;
        final MethodHandle[] syevd;

        Routines(SymbolLookup symbols) {
            this.symbols = symbols;
            threads = bind("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
            potrf = both("potrf", "icili");
            getrf = both("getrf", "iiilil");
            getrs = both("getrs", "iciililli");
            trtrs = both("trtrs", "iccciilili");
            geqrf = both("geqrf", "iiilil");
            orgqr = both("orgqr", "iiiilil");
            gesdd = both("gesdd", "iciilillili");
            syevd = both("syevd", "iccilil");
            try {
                // the callers look for NaN where it matters
                bind("LAPACKE_set_nancheck", FunctionDescriptor.ofVoid(JAVA_INT))
                        .invokeExact(0);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** Signature letters: l = pointer, i = int, c = char. */
        private MethodHandle[] both(String name, String signature) {
            ValueLayout[] arguments = signature
                    .chars()
                    .mapToObj(c -> c == 'l' ? JAVA_LONG : c == 'i' ? JAVA_INT : JAVA_BYTE)
                    .toArray(ValueLayout[]::new);
            FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, arguments);
            return new MethodHandle[] {bind("LAPACKE_d" + name, type), bind("LAPACKE_s" + name, type)};
        }

        private MethodHandle bind(String name, FunctionDescriptor type) {
            return Linker.nativeLinker()
                    .downcallHandle(
                            symbols.find(name)
                                    .orElseThrow(() -> new IllegalArgumentException(
                                            "the OpenBLAS library found here has no function " + name)),
                            type);
        }
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("a call of OpenBLAS failed", e);
    }

    private static int type(DType t) {
        return t == DType.FLOAT64 ? 0 : 1;
    }

    private static byte letter(char c) {
        return (byte) c;
    }

    private static byte transposition(boolean transposed) {
        return letter(transposed ? 'T' : 'N');
    }

    @Override
    protected int[] each(int count, int order, IntUnaryOperator one) {
        threads(workers.threads());
        int[] info = new int[count];
        if (order <= SMALL) {
            workers.run(count, i -> info[i] = one.applyAsInt(i));
        } else if (workers.threads() == 1) {
            return super.each(count, order, one);
        } else {
            onLargeStack(() -> {
                for (int i = 0; i < count; i++) {
                    info[i] = one.applyAsInt(i);
                }
            });
        }
        return info;
    }

    private static void onLargeStack(Runnable body) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread t = new Thread(null, body, "akari-lapack", STACK);
        t.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        t.start();
        boolean interrupted = false;
        while (true) {
            try {
                t.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the routine writes into the caller's memory: there is no leaving before its end
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable e = failure.get();
        if (e != null) {
            throw e instanceof RuntimeException r ? r : new IllegalStateException("a decomposition failed", e);
        }
    }

    private synchronized void threads(int n) {
        if (n != threads) {
            try {
                routines.threads.invokeExact(n);
            } catch (Throwable e) {
                throw broken(e);
            }
            threads = n;
        }
    }

    @Override
    protected int potrf(DType type, int n, long a) {
        try {
            return (int) routines.potrf[type(type)].invokeExact(COLUMN_MAJOR, letter('L'), n, a, n);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int getrf(DType type, int m, int n, long a, long pivots) {
        try {
            return (int) routines.getrf[type(type)].invokeExact(COLUMN_MAJOR, m, n, a, m, pivots);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int getrs(DType type, boolean transposed, int n, int columns, long lu, long pivots, long b) {
        try {
            return (int) routines.getrs[type(type)].invokeExact(
                    COLUMN_MAJOR, transposition(transposed), n, columns, lu, n, pivots, b, n);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int trtrs(
            DType type, boolean upper, boolean transposed, boolean unit, int n, int columns, long a, long b) {
        try {
            return (int) routines.trtrs[type(type)].invokeExact(
                    COLUMN_MAJOR,
                    letter(upper ? 'U' : 'L'),
                    transposition(transposed),
                    letter(unit ? 'U' : 'N'),
                    n,
                    columns,
                    a,
                    n,
                    b,
                    n);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int geqrf(DType type, int m, int n, long a, long tau) {
        try {
            return (int) routines.geqrf[type(type)].invokeExact(COLUMN_MAJOR, m, n, a, m, tau);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int orgqr(DType type, int m, int n, int k, long a, long tau) {
        try {
            return (int) routines.orgqr[type(type)].invokeExact(COLUMN_MAJOR, m, n, k, a, m, tau);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int gesdd(DType type, char job, int m, int n, long a, long s, long u, long vt) {
        int right = job == 'A' ? n : Math.min(m, n);
        try {
            return (int)
                    routines.gesdd[type(type)].invokeExact(COLUMN_MAJOR, letter(job), m, n, a, m, s, u, m, vt, right);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected int syevd(DType type, boolean vectors, int n, long a, long values) {
        try {
            return (int) routines.syevd[type(type)].invokeExact(
                    COLUMN_MAJOR, letter(vectors ? 'V' : 'N'), letter('L'), n, a, n, values);
        } catch (Throwable e) {
            throw broken(e);
        }
    }
}
