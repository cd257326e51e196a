package akari.backend;

import akari.formula.Expr;
import akari.formula.Pointwise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fused pass over memory: {@code inputs} elements in, one element out for each formula of {@code outputs}. Backends compile a
 * kernel once and find it again by equality, for which a kernel keeps its formulas as a list of distinct terms.
 *
 * <p>All inputs of an element are read before any of its outputs is written, so an output may be the same view as an input.
 */
public final class Kernel {
    private final String name;
    private final int inputs;
    private final int scalars;
    private final List<Expr> outputs;
    private @Nullable Terms terms;

    public Kernel(String name, int inputs, int scalars, List<Expr> outputs) {
        this.name = name;
        this.inputs = inputs;
        this.scalars = scalars;
        this.outputs = List.copyOf(outputs);
    }

    /** The kernel of one operation: the same whenever it is asked for, so that its terms are listed once. */
    public static Kernel of(Pointwise f) {
        return f.kept(Kernel.class, p -> new Kernel(p.name(), p.arity(), p.scalars(), List.of(p.value())));
    }

    public String name() {
        return name;
    }

    public int inputs() {
        return inputs;
    }

    public int scalars() {
        return scalars;
    }

    public List<Expr> outputs() {
        return outputs;
    }

    /** The distinct subterms of {@link #outputs}, listed when they are first asked for; a race lists them twice. */
    Terms terms() {
        Terms t = terms;
        if (t == null) {
            t = Terms.of(outputs);
            terms = t;
        }
        return t;
    }

    @Override
    public boolean equals(Object o) {
        return this == o
                || o instanceof Kernel k && inputs == k.inputs && scalars == k.scalars && terms().equals(k.terms());
    }

    @Override
    public int hashCode() {
        return 31 * inputs + terms().hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
