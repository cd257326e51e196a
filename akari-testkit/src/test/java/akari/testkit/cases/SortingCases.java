package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.FINITE;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;
import static akari.testkit.cases.Domain.SUMMED;
import static akari.testkit.cases.Domain.UNIT;

import akari.core.DType;
import akari.tensor.Quantiles.Interpolation;
import akari.tensor.Reductions.Indexed;
import akari.tensor.Searching.Unique;
import akari.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where things are: extremes with their positions, order, running results, distinct values, histograms. */
final class SortingCases extends Family {
    /** Types in which random elements are often equal. */
    private static final DType[] TIES = Arrays.stream(DType.values())
            .filter(t -> t != DType.FLOAT32 && t != DType.FLOAT64)
            .toArray(DType[]::new);

    SortingCases() {
        positions();
        scans();
        order();
        middles();
        quantiles();
        searching();
        distinct();
        histograms();
        covariance();
        calculus();
    }

    private static List<Tensor> both(Indexed r) {
        return List.of(r.values(), r.indices());
    }

    private void positions() {
        add("x.argmax()", d -> new Question("x.argmax()", Operand.of(ANY, d.full(0, 3)), x -> x.argmax()));
        add("x.argmin()", d -> new Question("x.argmin()", Operand.of(ANY, d.full(0, 3)), x -> x.argmin()));
        along("torch.max(x, %s)", ANY, (x, dim) -> both(x.max(dim)));
        along("torch.min(x, %s)", ANY, (x, dim) -> both(x.min(dim)));
        along("torch.max(x, %s, True)", ANY, (x, dim) -> both(x.max(dim, true)));
        along("torch.min(x, %s, True)", ANY, (x, dim) -> both(x.min(dim, true)));
        along("torch.argmax(x, %s)", ANY, (x, dim) -> List.of(x.argmax(dim)));
        along("torch.argmin(x, %s)", ANY, (x, dim) -> List.of(x.argmin(dim)));
        along("torch.argmax(x, %s, True)", ANY, (x, dim) -> List.of(x.argmax(dim, true)));
    }

    /** Along a dimension of a tensor that may be empty. */
    private void running(String torch, Domain domain, Along akari) {
        add(torch, d -> {
            long[] shape = d.shape(1, 4);
            int dim = d.dim(shape);
            return new Question(format(torch, dim), t -> akari.apply(t[0], dim), Operand.of(domain, shape));
        });
    }

    private void scans() {
        running("torch.cumsum(x, %s)", SUMMED, (x, dim) -> List.of(x.cumsum(dim)));
        running("torch.cumprod(x, %s)", MODERATE, (x, dim) -> List.of(x.cumprod(dim)));
        running(
                "torch.cumprod(torch.round(x), %s)",
                MODERATE, (x, dim) -> List.of(x.round().cumprod(dim)));
        running("torch.logcumsumexp(x, %s)", MODERATE, (x, dim) -> List.of(x.logcumsumexp(dim)));
        constant("torch.logcumsumexp(x, %s)", (x, dim) -> List.of(x.logcumsumexp(dim)));
        running("torch.cummax(x, %s)", ANY, (x, dim) -> both(x.cummax(dim)));
        running("torch.cummin(x, %s)", ANY, (x, dim) -> both(x.cummin(dim)));
        running("torch.cumsum(x, %s, dtype=7)", SUMMED, (x, dim) -> List.of(x.cumsum(dim, DType.FLOAT64)));
        running("torch.cumprod(x, %s, dtype=7)", UNIT, (x, dim) -> List.of(x.cumprod(dim, DType.FLOAT64)));
        running("(x * 2).cumsum_(%s)", SUMMED, (x, dim) -> List.of(x.mul(2).cumsum_(dim)));
        running("(x * 2).cumprod_(%s)", UNIT, (x, dim) -> List.of(x.mul(2).cumprod_(dim)));
        for (var type : List.of(DType.BOOL, DType.UINT8, DType.INT32, DType.INT64)) {
            for (var op : List.of("cumsum", "cumprod", "cummax", "cummin")) {
                add(op + " of " + type, d -> {
                    long[] shape = d.shape(1, 3);
                    int dim = d.dim(shape);
                    return new Question(
                            format("torch.%s(x, %d)", op, dim),
                            t -> switch (op) {
                                case "cumsum" -> List.of(t[0].cumsum(dim));
                                case "cumprod" -> List.of(t[0].cumprod(dim));
                                case "cummax" -> both(t[0].cummax(dim));
                                default -> both(t[0].cummin(dim));
                            },
                            d.whole(type, 0, type == DType.BOOL ? 1 : 4, shape));
                });
            }
        }
        add("torch.cumsum(0-d)", d -> new Question("torch.cumsum(x, 0)", Operand.of(ANY), x -> x.cumsum(-1)));
        add("torch.cumprod(0-d)", d -> new Question("torch.cumprod(x, 0)", Operand.of(ANY), x -> x.cumprod(0)));
        add(
                "torch.logcumsumexp(0-d)",
                d -> new Question("torch.logcumsumexp(x, 0)", Operand.of(MODERATE), x -> x.logcumsumexp(0)));
        add("torch.cummax(0-d)", d -> new Question("torch.cummax(x, 0)", t -> both(t[0].cummax(0)), Operand.of(ANY)));
    }

