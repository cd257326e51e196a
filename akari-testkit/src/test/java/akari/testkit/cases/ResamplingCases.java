package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;
import static akari.testkit.cases.Domain.UNIT;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.InterpolationMode;
import akari.nn.PaddingMode;
import akari.nn.Reduction;
import java.util.Arrays;
import java.util.List;

/** Images at other sizes and places; functions of {@code torch.nn.functional} that are no layers. */
final class ResamplingCases extends Family {
    ResamplingCases() {
        String[] linear = {"linear1d", "bilinear2d", "trilinear3d"};
        String[] nearest = {"nearest1d", "nearest2d", "nearest3d"};
        for (int n = 1; n <= 3; n++) {
            for (boolean align : new boolean[] {false, true}) {
                resize(
                        "upsample_" + linear[n - 1] + "(x, %s, " + python(align) + ")",
                        n,
                        InterpolationMode.LINEAR,
                        align);
            }
            resize("upsample_" + nearest[n - 1] + "(x, %s)", n, InterpolationMode.NEAREST, false);
            resize("_upsample_nearest_exact" + n + "d(x, %s)", n, InterpolationMode.NEAREST_EXACT, false);
        }
        resize("upsample_bicubic2d(x, %s, False)", 2, InterpolationMode.BICUBIC, false);
        resize("upsample_bicubic2d(x, %s, True)", 2, InterpolationMode.BICUBIC, true)
                .tolerance("PyTorch finds the places in float32", DType.FLOAT32, 1e-5, 1e-5);
        resize("adaptive_avg_pool2d(x, %s)", 2, InterpolationMode.AREA, false);
        smoothed("bilinear", InterpolationMode.LINEAR);
        smoothed("bicubic", InterpolationMode.BICUBIC);
        add("torch.upsample_bilinear2d of a scale", d -> {
                    double scale = d.between(3, 10) / 4.0;
                    return new Question(
                            format("torch.upsample_bilinear2d(x, None, False, [%1$s, %1$s])", scale),
                            Operand.of(MODERATE, image(d, 2)),
                            x -> Functional.interpolate(x, scale, InterpolationMode.LINEAR));
                })
                .floatingOnly("images are of floating types");
        for (int mode = 0; mode < 3; mode++) {
            var padding = List.of(PaddingMode.ZEROS, PaddingMode.REPLICATE, PaddingMode.REFLECT)
                    .get(mode);
            for (boolean align : new boolean[] {false, true}) {
                sample(2, false, mode, padding, align);
                sample(3, false, mode, padding, align);
                sample(2, true, mode, padding, align);
            }
        }
        for (int n = 2; n <= 3; n++) {
            for (boolean align : new boolean[] {false, true}) {
                affine(n, align);
            }
        }
        functions();
    }

    private static long[] image(Draw d, int spatial) {
        long[] shape = new long[spatial + 2];
        Arrays.setAll(shape, i -> i < 2 ? d.between(1, 3) : d.between(1, 6));
        return shape;
    }

    private Case resize(String torch, int spatial, InterpolationMode mode, boolean align) {
        return add("torch." + torch, d -> {
                    long[] size = d.random.longs(spatial, 1, 9).toArray();
                    return new Question(
                            format("torch." + torch, Arrays.toString(size)),
                            Operand.of(MODERATE, image(d, spatial)),
                            x -> Functional.interpolate(x, Shape.of(size), mode, align, false));
                })
                .floatingOnly("images are of floating types");
    }

    private void smoothed(String name, InterpolationMode mode) {
        // to a width of 1 PyTorch's own rows below the first are wrong
        String torch = "torch._upsample_" + name + "2d_aa(x, %s, False)";
        add(torch, d -> {
                    long[] size = d.random.longs(2, 2, 9).toArray();
                    return new Question(
                            format(torch, Arrays.toString(size)),
                            Operand.of(MODERATE, image(d, 2)),
                            x -> Functional.interpolate(x, Shape.of(size), mode, false, true));
                })
                .floatingOnly("images are of floating types");
    }

