package akari.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The modules that are being called on this thread, so that an error can say in which one it arose. */
final class ModuleStack {
    private static final ThreadLocal<ModuleStack> CURRENT = ThreadLocal.withInitial(ModuleStack::new);

    private final List<Module> stack = new ArrayList<>();
    private @Nullable RuntimeException located;

    private ModuleStack() {}

    static <T> T in(Module module, Supplier<T> body) {
        ModuleStack calls = CURRENT.get();
        calls.stack.add(module);
        try {
            return body.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw calls.locate(e);
        } finally {
            calls.stack.removeLast();
            if (calls.stack.isEmpty()) {
                calls.located = null;
            }
        }
    }

    /** The path of the innermost module that is being called, {@code ""} outside of all. */
    static String where() {
        ModuleStack calls = CURRENT.get();
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < calls.stack.size(); i++) {
            path.append(path.isEmpty() ? "" : ".").append(nameIn(calls.stack.get(i - 1), calls.stack.get(i)));
        }
        return path.isEmpty() && !calls.stack.isEmpty() ? name(calls.stack.getFirst()) : path.toString();
    }

    /** The innermost module names itself; the ones around it pass the exception on. */
    private RuntimeException locate(RuntimeException e) {
        if (e == located) {
            return e;
        }
        String message = "in " + path() + ": " + e.getMessage();
        RuntimeException named = e instanceof IllegalArgumentException
                ? new IllegalArgumentException(message, e)
                : new IllegalStateException(message, e);
        located = named;
        return named;
    }

    private String path() {
        Module last = stack.getLast();
        if (stack.size() == 1) {
            return last.line();
        }
        StringBuilder path = new StringBuilder(name(stack.getFirst()));
        for (int i = 1; i < stack.size(); i++) {
            path.append('.').append(nameIn(stack.get(i - 1), stack.get(i)));
        }
        return path + " (" + last.line() + ")";
    }

    private static String nameIn(Module parent, Module child) {
        for (Map.Entry<String, Module> e : parent.namedModules().entrySet()) {
            if (e.getValue() == child) {
                return e.getKey();
            }
        }
        return name(child);
    }

    private static String name(Module m) {
        return m.getClass().getSimpleName();
    }
}
