package akari.cpu.dnn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import akari.backend.Epilogue;
import akari.core.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's C API, as far as it is used here: one method a function, handles as plain {@code long}. Touch this class only where
 * {@link OneDnnLibrary#SYMBOLS} exists.
 */
public final class OneDnn {
    // arguments of a primitive
    static final int SRC = 1;
    static final int DST = 17;
    static final int WEIGHTS = 33;
    static final int BIAS = 41;
    static final int MEAN = 49;
    static final int VARIANCE = 50;
    static final int SCALE = 51;
    static final int SHIFT = 52;
    static final int SCRATCHPAD = 80;
    static final int DIFF_SRC = 129;
    static final int DIFF_DST = 145;
    static final int DIFF_WEIGHTS = 161;
    static final int DIFF_BIAS = 169;
    static final int DIFF_SCALE = 255;
    static final int DIFF_SHIFT = 256;

    private static final int BF16 = 2;
    private static final int F32 = 3;
    private static final int ISA_BF16 = 0xe7;
    private static final int CPU = 1;
    private static final int FORWARD_TRAINING = 64;
    private static final int BACKWARD = 128;
    private static final int CONVOLUTION_DIRECT = 1;
    private static final int USE_SCALE_AND_SHIFT = 2 | 4;
    private static final int FORMAT_ANY = 1;
    private static final int SCRATCHPAD_BY_USER = 1;
    private static final int QUERY_EXEC_ARG = 255;
    private static final int ELTWISE_RELU = 0x20;
    private static final int ELTWISE_SWISH = 0x2c;
    private static final int ELTWISE_CLIP_V2 = 0x2f;
    private static final int ELTWISE_HARDSWISH = 0x34;
    private static final int UNIMPLEMENTED = 3;
    private static final String[] STATUS = {
        "success", "out of memory", "invalid arguments", "unimplemented", "no more implementations", "runtime error"
    };

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = Objects.requireNonNull(OneDnnLibrary.SYMBOLS);

    private static final MethodHandle VERSION = bind("dnnl_version", JAVA_LONG, "");
    private static final MethodHandle CPU_ISA = bind("dnnl_get_effective_cpu_isa", JAVA_INT, "");
    private static final MethodHandle ENGINE_CREATE = bind("dnnl_engine_create", JAVA_INT, "lil");
    private static final MethodHandle STREAM_CREATE = bind("dnnl_stream_create", JAVA_INT, "lli");
    private static final MethodHandle ATTR_CREATE = bind("dnnl_primitive_attr_create", JAVA_INT, "l");
    private static final MethodHandle ATTR_SCRATCHPAD = bind("dnnl_primitive_attr_set_scratchpad_mode", JAVA_INT, "li");
    private static final MethodHandle ATTR_POST_OPS = bind("dnnl_primitive_attr_set_post_ops", JAVA_INT, "ll");
    private static final MethodHandle POST_OPS_CREATE = bind("dnnl_post_ops_create", JAVA_INT, "l");
    private static final MethodHandle POST_OPS_SUM = bind("dnnl_post_ops_append_sum", JAVA_INT, "lfii");
    private static final MethodHandle POST_OPS_ELTWISE = bind("dnnl_post_ops_append_eltwise", JAVA_INT, "liff");
    private static final MethodHandle POST_OPS_DESTROY = bind("dnnl_post_ops_destroy", JAVA_INT, "l");
    private static final MethodHandle MD_STRIDES = bind("dnnl_memory_desc_create_with_strides", JAVA_INT, "lilil");
    private static final MethodHandle MD_TAG = bind("dnnl_memory_desc_create_with_tag", JAVA_INT, "lilii");
    private static final MethodHandle MD_CLONE = bind("dnnl_memory_desc_clone", JAVA_INT, "ll");
    private static final MethodHandle MD_DESTROY = bind("dnnl_memory_desc_destroy", JAVA_INT, "l");
    private static final MethodHandle MD_EQUAL = bind("dnnl_memory_desc_equal", JAVA_INT, "ll");
    private static final MethodHandle MD_SIZE = bind("dnnl_memory_desc_get_size", JAVA_LONG, "l");
    private static final MethodHandle MEMORY_CREATE = bind("dnnl_memory_create", JAVA_INT, "llll");
    private static final MethodHandle MEMORY_DESTROY = bind("dnnl_memory_destroy", JAVA_INT, "l");
    private static final MethodHandle PD_QUERY_MD = bind("dnnl_primitive_desc_query_md", JAVA_LONG, "lii");
    private static final MethodHandle PD_DESTROY = bind("dnnl_primitive_desc_destroy", JAVA_INT, "l");
    private static final MethodHandle PRIMITIVE_CREATE = bind("dnnl_primitive_create", JAVA_INT, "ll");
    private static final MethodHandle PRIMITIVE_EXECUTE = bind("dnnl_primitive_execute", JAVA_INT, "llil");
    private static final MethodHandle PRIMITIVE_DESTROY = bind("dnnl_primitive_destroy", JAVA_INT, "l");
    private static final MethodHandle REORDER = bind("dnnl_reorder_primitive_desc_create", JAVA_INT, "llllll");
    private static final MethodHandle MATMUL = bind("dnnl_matmul_primitive_desc_create", JAVA_INT, "lllllll");
    private static final MethodHandle CONVOLUTION_FORWARD =
            bind("dnnl_convolution_forward_primitive_desc_create", JAVA_INT, "lliilllllllll");
    private static final MethodHandle CONVOLUTION_BACKWARD_DATA =
            bind("dnnl_convolution_backward_data_primitive_desc_create", JAVA_INT, "llilllllllll");
    private static final MethodHandle CONVOLUTION_BACKWARD_WEIGHTS =
            bind("dnnl_convolution_backward_weights_primitive_desc_create", JAVA_INT, "llillllllllll");
    private static final MethodHandle BATCH_NORM_FORWARD =
            bind("dnnl_batch_normalization_forward_primitive_desc_create", JAVA_INT, "llillfil");
    private static final MethodHandle BATCH_NORM_BACKWARD =
            bind("dnnl_batch_normalization_backward_primitive_desc_create", JAVA_INT, "llilllfill");

    // these two run on every call and return at once
    private static final MethodHandle MEMORY_SET =
            bind("dnnl_memory_set_data_handle", JAVA_INT, "ll", Linker.Option.critical(false));
    private static final MethodHandle OMP_SET_NUM_THREADS =
            bind("omp_set_num_threads", null, "i", Linker.Option.critical(false));

    private static final long ENGINE = create("engine", out -> (int) ENGINE_CREATE.invokeExact(out, CPU, 0L));
    private static final long USER_SCRATCHPAD = attributes();
    private static final Map<Epilogue, Long> EPILOGUES =
            new ConcurrentHashMap<>(Map.of(Epilogue.NONE, USER_SCRATCHPAD));

    private OneDnn() {}

    /** Signature letters: l = long or pointer, i = int, f = float. */
    private static MethodHandle bind(
            String name, @Nullable MemoryLayout result, String signature, Linker.Option... options) {
        ValueLayout[] arguments = signature
                .chars()
                .mapToObj(c -> c == 'l' ? JAVA_LONG : c == 'i' ? JAVA_INT : JAVA_FLOAT)
                .toArray(ValueLayout[]::new);
        MemorySegment symbol = SYMBOLS.find(name)
                .orElseThrow(() -> new IllegalStateException("the oneDNN library found here has no function " + name));
        return LINKER.downcallHandle(
                symbol,
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments),
                options);
    }

    // ---- the library

    /** Such as {@code oneDNN 3.13 avx512_core_bf16}. */
    public static String describe() {
        try {
            MemorySegment version =
                    MemorySegment.ofAddress((long) VERSION.invokeExact()).reinterpret(2L * Integer.BYTES);
            return "oneDNN " + version.getAtIndex(JAVA_INT, 0) + "." + version.getAtIndex(JAVA_INT, 1) + " "
                    + instructions((int) CPU_ISA.invokeExact());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Whether this processor multiplies bfloat16 itself (avx512_bf16 or amx); the first question is answered in the log as well. */
    static boolean hasBfloat16() {
        return Bfloat16Support.NATIVE;
    }

    private static final class Bfloat16Support {
        static final boolean NATIVE = isNative();

        private static boolean isNative() {
            int isa;
            try {
                isa = (int) CPU_ISA.invokeExact();
            } catch (Throwable e) {
                throw broken(e);
            }
            boolean is = (isa & ISA_BF16) == ISA_BF16;
            if (!is) {
                String line = "this processor (" + instructions(isa) + ") has no bfloat16 arithmetic:"
                        + " bfloat16 layers compute in float32, slower than float32 ones";
                System.getLogger("akari.cpu").log(System.Logger.Level.WARNING, line);
            }
            return is;
        }
    }

    private static int type(DType t) {
        return switch (t) {
            case BFLOAT16 -> BF16;
            case FLOAT32 -> F32;
            default -> throw new IllegalArgumentException("no oneDNN operand here is " + t);
        };
    }

    private static String instructions(int isa) {
        return switch (isa) {
            case 0x1 -> "sse41";
            case 0x3 -> "avx";
            case 0x7 -> "avx2";
            case 0xf, 0x1f -> "avx2_vnni";
            case 0x27 -> "avx512_core";
            case 0x67 -> "avx512_core_vnni";
            case 0xe7 -> "avx512_core_bf16";
            case 0x1ef -> "avx512_core_fp16";
            case 0xfef, 0x1fef -> "avx512_core_amx";
            default -> System.getProperty("os.arch");
        };
    }

    /** How many threads primitives that the calling thread executes or creates use. */
    static void threads(int n) {
        try {
            OMP_SET_NUM_THREADS.invokeExact(n);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long stream() {
        return create("stream", out -> (int) STREAM_CREATE.invokeExact(out, ENGINE, 1));
    }

    // ---- memory descriptors, FLOAT32 unless said

    static long strided(long[] sizes, long[] strides) {
        return strided(DType.FLOAT32, sizes, strides);
    }

    static long strided(DType type, long[] sizes, long[] strides) {
        try (Arena arena = Arena.ofConfined()) {
            int t = type(type);
            long d = longs(arena, sizes);
            long s = longs(arena, strides);
            return create("layout", out -> (int) MD_STRIDES.invokeExact(out, sizes.length, d, t, s));
        }
    }

    /** Leaves the format to the primitive. */
    static long any(DType type, long[] sizes) {
        try (Arena arena = Arena.ofConfined()) {
            int t = type(type);
            long d = longs(arena, sizes);
            return create("layout", out -> (int) MD_TAG.invokeExact(out, sizes.length, d, t, FORMAT_ANY));
        }
    }

    static void destroyDescriptor(long md) {
        try {
            int ignored = (int) MD_DESTROY.invokeExact(md);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean equal(long a, long b) {
        try {
            return (int) MD_EQUAL.invokeExact(a, b) != 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long bytes(long md) {
        try {
            return (long) MD_SIZE.invokeExact(md);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    // ---- memories

    static long memory(long md) {
        return create("memory", out -> (int) MEMORY_CREATE.invokeExact(out, md, ENGINE, 0L));
    }

    static void set(long memory, long address) {
        try {
            check("set_data_handle", (int) MEMORY_SET.invokeExact(memory, address));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void destroyMemory(long memory) {
        try {
            int ignored = (int) MEMORY_DESTROY.invokeExact(memory);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    // ---- primitives

    /** A copy of the descriptor that the primitive wants for {@code argument}. */
    static long wanted(long pd, int argument) {
        try {
            long md = (long) PD_QUERY_MD.invokeExact(pd, QUERY_EXEC_ARG, argument);
            return create("layout", out -> (int) MD_CLONE.invokeExact(out, md));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long primitive(String what, long pd) {
        return create(what, out -> (int) PRIMITIVE_CREATE.invokeExact(out, pd));
    }

    static void execute(String what, long primitive, long stream, int count, long arguments) {
        try {
            check(what, (int) PRIMITIVE_EXECUTE.invokeExact(primitive, stream, count, arguments));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void destroyPrimitive(long primitive) {
        try {
            int ignored = (int) PRIMITIVE_DESTROY.invokeExact(primitive);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void destroyRecipe(long pd) {
        try {
            int ignored = (int) PD_DESTROY.invokeExact(pd);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    // ---- recipes: oneDNN's primitive descriptors; `what` names operation and shapes in an error

    static long reorder(String what, long from, long to) {
        return create(what, out -> (int) REORDER.invokeExact(out, from, ENGINE, to, ENGINE, USER_SCRATCHPAD));
    }

    /** {@code bias} may be 0. */
    static long matmul(String what, long a, long b, long bias, Epilogue then, long to) {
        long attributes = attributes(then);
        return create(what, out -> (int) MATMUL.invokeExact(out, ENGINE, a, b, bias, to, attributes));
    }

    private static long attributes() {
        long attributes = create("attributes", out -> (int) ATTR_CREATE.invokeExact(out));
        try {
            check("scratchpad mode", (int) ATTR_SCRATCHPAD.invokeExact(attributes, SCRATCHPAD_BY_USER));
        } catch (Throwable e) {
            throw broken(e);
        }
        return attributes;
    }

    /** Kept for ever: there are few. */
    private static long attributes(Epilogue then) {
        return EPILOGUES.computeIfAbsent(then, OneDnn::create);
    }

    private static long create(Epilogue then) {
        long attributes = attributes();
        long ops = create("post-operations", out -> (int) POST_OPS_CREATE.invokeExact(out));
        try {
            if (then.accumulate()) {
                check("post-operation", (int) POST_OPS_SUM.invokeExact(ops, 1f, 0, F32));
            }
            switch (then.activation()) {
                case IDENTITY -> {}
                case RELU -> eltwise(ops, ELTWISE_RELU, 0, 0);
                case RELU6 -> eltwise(ops, ELTWISE_CLIP_V2, 0, 6);
                case HARDSWISH -> eltwise(ops, ELTWISE_HARDSWISH, 1f / 6, 0.5f);
                case SILU -> eltwise(ops, ELTWISE_SWISH, 1, 0);
            }
            check("post-operations", (int) ATTR_POST_OPS.invokeExact(attributes, ops));
            int ignored = (int) POST_OPS_DESTROY.invokeExact(ops);
        } catch (Throwable e) {
            throw broken(e);
        }
        return attributes;
    }

    private static void eltwise(long ops, int kind, float alpha, float beta) throws Throwable {
        check("post-operation", (int) POST_OPS_ELTWISE.invokeExact(ops, kind, alpha, beta));
    }

    /** Strides, dilations (0 = dense), padding before and after, in oneDNN's terms. */
    record Window(long[] strides, long[] dilations, long[] before, long[] after) {}

    static long convolution(String what, Window w, long x, long weights, long bias, Epilogue then, long to) {
        long attributes = attributes(then);
        try (Arena arena = Arena.ofConfined()) {
            long s = longs(arena, w.strides);
            long d = longs(arena, w.dilations);
            long b = longs(arena, w.before);
            long a = longs(arena, w.after);
            return create(what, out -> (int) CONVOLUTION_FORWARD.invokeExact(
                    out, ENGINE, FORWARD_TRAINING, CONVOLUTION_DIRECT, x, weights, bias, to, s, d, b, a, attributes));
        }
    }

    static long convolutionBackwardData(String what, Window w, long gx, long weights, long g, long forward) {
        try (Arena arena = Arena.ofConfined()) {
            long s = longs(arena, w.strides);
            long d = longs(arena, w.dilations);
            long b = longs(arena, w.before);
            long a = longs(arena, w.after);
            return create(what, out -> (int) CONVOLUTION_BACKWARD_DATA.invokeExact(
                    out, ENGINE, CONVOLUTION_DIRECT, gx, weights, g, s, d, b, a, forward, USER_SCRATCHPAD));
        }
    }

    static long convolutionBackwardWeights(String what, Window w, long x, long gw, long gb, long g, long forward) {
        try (Arena arena = Arena.ofConfined()) {
            long s = longs(arena, w.strides);
            long d = longs(arena, w.dilations);
            long b = longs(arena, w.before);
            long a = longs(arena, w.after);
            return create(what, out -> (int) CONVOLUTION_BACKWARD_WEIGHTS.invokeExact(
                    out, ENGINE, CONVOLUTION_DIRECT, x, gw, gb, g, s, d, b, a, forward, USER_SCRATCHPAD));
        }
    }

    static long batchNorm(String what, long x, float eps, boolean affine) {
        int flags = affine ? USE_SCALE_AND_SHIFT : 0;
        return create(what, out ->
                (int) BATCH_NORM_FORWARD.invokeExact(out, ENGINE, FORWARD_TRAINING, x, x, eps, flags, USER_SCRATCHPAD));
    }

    static long batchNormBackward(String what, long x, float eps, boolean affine, long forward) {
        int flags = affine ? USE_SCALE_AND_SHIFT : 0;
        return create(what, out -> (int)
                BATCH_NORM_BACKWARD.invokeExact(out, ENGINE, BACKWARD, x, x, x, eps, flags, forward, USER_SCRATCHPAD));
    }

    // ---- plumbing

    private interface Creator {
        int into(long out) throws Throwable;
    }

    /** Calls a function that writes a new handle to its first argument. */
    private static long create(String what, Creator creator) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            check(what, creator.into(out.address()));
            return out.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static long longs(Arena arena, long[] values) {
        return arena.allocateFrom(JAVA_LONG, values).address();
    }

    private static void check(String what, int status) {
        if (status == UNIMPLEMENTED) {
            throw new UnsupportedOperationException("oneDNN does not implement " + what);
        }
        if (status != 0) {
            throw new IllegalStateException(
                    "oneDNN: " + what + ": " + (status < STATUS.length ? STATUS[status] : "status " + status));
        }
    }

    private static RuntimeException broken(Throwable e) {
        return e instanceof RuntimeException r ? r : new IllegalStateException("the call into oneDNN failed", e);
    }
}