    private void sample(int spatial, boolean nearest, int code, PaddingMode padding, boolean align) {
        String torch = format("torch.grid_sampler(x, 1.5 * y, %d, %d, %s)", nearest ? 1 : 0, code, python(align));
        add(torch + " over " + spatial, d -> {
                    long[] x = image(d, spatial);
                    long[] grid = image(d, spatial);
                    long[] at = new long[spatial + 2];
                    System.arraycopy(grid, 2, at, 1, spatial);
                    at[0] = x[0];
                    at[spatial + 1] = spatial;
                    var places = Operand.of(UNIT, at);
                    return new Question(
                            torch,
                            Operand.of(MODERATE, x),
                            nearest ? places.constant() : places, // without influence, or a gradient of 0 as in PyTorch
                            (a, b) -> Functional.gridSample(a, b.mul(1.5), nearest, padding, align));
                })
                .floatingOnly("images are of floating types")
                .without("a rounded place is another place", DType.FLOAT16, DType.BFLOAT16)
                .onceDifferentiable("PyTorch's points lie on cell borders, where there is no slope");
    }

    private void affine(int spatial, boolean align) {
        String torch = "torch.affine_grid_generator(x, %s, " + python(align) + ")";
        add(torch + " over " + spatial, d -> {
                    long[] size = image(d, spatial);
                    return new Question(
                            format(torch, Arrays.toString(size)),
                            Operand.of(MODERATE, size[0], spatial, spatial + 1),
                            x -> Functional.affineGrid(x, Shape.of(size), align));
                })
                .floatingOnly("an affine map is of a floating type");
    }

    private void functions() {
        add("torch.one_hot(x, -1)", d -> {
            var index = d.indices(5, d.full(0, 3));
            return new Question("torch.one_hot(x, -1)", t -> List.of(Functional.oneHot(t[0])), index);
        });
        add("torch.one_hot(x, 5)", d -> {
            var index = d.indices(5, d.shape(0, 3));
            return new Question("torch.one_hot(x, 5)", t -> List.of(Functional.oneHot(t[0], 5)), index);
        });
        along("torch.softmax(-x, %d)", MODERATE, (x, dim) -> List.of(Functional.softmin(x, dim)))
                .floatingOnly("softmax is of floating types");
        for (boolean log : new boolean[] {true, false}) {
            for (boolean full : new boolean[] {true, false}) {
                String torch = format("torch.poisson_nll_loss(x, y, %s, %s, 1e-8, 1)", python(log), python(full));
                add(torch, d -> {
                            long[] shape = d.full(1, 3);
                            return new Question(
                                    torch,
                                    Operand.of(POSITIVE, shape),
                                    Operand.of(POSITIVE, shape).constant(),
                                    (x, y) -> Functional.poissonNllLoss(x, y, log, full, 1e-8, Reduction.MEAN));
                        })
                        .floatingOnly("losses are of floating types")
                        .without("Akari's losses compute in float32", DType.FLOAT16, DType.BFLOAT16);
            }
        }
        for (int reduction = 0; reduction < 3; reduction++) {
            ctc(reduction);
        }
        String gaussian = "(0.5 * (torch.log(z) + (x - y) * (x - y) / z) + 0.9189385332046727).sum()";
        add(gaussian, d -> {
                    long[] shape = d.full(2, 3);
                    long[] row = shape.clone();
                    row[row.length - 1] = 1;
                    return new Question(
                            gaussian,
                            t -> List.of(Functional.gaussianNllLoss(t[0], t[1], t[2], true, 1e-6, Reduction.SUM)),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape).constant(),
                            Operand.of(POSITIVE, d.coin() ? shape : row));
                })
                .floatingOnly("losses are of floating types")
                .without("Akari's losses compute in float32", DType.FLOAT16, DType.BFLOAT16);
    }

    /** Of log-probabilities that are some: PyTorch's gradient takes that for granted. */
    private void ctc(int reduction) {
        add("torch.ctc_loss(log_softmax(x), y, …, reduction " + reduction + ")", d -> {
                    long[] input = {6, d.between(3, 6)};
                    long[] target = {d.between(0, 3), d.between(1, 3)};
                    var torch = format(
                            "torch.ctc_loss(torch.log_softmax(x, 2), y, %s, %s, 0, %d, True)",
                            Arrays.toString(input), Arrays.toString(target), reduction);
                    return new Question(
                            torch,
                            Operand.of(MODERATE, 6, 2, 4),
                            d.whole(DType.INT64, 1, 3, 2, 3),
                            (x, y) -> Functional.ctcLoss(
                                    x.logSoftmax(2),
                                    y,
                                    input,
                                    target,
                                    0,
                                    List.of(Reduction.NONE, Reduction.MEAN, Reduction.SUM)
                                            .get(reduction),
                                    true));
                })
                .floatingOnly("losses are of floating types")
                .without("PyTorch has none for it", DType.FLOAT16, DType.BFLOAT16)
                .onceDifferentiable("PyTorch gives none");
    }
}
