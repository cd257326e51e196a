package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;
import static akari.testkit.cases.Domain.UNIT;

import akari.core.Convolution;
import akari.core.Pooling;
import akari.core.Shape;
import java.util.List;

/** Convolutions, pooling, normalisations. */
final class LayerCases extends Family {
    LayerCases() {
        add("torch.convolution(x, y, z, …)", LayerCases::convolution)
                .floatingOnly("Akari's layers compute on floating-point tensors alone");
        add("torch.max_pool2d(x, …)", d -> {
                    var p = pooling(d);
                    var expression = format(
                            "torch.max_pool2d(x, %s, %s, %s, %s, %s)",
                            p.kernel(), p.stride(), p.padding(), p.dilation(), p.ceilMode() ? "True" : "False");
                    return new Question(expression, Operand.of(MODERATE, image(d)), x -> x.maxPool(p));
                })
                .floatingOnly("Akari's layers compute on floating-point tensors alone");
        add("torch.avg_pool2d(x, …)", d -> {
                    var p = pooling(d);
                    var expression = format(
                            "torch.avg_pool2d(x, %s, %s, %s, %s, %s)",
                            p.kernel(),
                            p.stride(),
                            p.padding(),
                            p.ceilMode() ? "True" : "False",
                            p.countIncludePad() ? "True" : "False");
                    return new Question(expression, Operand.of(MODERATE, image(d)), x -> x.averagePool(p));
                })
                .floatingOnly("Akari's layers compute on floating-point tensors alone");
        add("torch.adaptive_avg_pool2d(x, …)", d -> {
            var size = Shape.of(d.between(1, 5), d.between(1, 5));
            return new Question(
                    format("torch.adaptive_avg_pool2d(x, %s)", size),
                    Operand.of(MODERATE, image(d)),
                    x -> x.averagePool(Pooling.adaptive(size)));
        });
        add("torch.batch_norm(x, y, z, u, v, …)", d -> {
            long[] shape = d.full(2, 4);
            boolean training = d.coin();
            return new Question(
                    format("torch.batch_norm(x, y, z, u, v, %s, 0.1, 1e-5, False)", training ? "True" : "False"),
                    t -> List.of(t[0].batchNorm(t[3], t[4], t[1], t[2], training, 0.1, 1e-5)),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape[1]),
                    Operand.of(MODERATE, shape[1]),
                    Operand.of(MODERATE, shape[1]).constant(),
                    Operand.of(POSITIVE, shape[1]).constant());
        });
    }

    private static Question convolution(Draw d) {
        int spatial = d.between(1, 3);
        int groups = d.between(1, 2);
        long[] stride = new long[spatial];
        long[] padding = new long[spatial];
        long[] dilation = new long[spatial];
        long[] x = new long[spatial + 2];
        long[] w = new long[spatial + 2];
        x[0] = d.between(1, 3);
        x[1] = (long) groups * d.between(1, 3);
        w[0] = (long) groups * d.between(1, 3);
        w[1] = x[1] / groups;
        for (int i = 0; i < spatial; i++) {
            stride[i] = d.between(1, 2);
            padding[i] = d.between(0, 2);
            dilation[i] = d.between(1, 2);
            w[i + 2] = d.between(1, 3);
            x[i + 2] = d.between(5, 8);
        }
        var c = new Convolution(Shape.of(stride), Shape.of(padding), Shape.of(dilation), groups);
        return new Question(
                format(
                        "torch.convolution(x, y, z, %s, %s, %s, False, %s, %d)",
                        c.stride(), c.padding(), c.dilation(), Shape.fill(spatial, 0), groups),
                t -> List.of(t[0].convolution(c, t[1], t[2])),
                Operand.of(UNIT, x),
                Operand.of(UNIT, w),
                Operand.of(UNIT, w[0]));
    }

    private static long[] image(Draw d) {
        return new long[] {d.between(1, 3), d.between(1, 4), d.between(5, 9), d.between(5, 9)};
    }

    private static Pooling pooling(Draw d) {
        var kernel = Shape.of(d.between(1, 3), d.between(1, 3));
        return new Pooling(
                kernel,
                Shape.of(d.between(1, 3), d.between(1, 3)),
                Shape.of(d.between(0, (int) kernel.get(0) / 2), d.between(0, (int) kernel.get(1) / 2)),
                Shape.of(1, 1),
                d.coin(),
                d.coin(),
                0,
                null);
    }
}
