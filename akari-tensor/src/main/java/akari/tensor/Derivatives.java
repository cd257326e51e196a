package akari.tensor;

import akari.core.Shape;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives of functions as tensors: {@code torch.autograd.functional}. Of each there is a form for one input and one result, and
 * one for several.
 *
 * <p>{@code createGraph} lets the results be differentiated with respect to the inputs again. {@code strict} makes it an error if a
 * result does not depend on an input; otherwise its derivative is zero.
 */
public final class Derivatives {
    private Derivatives() {}

    /** A function's result, and a product with its derivative. */
    public record Product(Tensor output, Tensor value) {}

    /** A function's results, and the products with their derivatives. */
    public record Products(Tensor[] outputs, Tensor[] values) {
        @Override
        public String toString() {
            return "Products(outputs=" + Arrays.toString(outputs) + ", values=" + Arrays.toString(values) + ")";
        }
    }

    // ---- first order

    /** The derivative of every element of {@code f(x)} by every element of {@code x}: shape {@code [f(x)…, x…]}. */
    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
        return jacobian(f, x, false, false);
    }

    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x, boolean createGraph, boolean strict) {
        return jacobian(several(f), new Tensor[] {x}, createGraph, strict)[0][0];
    }

    /** {@code [i][j]}: the derivative of result {@code i} by input {@code j}. */
    public static Tensor[][] jacobian(
            Function<Tensor[], Tensor[]> f, Tensor[] inputs, boolean createGraph, boolean strict) {
        return Tensors.enableGrad(() -> {
            Tensor[] in = prepared(inputs, createGraph);
            Tensor[] out = f.apply(in);
            Tensor[][] all = new Tensor[out.length][in.length];
            for (int i = 0; i < out.length; i++) {
                Tensor y = out[i];
                int n = Math.toIntExact(y.numel());
                Tensor[][] rows = new Tensor[in.length][n];
                for (int k = 0; k < n; k++) {
                    Tensor one = Tensors.zerosLike(y.detach()).contiguous().reshape(-1);
                    one.narrow(0, k, 1).fill_(1);
                    @Nullable
                    Tensor[] g = gradients(new Tensor[] {y}, new Tensor[] {one.reshape(y.shape())}, in, createGraph);
                    for (int j = 0; j < in.length; j++) {
                        rows[j][k] = filled("jacobian", g[j], in[j], i, j, createGraph, strict);
                    }
                }
                for (int j = 0; j < in.length; j++) {
                    Shape shape = joined(y.shape(), in[j].shape());
                    all[i][j] = n == 0
                            ? in[j].detach().like(in[j].dtype(), shape)
                            : Tensors.stack(Arrays.asList(rows[j]), 0).reshape(shape);
                }
            }
            return finished(all, createGraph);
        });
    }

    /** {@code f(x)} and {@code v · J}: what backward computes from the gradient {@code v} of {@code f(x)}. */
    public static Product vjp(UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v) {
        return vjp(f, x, v, false, false);
    }

    /** @param v of the result's shape; null for a result of one element */
    public static Product vjp(
            UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v, boolean createGraph, boolean strict) {
        return single(vjp(several(f), new Tensor[] {x}, array(v), createGraph, strict));
    }

    public static Products vjp(
            Function<Tensor[], Tensor[]> f,
            Tensor[] inputs,
            Tensor @Nullable [] v,
            boolean createGraph,
            boolean strict) {
        return Tensors.enableGrad(() -> {
            Tensor[] in = prepared(inputs, createGraph);
            Tensor[] out = f.apply(in);
            Tensor[] seeds = direction("vjp", v, out, "result");
            @Nullable Tensor[] g = gradients(out, seeds, in, createGraph);
            Tensor[] values = new Tensor[in.length];
            for (int j = 0; j < in.length; j++) {
                values[j] = filled("vjp", g[j], in[j], -1, j, createGraph, strict);
            }
            return new Products(finished(out, createGraph), finished(values, createGraph));
        });
    }

    /** {@code f(x)} and {@code J · v}: how the result changes as the input moves along {@code v}. */
    public static Product jvp(UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v) {
        return jvp(f, x, v, false, false);
    }

    /** @param v of the input's shape; null for an input of one element */
    public static Product jvp(
            UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v, boolean createGraph, boolean strict) {
        return single(jvp(several(f), new Tensor[] {x}, array(v), createGraph, strict));
    }

    /** Backward is linear in the gradient that comes in; its own derivative by that gradient is the product wanted. */
    public static Products jvp(
            Function<Tensor[], Tensor[]> f,
            Tensor[] inputs,
            Tensor @Nullable [] v,
            boolean createGraph,
            boolean strict) {
        return Tensors.enableGrad(() -> {
            Tensor[] in = prepared(inputs, createGraph);
            Tensor[] directions = direction("jvp", v, in, "input");
            Tensor[] out = f.apply(in);
            Tensor[] values = forward("jvp", out, in, directions, createGraph, strict);
            return new Products(finished(out, createGraph), finished(values, createGraph));
        });
    }

    private static Tensor[] forward(
            String name, Tensor[] out, Tensor[] in, Tensor[] v, boolean createGraph, boolean strict) {
        Tensor[] dual = new Tensor[out.length];
        for (int i = 0; i < out.length; i++) {
            dual[i] = Tensors.zerosLike(out[i].detach()).requiresGrad_();
        }
        @Nullable Tensor[] g = gradients(out, dual, in, true);
        @Nullable Tensor[] p = gradients(g, v, dual, createGraph);
        Tensor[] values = new Tensor[out.length];
        for (int i = 0; i < out.length; i++) {
            values[i] = filled(name, p[i], out[i], i, -1, createGraph, strict);
        }
        return values;
    }

    // ---- second order

    /** The second derivatives of a function with one element as result: shape {@code [x…, x…]}. */
    public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x) {
        return hessian(f, x, false, false);
    }

    public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x, boolean createGraph, boolean strict) {
        return hessian(in -> f.apply(in[0]), new Tensor[] {x}, createGraph, strict)[0][0];
    }

    /** {@code [i][j]}: the derivative of the gradient of input {@code i} by input {@code j}. */
    public static Tensor[][] hessian(
            Function<Tensor[], Tensor> f, Tensor[] inputs, boolean createGraph, boolean strict) {
        return jacobian(in -> slope("hessian", f, in, strict).gradients, inputs, createGraph, strict);
    }

    /** {@code f(x)} and {@code v · H}. */
    public static Product vhp(UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v) {
        return single(vhp(in -> f.apply(in[0]), new Tensor[] {x}, array(v), false, false));
    }

    /** @param v one for each input, of its shape; null for a single input of one element */
    public static Products vhp(
            Function<Tensor[], Tensor> f, Tensor[] inputs, Tensor @Nullable [] v, boolean createGraph, boolean strict) {
        return Tensors.enableGrad(() -> {
            Tensor[] in = prepared(inputs, createGraph);
            Tensor[] directions = direction("vhp", v, in, "input");
            Slope s = slope("vhp", f, in, strict);
            @Nullable Tensor[] g = gradients(s.gradients, directions, in, createGraph);
            Tensor[] values = new Tensor[in.length];
            for (int j = 0; j < in.length; j++) {
                values[j] = filled("vhp", g[j], in[j], -1, j, createGraph, strict);
            }
            return new Products(finished(new Tensor[] {s.output}, createGraph), finished(values, createGraph));
        });
    }

    /** {@code f(x)} and {@code H · v}. */
    public static Product hvp(UnaryOperator<Tensor> f, Tensor x, @Nullable Tensor v) {
        return single(hvp(in -> f.apply(in[0]), new Tensor[] {x}, array(v), false, false));
    }

    /** @param v one for each input, of its shape; null for a single input of one element */
    public static Products hvp(
            Function<Tensor[], Tensor> f, Tensor[] inputs, Tensor @Nullable [] v, boolean createGraph, boolean strict) {
        return Tensors.enableGrad(() -> {
            Tensor[] in = prepared(inputs, createGraph);
            Tensor[] directions = direction("hvp", v, in, "input");
            Slope s = slope("hvp", f, in, strict);
            Tensor[] values = forward("hvp", s.gradients, in, directions, createGraph, strict);
            return new Products(finished(new Tensor[] {s.output}, createGraph), finished(values, createGraph));
        });
    }

    private record Slope(Tensor output, Tensor[] gradients) {}

    private static Slope slope(String name, Function<Tensor[], Tensor> f, Tensor[] in, boolean strict) {
        Tensor y = f.apply(in);
        if (y.numel() != 1) {
            throw new IllegalArgumentException(
                    name + " needs a function whose result has one element, this one's has shape " + y.shape());
        }
        @Nullable Tensor[] seed = {null};
        @Nullable Tensor[] g = gradients(new Tensor[] {y}, seed, in, true);
        Tensor[] out = new Tensor[in.length];
        for (int j = 0; j < in.length; j++) {
            out[j] = filled(name, g[j], in[j], 0, j, true, strict);
        }
        return new Slope(y, out);
    }

    // ---- pieces

    private static Function<Tensor[], Tensor[]> several(UnaryOperator<Tensor> f) {
        return in -> new Tensor[] {f.apply(in[0])};
    }

    private static Product single(Products p) {
        return new Product(p.outputs[0], p.values[0]);
    }

    private static Tensor @Nullable [] array(@Nullable Tensor v) {
        return v == null ? null : new Tensor[] {v};
    }

    private static Shape joined(Shape a, Shape b) {
        long[] sizes = Arrays.copyOf(a.toArray(), a.rank() + b.rank());
        System.arraycopy(b.toArray(), 0, sizes, a.rank(), b.rank());
        return Shape.of(sizes);
    }

    /** Inputs of this function alone; with a link to what they were computed from, if that is asked for. */
    private static Tensor[] prepared(Tensor[] inputs, boolean createGraph) {
        return Arrays.stream(inputs)
                .map(t ->
                        createGraph && t.requiresGrad() ? t.clone() : t.detach().requiresGrad_())
                .toArray(Tensor[]::new);
    }

    private static Tensor[] finished(Tensor[] t, boolean createGraph) {
        return createGraph ? t : Arrays.stream(t).map(Tensor::detach).toArray(Tensor[]::new);
    }

    private static Tensor[][] finished(Tensor[][] t, boolean createGraph) {
        return Arrays.stream(t).map(row -> finished(row, createGraph)).toArray(Tensor[][]::new);
    }

    /** Gradients of those of {@code out} that have a graph; null where there is none. */
    private static @Nullable Tensor[] gradients(
            @Nullable Tensor[] out, @Nullable Tensor[] seeds, Tensor[] in, boolean createGraph) {
        int[] with = IntStream.range(0, out.length)
                .filter(i -> out[i] != null && out[i].requiresGrad())
                .toArray();
        if (with.length == 0) {
            return new Tensor[in.length];
        }
        Tensor[] roots = new Tensor[with.length];
        @Nullable Tensor[] from = new Tensor[with.length];
        for (int k = 0; k < with.length; k++) {
            Tensor root = out[with[k]];
            if (root != null) {
                roots[k] = root;
            }
            from[k] = seeds[with[k]];
        }
        return Backward.run(roots, from, in, true, createGraph);
    }

    private static Tensor filled(
            String name, @Nullable Tensor g, Tensor like, int output, int input, boolean createGraph, boolean strict) {
        String which = (output < 0 ? "the result" : "result " + output)
                + (input < 0 ? " does not depend on the inputs" : " does not depend on input " + input);
        if (g == null) {
            if (strict) {
                throw new IllegalStateException(name + ", strict: " + which);
            }
            return Tensors.zerosLike(like.detach());
        }
        if (strict && createGraph && !g.requiresGrad()) {
            throw new IllegalStateException(
                    name + ", strict: the derivative is constant, it cannot be differentiated again; "
                            + "use createGraph = false or strict = false");
        }
        return g;
    }

    private static Tensor[] direction(String name, Tensor @Nullable [] v, Tensor[] like, String of) {
        if (v == null) {
            if (like.length != 1 || like[0].numel() != 1) {
                throw new IllegalArgumentException(name + " without v needs a single " + of + " of one element, got "
                        + Arrays.stream(like).map(Tensor::shape).toList());
            }
            return new Tensor[] {Tensors.onesLike(like[0].detach())};
        }
        if (v.length != like.length) {
            throw new IllegalArgumentException(
                    name + ": " + v.length + " tensors in v, expected " + like.length + ", one for each " + of);
        }
        for (int i = 0; i < v.length; i++) {
            if (!v[i].shape().equals(like[i].shape())) {
                throw new IllegalArgumentException(
                        name + ": v " + i + " has shape " + v[i].shape() + ", its " + of + " has " + like[i].shape());
            }
        }
        return v;
    }
}
