package akari.tensor;

import akari.formula.Pointwise;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What stands behind the operation families, the classes {@code …Formulas} and {@code …Ops}, so that no list can forget an operation. */
final class Families {
    private static final List<Class<?>> CLASSES = classes();

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
        for (Class<?> c : CLASSES) {
            for (Field f : c.getDeclaredFields()) {
                if (f.getType() == Pointwise.class) {
                    try {
                        out.add(new Named(c.getSimpleName() + "." + f.getName(), (Pointwise) f.get(null)));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
        return out;
    }

    /** The primitives: records that implement {@link Op}, nested in one of the classes, beside the pointwise one. */
    static List<Class<?>> primitives() {
        return CLASSES.stream()
                .<Class<?>>flatMap(c -> Arrays.stream(c.getDeclaredClasses()))
                .filter(c -> Op.class.isAssignableFrom(c) && c.isRecord())
                .toList();
    }

    private static List<Class<?>> classes() {
        return new ClassFileImporter()
                .importPackages("akari.tensor").stream()
                        .filter(c -> c.isTopLevelClass() && c.getSimpleName().matches("\\w+(Formulas|Ops)"))
                        .sorted(Comparator.comparing(JavaClass::getName))
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();
    }
}