    private void order() {
        running("torch.sort(x, stable=True, dim=%s)", ANY, (x, dim) -> both(x.sort(dim)));
        running("torch.sort(x, stable=True, dim=%s, descending=True)", ANY, (x, dim) -> both(x.sort(dim, true)));
        running("torch.argsort(x, stable=True, dim=%s)", ANY, (x, dim) -> List.of(x.argsort(dim)));
        running(
                "torch.argsort(x, stable=True, dim=%s, descending=True)",
                ANY, (x, dim) -> List.of(x.argsort(dim, true)));
        add("torch.msort(x)", d -> new Question("torch.msort(x)", Operand.of(ANY, d.shape(1, 3)), Tensor::msort));
        add("torch.sort(0-d)", d -> new Question("torch.sort(x, 0)", t -> both(t[0].sort(0)), Operand.of(ANY)));
        for (boolean largest : new boolean[] {true, false}) {
            // which of equal elements are taken is PyTorch's secret, so their values alone are compared where there may
            // be any
            add("torch.topk(x, k, dim, " + largest + ")[0]", d -> {
                long[] shape = d.full(1, 3);
                int dim = d.dim(shape);
                int k = d.between(0, (int) shape[Math.floorMod(dim, shape.length)]);
                return new Question(
                        format("torch.topk(x, %d, %d, %s)[0]", k, dim, python(largest)),
                        Operand.of(ANY, shape).constant(),
                        x -> x.topk(k, dim, largest, true).values());
            });
            add("torch.topk(x, k, dim, " + largest + ")", d -> {
                        long[] shape = d.full(1, 3);
                        int dim = d.dim(shape);
                        int k = d.between(1, (int) shape[Math.floorMod(dim, shape.length)]);
                        return new Question(
                                format("torch.topk(x, %d, %d, %s)", k, dim, python(largest)),
                                t -> both(t[0].topk(k, dim, largest, true)),
                                Operand.of(MODERATE, shape));
                    })
                    .without("which of equals PyTorch takes is not said", TIES);
        }
        add("torch.kthvalue(x, k, dim, keepdim)", d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.dim(shape);
                    int k = d.between(1, (int) shape[Math.floorMod(dim, shape.length)]);
                    boolean keep = d.coin();
                    return new Question(
                            format("torch.kthvalue(x, %d, %d, %s)", k, dim, python(keep)),
                            t -> both(t[0].kthvalue(k, dim, keep)),
                            Operand.of(MODERATE, shape));
                })
                .without("which of equals PyTorch takes is not said", TIES);
        add("torch.kthvalue(x, k, dim)[0]", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            int k = d.between(1, (int) shape[Math.floorMod(dim, shape.length)]);
            return new Question(
                    format("torch.kthvalue(x, %d, %d)[0]", k, dim),
                    Operand.of(ANY, shape).constant(),
                    x -> x.kthvalue(k, dim).values());
        });
    }

    private void middles() {
        add("torch.median(x)", d -> new Question("torch.median(x)", Operand.of(ANY, d.full(0, 3)), x -> x.median()));
        add(
                "torch.nanmedian(x)",
                d -> new Question("torch.nanmedian(x)", Operand.of(ANY, d.full(0, 3)), x -> x.nanmedian()));
        along("torch.median(x, %s)", MODERATE, (x, dim) -> both(x.median(dim)))
                .without("which of equals PyTorch takes is not said", TIES);
        along("torch.median(x, %s, True)", MODERATE, (x, dim) -> both(x.median(dim, true)))
                .without("which of equals PyTorch takes is not said", TIES);
        along("torch.nanmedian(x, %s)", MODERATE, (x, dim) -> both(x.nanmedian(dim)))
                .without("which of equals PyTorch takes is not said", TIES);
        constant("torch.median(x, %s)[0]", (x, dim) -> List.of(x.median(dim).values()));
        constant(
                "torch.nanmedian(x, %s)[0]",
                (x, dim) -> List.of(x.nanmedian(dim).values()));
        along(
                "torch.mode(torch.round(x), %s)",
                MODERATE, (x, dim) -> both(x.round().mode(dim)));
        along(
                "torch.mode(torch.round(x), %s, True)",
                MODERATE, (x, dim) -> both(x.round().mode(dim, true)));
    }

    /** As along, of any elements and without gradients. */
    private void constant(String torch, Along akari) {
        add(torch, d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            return new Question(
                    format(torch, dim),
                    t -> akari.apply(t[0], dim),
                    Operand.of(ANY, shape).constant());
        });
    }

    private void quantiles() {
        for (var how : Interpolation.values()) {
            var name = how.name().toLowerCase(Locale.ROOT);
            for (boolean nan : new boolean[] {false, true}) {
                var op = nan ? "nanquantile" : "quantile";
                add("torch." + op + "(x, q, dim, " + name + ")", d -> {
                            long[] shape = d.full(1, 3);
                            int dim = d.dim(shape);
                            boolean keep = d.coin();
                            double q = d.between(0, 8) / 8.0;
                            return new Question(
                                    format(
                                            "torch.%s(x, %s, %d, %s, interpolation='%s')",
                                            op, q, dim, python(keep), name),
                                    Operand.of(nan ? ANY : FINITE, shape).constant(),
                                    x -> nan ? x.nanquantile(q, dim, keep, how) : x.quantile(q, dim, keep, how));
                        })
                        .without("PyTorch has no quantiles of halves", DType.FLOAT16, DType.BFLOAT16);
            }
        }
        add("torch.quantile(x, y, dim, keepdim)", d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.dim(shape);
                    boolean keep = d.coin();
                    var levels = Operand.of(UNIT, d.between(1, 4));
                    return new Question(
                            format("torch.quantile(x, torch.abs(y), %d, %s)", dim, python(keep)),
                            t -> List.of(t[0].quantile(t[1].abs(), dim, keep)),
                            Operand.of(MODERATE, shape),
                            levels);
                })
                .without("PyTorch has no quantiles of halves", DType.FLOAT16, DType.BFLOAT16);
        add("torch.quantile(x, y)", d -> {
                    boolean keep = d.coin();
                    return new Question(
                            format("torch.quantile(x, torch.abs(y), None, %s)", python(keep)),
                            t -> List.of(t[0].quantile(t[1].abs(), null, keep, Interpolation.LINEAR)),
                            Operand.of(MODERATE, d.full(0, 3)),
                            d.coin() ? Operand.of(UNIT) : Operand.of(UNIT, 3));
                })
                .without("PyTorch has no quantiles of halves", DType.FLOAT16, DType.BFLOAT16);
        add(
                        "torch.quantile(x, 0.3)",
                        d -> new Question(
                                "torch.quantile(x, 0.3)", Operand.of(MODERATE, d.full(0, 3)), x -> x.quantile(0.3)))
                .without("PyTorch has no quantiles of halves", DType.FLOAT16, DType.BFLOAT16);
    }

    private void searching() {
        for (boolean right : new boolean[] {false, true}) {
            add("torch.searchsorted(x, y, right=" + right + ")", d -> {
                long[] shape = d.full(1, 3);
                long[] wanted = shape.clone();
                wanted[wanted.length - 1] = d.size();
                return new Question(
                        format("torch.searchsorted(torch.sort(x)[0], y, right=%s)", python(right)),
                        t -> List.of(t[0].sort().values().searchsorted(t[1], right)),
                        Operand.of(FINITE, shape).constant(),
                        Operand.of(ANY, wanted).constant());
            });
            add(
                    "torch.bucketize(x, y, right=" + right + ")",
                    d -> new Question(
                            format("torch.bucketize(x, torch.sort(y)[0], right=%s)", python(right)),
                            t -> List.of(t[0].bucketize(t[1].sort().values(), right)),
                            Operand.of(ANY, d.shape(0, 3)).constant(),
                            Operand.of(FINITE, d.size()).constant()));
        }
        add("torch.searchsorted(x, y, out_int32=True, sorter=…)", d -> {
            long n = d.size();
            return new Question(
                    "torch.searchsorted(x, y, out_int32=True, sorter=torch.argsort(x, stable=True))",
                    t -> List.of(t[0].searchsorted(t[1], true, false, t[0].argsort())),
                    Operand.of(FINITE, n).constant(),
                    Operand.of(ANY, d.shape(0, 3)).constant());
        });
        add(
                "torch.isin(x, y)",
                d -> new Question(
                        "torch.isin(torch.round(x), torch.round(y))",
                        t -> List.of(t[0].round().isin(t[1].round())),
                        Operand.of(ANY, d.shape(0, 3)).constant(),
                        Operand.of(ANY, d.shape(0, 2)).constant()));
        add(
                "torch.isin(x, y, invert=True)",
                d -> new Question(
                        "torch.isin(x, y, invert=True)",
                        t -> List.of(t[0].isin(t[1], false, true)),
                        d.whole(DType.INT64, 0, 9, d.shape(0, 2)),
                        d.whole(DType.INT64, 0, 9, d.shape(0, 2))));
    }

    private static List<Tensor> all(Unique u) {
        return List.of(u.values(), u.inverse(), u.counts());
    }

    private void distinct() {
        add(
                "torch._unique2(x, True, True, True)",
                d -> new Question(
                        "torch._unique2(torch.round(x), True, True, True)",
                        t -> all(t[0].round().unique(true, true, true)),
                        Operand.of(FINITE, d.shape(0, 3)).constant()));
        add(
                "torch._unique2 of integers",
                d -> new Question(
                        "torch._unique2(x, True, True, True)",
                        t -> all(t[0].unique(true, true, true)),
                        d.whole(d.coin() ? DType.INT64 : DType.UINT8, 0, 9, d.shape(0, 3))));
        add(
                "torch.unique_consecutive(x)",
                d -> new Question(
                        "torch.unique_consecutive(torch.round(x), True, True)",
                        t -> all(t[0].round().uniqueConsecutive(true, true)),
                        Operand.of(UNIT, d.shape(0, 3)).constant()));
        add("torch.unique_dim(x, dim)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            return new Question(
                    format("torch.unique_dim(x, %d, True, True, True)", dim),
                    t -> all(t[0].unique(true, true, true, dim)),
                    d.whole(DType.INT64, 0, 1, shape));
        });
        add("torch.unique_consecutive(x, dim)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            return new Question(
                    format("torch.unique_consecutive(x, True, True, %d)", dim),
                    t -> all(t[0].uniqueConsecutive(true, true, dim)),
                    d.whole(DType.INT64, 0, 1, shape));
        });
    }

    private void histograms() {
        var noHalves = "PyTorch has no histograms of halves";
        add(
                "torch.bincount(x)",
                d -> new Question(
                        "torch.bincount(x, None, 3)", d.whole(DType.INT64, 0, 6, d.size()), x -> x.bincount(null, 3)));
        add("torch.bincount(x, y)", d -> {
            long n = d.size();
            return new Question(
                    "torch.bincount(y, x)",
                    t -> List.of(t[1].bincount(t[0], 0)),
                    Operand.of(MODERATE, n).constant(),
                    d.whole(d.coin() ? DType.INT64 : DType.UINT8, 0, 6, n));
        });
        add("torch.histc(x, bins, min, max)", d -> {
                    int bins = d.between(1, 7);
                    return new Question(
                            format("torch.histc(x, %d, -2, 2.5)", bins),
                            Operand.of(FINITE, d.shape(0, 3)).constant(),
                            x -> x.histc(bins, -2, 2.5));
                })
                .without(noHalves, DType.FLOAT16, DType.BFLOAT16);
        add(
                        "torch.histc(x, bins)",
                        d -> new Question(
                                "torch.histc(x, 5)",
                                Operand.of(MODERATE, d.shape(0, 3)).constant(),
                                x -> x.histc(5)))
                .without(noHalves, DType.FLOAT16, DType.BFLOAT16);
        add(
                        "torch.histogram(x, bins)",
                        d -> new Question(
                                "torch.histogram(x, 4)",
                                t -> {
                                    var h = t[0].histogram(4);
                                    return List.of(h.hist(), h.binEdges());
                                },
                                Operand.of(MODERATE, d.full(0, 3)).constant()))
                .without(noHalves, DType.FLOAT16, DType.BFLOAT16);
        add("torch.histogram(x, bins, range, weight, density)", d -> {
                    long[] shape = d.full(1, 3);
                    boolean density = d.coin();
                    return new Question(
                            format("torch.histogram(x, 4, range=[-2., 1.], weight=y, density=%s)", python(density)),
                            t -> {
                                var h = t[0].histogram(4, new double[] {-2, 1}, t[1], density);
                                return List.of(h.hist(), h.binEdges());
                            },
                            Operand.of(MODERATE, shape).constant(),
                            Operand.of(POSITIVE, shape).constant());
                })
                .without(noHalves, DType.FLOAT16, DType.BFLOAT16);
        add(
                        "torch.histogram(x, edges)",
                        d -> new Question(
                                "torch.histogram(x, torch.sort(y)[0])",
                                t -> {
                                    var h = t[0].histogram(t[1].sort().values());
                                    return List.of(h.hist(), h.binEdges());
                                },
                                Operand.of(FINITE, d.shape(0, 3)).constant(),
                                Operand.of(MODERATE, d.between(2, 6)).constant()))
                .without(noHalves, DType.FLOAT16, DType.BFLOAT16);
    }

    private void covariance() {
        add("torch.cov(x)", d -> new Question("torch.cov(x)", Operand.of(MODERATE, d.full(1, 2)), Tensor::cov));
        add("torch.cov(x, correction, fweights, aweights)", d -> {
            long[] shape = d.full(1, 2);
            long n = shape[shape.length - 1];
            int correction = d.between(0, 1);
            return new Question(
                    format("torch.cov(x, correction=%d, fweights=z, aweights=y)", correction),
                    t -> List.of(t[0].cov(correction, t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(POSITIVE, n).constant(),
                    d.whole(DType.INT64, 1, 4, n));
        });
        add("torch.corrcoef(x)", d -> {
            long[] shape = d.full(1, 2);
            shape[shape.length - 1] +=
                    1; // of two observations it is ±1 but for rounding, where the slope is not defined
            return new Question("torch.corrcoef(x)", Operand.of(MODERATE, shape), Tensor::corrcoef);
        });
    }

    private void calculus() {
        add("torch.diff(x, n, dim)", d -> {
            long[] shape = d.shape(1, 3);
            int dim = d.dim(shape);
            int n = d.between(0, 3);
            return new Question(
                    format("torch.diff(x, %d, %d)", n, dim), Operand.of(MODERATE, shape), x -> x.diff(n, dim));
        });
        add("torch.diff(x, 1, 0, y, z)", d -> {
            long[] shape = d.full(1, 3);
            long[] before = shape.clone();
            long[] behind = shape.clone();
            before[0] = d.size();
            behind[0] = d.size();
            return new Question(
                    "torch.diff(x, 1, 0, y, z)",
                    t -> List.of(t[0].diff(1, 0, t[1], t[2])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, before),
                    Operand.of(MODERATE, behind));
        });
        add("torch.diff of bool", d -> new Question("torch.diff(x)", d.booleans(d.full(1, 3)), x -> x.diff()));
        along("torch.trapezoid(x, dx=0.5, dim=%s)", MODERATE, (x, dim) -> List.of(x.trapezoid(0.5, dim)));
        along(
                "torch.cumulative_trapezoid(x, dx=0.5, dim=%s)",
                MODERATE, (x, dim) -> List.of(x.cumulativeTrapezoid(0.5, dim)));
        add("torch.trapz(x, y, dim=0)", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "torch.trapz(x, y, dim=0)",
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape),
                    (x, y) -> x.trapz(y, 0));
        });
        add("torch.trapezoid(x, y, dim)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            var at = d.coin()
                    ? Operand.of(MODERATE, shape[Math.floorMod(dim, shape.length)])
                    : Operand.of(MODERATE, shape);
            boolean running = d.coin();
            return new Question(
                    format(running ? "torch.cumulative_trapezoid(x, y, dim=%d)" : "torch.trapezoid(x, y, dim=%d)", dim),
                    Operand.of(MODERATE, shape),
                    at,
                    (x, y) -> running ? x.cumulativeTrapezoid(y, dim) : x.trapezoid(y, dim));
        });
        for (int order = 1; order <= 2; order++) {
            int edge = order;
            add("torch.gradient(x, spacing, dim, edge_order=" + edge + ")", d -> {
                        long[] shape = d.full(1, 3);
                        int dim = d.dim(shape);
                        shape[Math.floorMod(dim, shape.length)] += 1;
                        return new Question(
                                format("torch.gradient(x, spacing=0.5, dim=%d, edge_order=%d)", dim, edge),
                                t -> t[0].gradient(new double[] {0.5}, new int[] {dim}, edge),
                                Operand.of(MODERATE, shape));
                    })
                    .tolerance("neighbours cancel: rounded once or twice on the way", DType.BFLOAT16, 0x1p-6, 0x1p-5);
            add("torch.gradient(x, spacing=[y], dim, edge_order=" + edge + ")", d -> {
                        long[] shape = d.full(1, 3);
                        int dim = d.dim(shape);
                        long n = shape[Math.floorMod(dim, shape.length)] += 1;
                        return new Question(
                                format(
                                        "torch.gradient(x, spacing=[torch.cumsum(y, 0)], dim=%d, edge_order=%d)",
                                        dim, edge),
                                t -> t[0].gradient(List.of(t[1].cumsum(0)), new int[] {dim}, edge),
                                Operand.of(MODERATE, shape),
                                Operand.of(POSITIVE, n));
                    })
                    .tolerance("what moves all coordinates has no gradient but rounding", DType.FLOAT32, 1e-5, 2e-5)
                    .without("its many coefficients are rounded one by one", DType.FLOAT16, DType.BFLOAT16);
        }
        add(
                "torch.gradient(x)",
                d -> new Question("torch.gradient(x)", t -> t[0].gradient(), Operand.of(MODERATE, d.full(1, 3))));
    }
}
