package akari.cpu.dnn;

import akari.backend.Buffer;
import akari.backend.View;
import akari.cpu.machine.Workspace;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Weights in the form that a kernel wants, packed once for each version of the memory they come from. In training every step changes
 * the weights and a form serves once, so it is made in scratch memory; only the second use of one version makes it stay.
 */
final class PackedWeights {
    /** Forms of one tensor: batches of several sizes may each want their own. */
    private static final int FORMS = 8;

    private final LongFunction<Buffer> memory;
    private final Map<Buffer, Map<Form, Packed>> all = new WeakHashMap<>();

    PackedWeights(LongFunction<Buffer> memory) {
        this.memory = memory;
    }

    private record Form(Object kind, long offset) {}

    private static final class Packed {
        int version = -1;

        @Nullable
        Buffer block;

        boolean filled;
    }

    /**
     * Where {@code weight} lies in the form {@code kind} (equal for equal forms), {@code bytes} long; valid until {@code w} closes.
     *
     * @param pack writes the form to an address
     */
    long of(Workspace w, View weight, Object kind, long bytes, LongConsumer pack) {
        Packed p = find(weight.buffer(), new Form(kind, weight.layout().offset()));
        synchronized (p) {
            int version = weight.buffer().version();
            boolean again = p.version == version;
            Buffer block = p.block;
            if (block == null && again) {
                block = memory.apply(bytes);
                p.block = block;
            }
            if (block == null) {
                p.version = version;
                long scratch = w.take(bytes);
                pack.accept(scratch);
                return scratch;
            }
            if (!again || !p.filled) {
                pack.accept(block.address());
                p.version = version;
                p.filled = true;
            }
            return w.hold(block);
        }
    }

    private synchronized Packed find(Buffer buffer, Form form) {
        Map<Form, Packed> forms = all.computeIfAbsent(buffer, _ -> new HashMap<>());
        if (forms.size() >= FORMS && !forms.containsKey(form)) {
            forms.clear();
        }
        return forms.computeIfAbsent(form, _ -> new Packed());
    }
}
