package akari.nn;

import akari.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Finds what a module's fields hold: tensors and modules, also in lists, arrays and maps, in the order of declaration. */
final class Members {
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            if (type.getSuperclass() != Module.class && type.getSuperclass() != null) {
                fields.addAll(FIELDS.get(type.getSuperclass()));
            }
            for (Field f : type.getDeclaredFields()) {
                int skipped = Modifier.STATIC | Modifier.TRANSIENT;
                if ((f.getModifiers() & skipped) == 0 && !f.isSynthetic() && canHold(f.getType())) {
                    fields.add(f);
                }
            }
            return List.copyOf(fields);
        }
    };

    private Members() {}

    /** A final class that is neither holds no module; skipping it asks for no access. */
    private static boolean canHold(Class<?> type) {
        return type == Tensor.class
                || Module.class.isAssignableFrom(type)
                || type.isArray() && canHold(type.getComponentType())
                || !type.isPrimitive() && !type.isArray() && !Modifier.isFinal(type.getModifiers()) && !type.isEnum();
    }

    /** Calls {@code found} with the name and value of every tensor and module held directly by {@code module}. */
    static void visit(Module module, BiConsumer<String, Object> found) {
        for (Field f : FIELDS.get(module.getClass())) {
            StateKey key = f.getAnnotation(StateKey.class);
            collect(key == null ? f.getName() : key.value(), read(f, module), found);
        }
    }

    private static void collect(String name, @Nullable Object value, BiConsumer<String, Object> found) {
        switch (value) {
            case Tensor t -> found.accept(name, t);
            case Module m -> found.accept(name, m);
            case Object[] array -> {
                for (int i = 0; i < array.length; i++) {
                    collect(name + "." + i, array[i], found);
                }
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collect(name + "." + i, list.get(i), found);
                }
            }
            case Map<?, ?> map -> map.forEach((k, v) -> collect(name + "." + k, v, found));
            case null, default -> {}
        }
    }

    private static @Nullable Object read(Field f, Module module) {
        if (!f.canAccess(module) && !f.trySetAccessible()) {
            Class<?> owner = f.getDeclaringClass();
            throw new IllegalStateException("the field " + f.getName() + " of " + owner.getName()
                    + " cannot be read: add `opens " + owner.getPackageName() + " to akari.nn;` to the module-info of "
                    + owner.getModule().getName() + ", or make field and class public");
        }
        try {
            return f.get(module);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
