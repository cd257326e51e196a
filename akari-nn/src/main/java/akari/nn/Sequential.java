package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Modules applied one after another, named {@code 0}, {@code 1}, … or as given. */
@KeepsNothing
public final class Sequential extends Module implements Iterable<Module> {
    private final transient List<Module> order = new ArrayList<>(); // the names are registered

    /** Named {@code 0}, {@code 1}, … in the order given. */
    public Sequential(Module... modules) {
        NullArgument.check(modules, "modules");
        this(Arrays.asList(modules)); // register names a null among them
    }

    /** Named {@code 0}, {@code 1}, … in the list's order. */
    public Sequential(List<? extends Module> modules) {
        modules.forEach(this::add);
    }

    /** Named children, in the map's order. */
    public Sequential(Map<String, ? extends Module> modules) {
        modules.forEach(this::add);
    }

    /** Appends a module, named by its position. Returns this. */
    public Sequential add(Module module) {
        return add(Integer.toString(order.size()), module);
    }

    /** Appends a module of that name, which must be new and not empty. Returns this. */
    public Sequential add(String name, Module module) {
        register(name, module);
        order.add(module);
        return this;
    }

    /** Negative counts from the end. */
    public Module get(int i) {
        return order.get(i < 0 ? i + order.size() : i);
    }

    /** The number of modules. */
    public int size() {
        return order.size();
    }

    @Override
    public Iterator<Module> iterator() {
        return List.copyOf(order).iterator();
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor y = x;
        for (int i = 0; i < order.size(); i++) {
            Module m = order.get(i);
            boolean pair = m instanceof BatchNormNd<?> && i + 1 < order.size();
            y = pair ? ((BatchNormNd<?>) m).forward(y, order.get(++i)) : m.forward(y);
        }
        return y;
    }
}
