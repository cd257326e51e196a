package akari.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Aligned memory from the C library, and raw access to it. */
public final class SystemMemory {
    /** All of the address space: kernels compute with plain addresses. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** Readable bytes behind every block, so that a masked vector load may overrun where the hardware has no masks. */
    private static final long PADDING = 64;

    private static final long HUGE_PAGE = 2 << 20;
    private static final int MADV_HUGEPAGE = 14;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final MethodHandle MALLOC =
            function("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    private static final @Nullable MethodHandle MADVISE = System.getProperty("os.name")
                    .startsWith("Linux")
            ? function(
                    "madvise",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))
            : null;

    private SystemMemory() {}

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LIBC.find(name).orElseThrow(() -> new IllegalStateException("the C library has no function " + name)),
                type);
    }

    /** As {@link #take}, for what there is no way around. */
    public static long need(long bytes) {
        long address = take(bytes);
        if (address == 0) {
            throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory left");
        }
        return address;
    }

    /** 64-byte aligned, or huge-page aligned and advised from 2 MB on; 0 when the system has none left. */
    static long take(long bytes) {
        long alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
        try {
            long raw = (long) MALLOC.invokeExact(Math.addExact(bytes, 64 + alignment + PADDING));
            if (raw == 0) {
                return 0;
            }
            long address = (raw + 64 + alignment - 1) & -alignment;
            // what free wants is kept just below the block
            ALL.set(ValueLayout.JAVA_LONG, address - 8, raw);
            if (MADVISE != null && bytes >= HUGE_PAGE) {
                int ignored = (int) MADVISE.invokeExact(address, bytes & -HUGE_PAGE, MADV_HUGEPAGE);
            }
            return address;
        } catch (Throwable e) {
            throw new IllegalStateException("allocating " + bytes + " bytes of native memory failed", e);
        }
    }

    /** Gives back what {@link #take} returned. */
    public static void give(long address) {
        try {
            FREE.invokeExact(ALL.get(ValueLayout.JAVA_LONG, address - 8));
        } catch (Throwable e) {
            throw new IllegalStateException("freeing native memory failed", e);
        }
    }
}
