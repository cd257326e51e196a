package akari.tensor;

import akari.formula.Pointwise;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** What the operation families declare, found by reflection, so that no list can forget an operation. */
final class Families {
    private Families() {}

    /** A pointwise operation and where it is declared. */
    record Named(String name, Pointwise formula) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Named> pointwise() {
        List<Named> out = new ArrayList<>();
        for (Class<?> family : Tensor.class.getInterfaces()) {
            for (Field f : family.getDeclaredFields()) {
                if (f.getType() == Pointwise.class && Modifier.isStatic(f.getModifiers())) {
                    try {
                        out.add(new Named(family.getSimpleName() + "." + f.getName(), (Pointwise) f.get(null)));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
        return out;
    }

    /** The primitives: records that implement {@link Op}, nested in a family, plus the pointwise one. */
    static List<Class<?>> primitives() {
        List<Class<?>> out = new ArrayList<>();
        for (Class<?> family : Tensor.class.getInterfaces()) {
            for (Class<?> c : family.getDeclaredClasses()) {
                if (Op.class.isAssignableFrom(c) && c.isRecord()) {
                    out.add(c);
                }
            }
        }
        return out;
    }
}
