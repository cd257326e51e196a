package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gradients against central differences, element by element: see {@link Autograd#gradcheck}. */
record Gradcheck(Function<Tensor[], Tensor[]> f, double eps, double atol, double rtol) {

    void first(Tensor[] in) {
        NullArgument.check(in, "in");
        boolean any = false;
        for (Tensor t : in) {
            any |= t.requiresGrad();
        }
        if (!any) {
            throw new IllegalArgumentException("gradcheck: none of the " + in.length + " inputs requires a gradient");
        }
        Tensor[] out = f.apply(in);
        for (int o = 0; o < out.length; o++) {
            if (out[o].dtype().isFloating()) {
                double[][][] byTape = byTape(out[o], in);
                for (int i = 0; i < in.length; i++) {
                    if (in[i].requiresGrad()) {
                        compare(o, out.length, i, in[i], byTape[i], numeric(in, i, o));
                    }
                }
            }
        }
    }

    /** The gradient as a function of the inputs and of the gradient that comes in. */
    void second(Tensor[] in) {
        NullArgument.check(in, "in");
        Generator random = new Generator(0);
        Tensor[] out = Arrays.stream(f.apply(in)).filter(Tensor::requiresGrad).toArray(Tensor[]::new);
        Tensor[] all = Arrays.copyOf(in, in.length + out.length);
        for (int i = 0; i < out.length; i++) {
            all[in.length + i] =
                    Tensors.emptyLike(out[i].detach()).normal_(0, 1, random).requiresGrad_();
        }
        Function<Tensor[], Tensor[]> gradient = x -> {
            Tensor[] own = Arrays.copyOf(x, in.length);
            Tensor[] wanted = Arrays.stream(own).filter(Tensor::requiresGrad).toArray(Tensor[]::new);
            Tensor[] y =
                    Arrays.stream(f.apply(own)).filter(Tensor::requiresGrad).toArray(Tensor[]::new);
            @Nullable Tensor[] g = Backward.run(y, Arrays.copyOfRange(x, in.length, x.length), wanted, true, true);
            return Arrays.stream(g).filter(t -> t != null).toArray(Tensor[]::new);
        };
        new Gradcheck(gradient, eps, atol, rtol).first(all);
    }

    /** By input and by element of the result: the gradient of that element. */
    private static double[][][] byTape(Tensor out, Tensor[] in) {
        int n = Math.toIntExact(out.numel());
        double[][][] rows = new double[in.length][n][];
        Tensor[] wanted = Arrays.stream(in).filter(Tensor::requiresGrad).toArray(Tensor[]::new);
        for (int k = 0; k < n; k++) {
            double[] one = new double[n];
            one[k] = 1;
            Tensor seed = Tensors.of(out.dtype(), one, out.shape()).to(out.device());
            @Nullable
            Tensor[] g = out.requiresGrad()
                    ? Backward.run(new Tensor[] {out}, new Tensor[] {seed}, wanted, true, false)
                    : new Tensor[wanted.length];
            @Nullable
            Tensor[] again = out.requiresGrad() && k == 0
                    ? Backward.run(new Tensor[] {out}, new Tensor[] {seed}, wanted, true, false)
                    : g;
            for (int i = 0, j = 0; i < in.length; i++) {
                if (in[i].requiresGrad()) {
                    rows[i][k] = values(g[j], in[i]);
                    if (!Arrays.equals(rows[i][k], values(again[j++], in[i]))) {
                        throw new Autograd.GradcheckError("gradcheck: backward gives other numbers for input " + i
                                + " when it runs again; it draws random numbers or changes what it saved");
                    }
                }
            }
        }
        return rows;
    }

    private static double[] values(@Nullable Tensor g, Tensor like) {
        return g == null
                ? new double[Math.toIntExact(like.numel())]
                : g.detach().toDoubles();
    }

    /** By element of input {@code i}: the change of result {@code o}. */
    private double[][] numeric(Tensor[] in, int i, int o) {
        double[] x = in[i].detach().toDoubles();
        double[][] columns = new double[x.length][];
        for (int k = 0; k < x.length; k++) {
            double[] up = at(in, i, o, x, k, eps);
            double[] down = at(in, i, o, x, k, -eps);
            columns[k] = new double[up.length];
            for (int j = 0; j < up.length; j++) {
                columns[k][j] = (up[j] - down[j]) / (2 * eps);
            }
        }
        return columns;
    }

    private double[] at(Tensor[] in, int i, int o, double[] x, int k, double step) {
        Tensor[] moved = in.clone();
        double[] there = x.clone();
        there[k] += step;
        moved[i] = Tensors.of(in[i].dtype(), there, in[i].shape())
                .to(in[i].device())
                .detach()
                .requiresGrad_();
        return f.apply(moved)[o].detach().toDoubles(); // recorded: the function may itself differentiate
    }

    private void compare(int o, int outputs, int i, Tensor input, double[][] byTape, double[][] numeric) {
        String hint = input.dtype() == DType.FLOAT64
                ? ""
                : " (input " + i + " is " + input.dtype() + ": differences need float64)";
        for (int k = 0; k < numeric.length; k++) {
            for (int j = 0; j < byTape.length; j++) {
                double a = byTape[j][k];
                double n = numeric[k][j];
                if (!(Math.abs(a - n) <= atol + rtol * Math.abs(n)) && !(Double.isNaN(a) && Double.isNaN(n))) {
                    throw new Autograd.GradcheckError(String.format(
                            Locale.ROOT,
                            "gradcheck: the derivative of element %d of result %d%s by element %d of input %d, shape %s, is"
                                    + " %.9g by backward and %.9g by differences of %.1g%s",
                            j,
                            o,
                            outputs == 1 ? "" : " of " + outputs,
                            k,
                            i,
                            input.shape(),
                            a,
                            n,
                            eps,
                            hint));
                }
            }
        }
    }
}
