package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.Reduction;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The rows of {@link LossExtremesTest}: losses, composites and activations, and operands at which each is tried. */
final class Extremes {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final int WIDTH = 4;

    private final List<Row> rows = new ArrayList<>();

    private Extremes() {}

    /** An operand: columns of all combinations, or vectors. {@code grad} tells whether PyTorch differentiates it. */
    record Part(String name, Function<DType, double[]> values, long[] tail, boolean grad, DType fixed) {}

    /**
     * {@code rounding}: whether results are differences of terms of about 1, or of about their neighbours' size, and thus exact only
     * up to the rounding of those.
     */
    record Row(String torch, Function<Tensor[], Tensor> akari, List<Part> parts, boolean rounding) {
        Row(String torch, Function<Tensor[], Tensor> akari, List<Part> parts) {
            this(torch, akari, parts, false);
        }

        Row rounded() {
            return new Row(torch, akari, parts, true);
        }

        /** The operands of a run in {@code type}, with the same numbers held {@code as} another. */
        Input[] inputs(DType type, DType as) {
            return parts.stream()
                    .map(p -> {
                        double[] values = p.values.apply(type);
                        DType own = p.fixed == null ? type : p.fixed;
                        long[] shape = new long[p.tail.length + 1];
                        System.arraycopy(p.tail, 0, shape, 1, p.tail.length);
                        shape[0] = values.length / Shape.of(p.tail).numel();
                        double[] rounded =
                                Tensors.of(own, values, Shape.of(values.length)).toDoubles();
                        return new Input(
                                p.name, new Value(p.fixed == null ? as : own, Shape.of(shape), rounded), p.grad);
                    })
                    .toArray(Input[]::new);
        }

        /** What of an operand the element of a result depends on. */
        String around(Input in, int element, int of) {
            double[] v = in.value().values();
            if (v.length < of && of % v.length != 0 || v.length == 0) return in.name() + " " + v.length;
            int each = Math.max(1, v.length >= of ? v.length / of : 1);
            int at = v.length >= of ? element * each : element / (of / v.length);
            int from = at / WIDTH * WIDTH;
            boolean vectors = in.value().shape().rank() > 1;
            return in.name() + " "
                    + (vectors
                            ? Arrays.toString(Arrays.copyOfRange(v, from, Math.min(v.length, from + WIDTH)))
                            : v[at]);
        }
    }

    static List<Row> rows() {
        var all = new Extremes();
        all.differences();
        all.distributions();
        all.twoClasses();
        all.pairs();
        all.classes();
        all.vectors();
        all.channels();
        for (int r = 0; r < LossCases.REDUCTIONS.size(); r++) {
            all.farDifferences(r, LossCases.REDUCTIONS.get(r));
            all.farClasses(r, LossCases.REDUCTIONS.get(r));
            all.farVectors(r, LossCases.REDUCTIONS.get(r));
        }
        all.farComposites();
        all.activations();
        return all.rows;
    }

    // ---- operands

    // powers of two, so that a mean of equals is exact

    private static double tiny(DType type) {
        return switch (type) {
            case FLOAT64 -> 0x1p-660;
            case FLOAT16 -> 0x1p-24;
            default -> 0x1p-100;
        };
    }

    private static double huge(DType type) {
        return switch (type) {
            case FLOAT64 -> 0x1p660;
            case FLOAT16 -> 0x1p15;
            default -> 0x1p100;
        };
    }

    private static double[] any(DType t) {
        return new double[] {
            0, -0.0, tiny(t), -tiny(t), huge(t), -huge(t), INF, -INF, NAN, 1, -1, 0.5, -2.5, 17, -17, 100, -100, 300
        };
    }

    private static double[] few(DType t) {
        return new double[] {0, tiny(t), huge(t), -huge(t), INF, -INF, NAN, 1, -1, 0.5, 300};
    }

    private static Function<DType, double[]> fixed(double... values) {
        return t -> values;
    }

    /** All combinations of the columns' values, one operand each. */
    private static List<Part> combined(List<Function<DType, double[]>> columns, String constant) {
        List<Part> parts = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            int column = c;
            String name = List.of("x", "y", "z", "u").get(c);
            parts.add(new Part(
                    name,
                    t -> {
                        int repeat = 1;
                        int total = 1;
                        for (int i = 0; i < columns.size(); i++) {
                            int n = columns.get(i).apply(t).length;
                            total *= n;
                            repeat *= i > column ? n : 1;
                        }
                        double[] own = columns.get(column).apply(t);
                        double[] out = new double[total];
                        for (int i = 0; i < total; i++) out[i] = own[i / repeat % own.length];
                        return out;
                    },
                    new long[0],
                    !constant.contains(name),
                    null));
        }
        return parts;
    }

    private void add(Row row) {
        rows.add(row);
    }

    /** See {@link Row#rounding}. */
    private void addRounded(Row row) {
        rows.add(row.rounded());
    }

    private interface Loss {
        Tensor apply(Tensor x, Tensor y);
    }

    private void loss(String torch, Function<DType, double[]> x, Function<DType, double[]> y, String constant, Loss f) {
        add(new Row(torch, t -> f.apply(t[0], t[1]), combined(List.of(x, y), constant)));
    }

    private static final Reduction EACH = Reduction.NONE;

    // ---- element by element

    private void differences() {
        Function<DType, double[]> any = Extremes::any;
        Function<DType, double[]> few = Extremes::few;
        loss("torch.mse_loss(x, y, 0)", any, few, "", (x, y) -> Functional.mseLoss(x, y, EACH));
        loss("torch.l1_loss(x, y, 0)", any, few, "", (x, y) -> Functional.l1Loss(x, y, EACH));
        loss("torch.smooth_l1_loss(x, y, 0, 0.5)", any, few, "", (x, y) -> Functional.smoothL1Loss(x, y, 0.5, EACH));
        loss("torch.huber_loss(x, y, 0, 1.5)", any, few, "", (x, y) -> Functional.huberLoss(x, y, 1.5, EACH));
        // sums of what a half cannot hold one by one
        for (int r = 1; r <= 2; r++) {
            Reduction reduction = LossCases.REDUCTIONS.get(r);
            Function<DType, double[]> apart = fixed(300, 0, 0, 0, 100, 0, 0, 0);
            loss("torch.mse_loss(x, y, " + r + ")", apart, fixed(0), "", (x, y) -> Functional.mseLoss(x, y, reduction));
            loss(
                    "torch.l1_loss(x, y, " + r + ")",
                    apart,
                    fixed(-60000, 1),
                    "",
                    (x, y) -> Functional.l1Loss(x, y, reduction));
        }
    }

    private void distributions() {
        Function<DType, double[]> any = Extremes::any;
        Function<DType, double[]> counts = t -> new double[] {0, tiny(t), 0.5, 1, 2, 300, INF, NAN};
        loss("torch.kl_div(x, y, 0)", any, counts, "", (x, y) -> Functional.klDiv(x, y, false, EACH));
        loss(
                "torch.kl_div(x, y, 0, log_target=True)",
                any,
                Extremes::few,
                "",
                (x, y) -> Functional.klDiv(x, y, true, EACH));
        for (boolean log : new boolean[] {true, false}) {
            for (boolean full : new boolean[] {true, false}) {
                String torch = Family.format(
                        "torch.poisson_nll_loss(x, y, %s, %s, 1e-8, 0)", Family.python(log), Family.python(full));
                addRounded(new Row(
                        torch,
                        t -> Functional.poissonNllLoss(t[0], t[1], log, full, 1e-8, EACH),
                        combined(List.of(any, counts), "")));
            }
        }
        add(new Row(
                "v = z + (torch.clamp_min(z, 1e-6) - z).detach()\n0.5 * (torch.log(v) + (x - y) * (x - y) / v)",
                t -> Functional.gaussianNllLoss(t[0], t[1], t[2], false, 1e-6, EACH),
                combined(
                        List.of(Extremes::any, fixed(0, 1, 300, NAN), t -> new double[] {0, tiny(t), 1e-3, 1, 300}),
                        "")));
    }

    private void twoClasses() {
        Function<DType, double[]> any = Extremes::any;
        Function<DType, double[]> logits = t ->
                new double[] {0, -0.0, tiny(t), huge(t), -huge(t), INF, -INF, NAN, 1, -1, 9, -9, 17, -17, 30, -120};
        Function<DType, double[]> share = fixed(0, 1, 0.5, 0.25);
        Function<DType, double[]> probability =
                t -> new double[] {0, tiny(t), 1e-4, 0.5, 0.75, 1 - t.finfo().eps() / 2, 1};
        loss(
                "torch.binary_cross_entropy(x, y, None, 0)",
                probability,
                share,
                "y",
                (x, y) -> Functional.binaryCrossEntropy(x, y, null, EACH));
        // saturated, as in float32 at 30 and -120
        loss(
                "torch.binary_cross_entropy(torch.sigmoid(x), y, None, 0)",
                fixed(0, 30, -30, 120, -120, 1000, -1000, INF, -INF),
                share,
                "y",
                (x, y) -> Functional.binaryCrossEntropy(x.sigmoid(), y, null, EACH));
        loss(
                "torch.binary_cross_entropy_with_logits(x, y, None, None, 0)",
                logits,
                share,
                "",
                (x, y) -> Functional.binaryCrossEntropyWithLogits(x, y, null, null, EACH));
        add(new Row(
                "torch.binary_cross_entropy_with_logits(x, y, None, z, 0)",
                t -> Functional.binaryCrossEntropyWithLogits(t[0], t[1], null, t[2], EACH),
                combined(List.of(logits, share, fixed(0, 1, 3)), "yz")));
        loss("-torch.log_sigmoid(x * y)", any, fixed(1, -1), "y", (x, y) -> Functional.softMarginLoss(x, y, EACH));
        loss(
                "torch.hinge_embedding_loss(x, y, 1.0, 0)",
                any,
                fixed(1, -1, 0),
                "y",
                (x, y) -> Functional.hingeEmbeddingLoss(x, y, 1, EACH));
    }

    // ---- rows of four

    private static double[][] vectorsOf(DType t) {
        double a = tiny(t);
        double b = huge(t);
        return new double[][] {
            {0, 0, 0, 0},
            {-0.0, 0, -0.0, 0},
            {a, a, a, a},
            {a, -a, 2 * a, 0},
            {0x1p-23, 0x1p-23, 0x1p-23, 0x1p-23},
            {b, b, b, b},
            {b, -b, b / 2, -b / 2},
            {1000, -1000, 500, -500},
            {256, 256, 256, 256},
            {1, 1, 1, 1},
            {1, 2, 3, 4},
            {0, 20, -20, 9},
            {INF, 1, 0, 2},
            {-INF, 1, 0, 2},
            {NAN, 1, 0, 2}
        };
    }

    private static double[] flat(double[][] vectors) {
        return Arrays.stream(vectors).flatMapToDouble(Arrays::stream).toArray();
    }

    /** All vectors, each beside every partner; the last partner is the vector itself. */
    private static double[] paired(DType t, boolean partner) {
        double[][] all = vectorsOf(t);
        double[][] partners = {all[9], all[0], all[10], all[5], all[12], null};
        List<double[]> out = new ArrayList<>();
        for (double[] v : all) {
            for (double[] p : partners) out.add(partner && p != null ? p : v);
        }
        return flat(out.toArray(double[][]::new));
    }

    private static final Part X = new Part("x", t -> flat(vectorsOf(t)), new long[] {WIDTH}, true, null);
    private static final Part FIRST = new Part("x", t -> paired(t, false), new long[] {WIDTH}, true, null);
    private static final Part SECOND = new Part("y", t -> paired(t, true), new long[] {WIDTH}, true, null);

    private static Part alternating(String name, double... values) {
        return new Part(
                name,
                t -> {
                    double[] out = new double[paired(t, false).length / WIDTH];
                    for (int i = 0; i < out.length; i++) out[i] = values[i % values.length];
                    return out;
                },
                new long[0],
                false,
                null);
    }

    private void pairs() {
        add(new Row(
                "torch.margin_ranking_loss(x, y, z, 0.0, 0)",
                t -> Functional.marginRankingLoss(t[0], t[1], t[2], 0, EACH),
                combined(List.of(Extremes::any, Extremes::few, fixed(1, -1)), "z")));
        for (double[] target : new double[][] {{1}, {-1}, {1, 0, -1, 2, 0}}) {
            addRounded(new Row(
                    "torch.cosine_embedding_loss(x, y, z, 0.0, 0)",
                    t -> Functional.cosineEmbeddingLoss(t[0], t[1], t[2], 0, EACH),
                    List.of(FIRST, SECOND, alternating("z", target))));
        }
        addRounded(new Row(
                "torch.triplet_margin_loss(x, y, z, 0.0, 2.0, 1e-6, False, 0)",
                t -> Functional.tripletMarginLoss(t[0], t[1], t[2], 0, EACH),
                List.of(FIRST, SECOND, new Part("z", t -> paired(t, false), new long[] {WIDTH}, true, null))));
        addRounded(new Row(
                "torch.triplet_margin_loss(x, y, y, 0.0, 2.0, 1e-6, True, 0)",
                t -> Functional.tripletMarginWithDistanceLoss(
                        t[0], t[1], t[1], Tensor::pairwiseDistance, 0, true, EACH),
                List.of(FIRST, SECOND)));
        addRounded(new Row(
                "torch.pairwise_distance(x, y, 2.0, 1e-6)",
                t -> Functional.pairwiseDistance(t[0], t[1], 2, 1e-6),
                List.of(FIRST, SECOND)));
        addRounded(new Row(
                "torch.cosine_similarity(x, y, 1, 1e-8)",
                t -> Functional.cosineSimilarity(t[0], t[1], 1, 1e-8),
                List.of(FIRST, SECOND)));
    }

    // ---- classes

    private static Part labels(double... values) {
        return new Part(
                "y",
                t -> {
                    double[] out = new double[vectorsOf(t).length];
                    for (int i = 0; i < out.length; i++) out[i] = values[i % values.length];
                    return out;
                },
                new long[0],
                false,
                DType.INT64);
    }

    private static Part weights(double... values) {
        return new Part("z", fixed(values), new long[0], false, null);
    }

    private void classes() {
        for (double[] label : new double[][] {{0}, {1}, {2, 3, -100}, {-100}}) {
            for (int r = 0; r < 3; r++) {
                Reduction reduction = LossCases.REDUCTIONS.get(r);
                addRounded(new Row(
                        "torch.cross_entropy_loss(x, y, None, " + r + ")",
                        t -> Functional.crossEntropy(t[0], t[1], null, -100, 0, reduction),
                        List.of(X, labels(label))));
            }
            add(new Row(
                    "torch.cross_entropy_loss(x, y, z, 0)",
                    t -> Functional.crossEntropy(t[0], t[1], t[2], -100, 0, EACH),
                    List.of(X, labels(label), weights(0, 1, 2, 0.5))));
            addRounded(new Row(
                    "torch.cross_entropy_loss(x, y, z, 0, -100, 0.2)",
                    t -> Functional.crossEntropy(t[0], t[1], t[2], -100, 0.2, EACH),
                    List.of(X, labels(label), weights(0, 1, 2, 0.5))));
            add(new Row(
                    "torch.nll_loss_nd(x, y, z, 0)",
                    t -> Functional.nllLoss(t[0], t[1], t[2], -100, EACH),
                    List.of(X, labels(label), weights(0, 1, 2, 0.5))));
            add(new Row(
                    "torch.nll_loss_nd(x, y, z, 1)",
                    t -> Functional.nllLoss(t[0], t[1], t[2], -100, Reduction.MEAN),
                    List.of(X, labels(label), weights(0, 0, 0, 0))));
        }
        add(new Row(
                "torch.cross_entropy_loss(x, y, None, 0)",
                t -> Functional.crossEntropy(t[0], t[1], null, -100, 0, EACH),
                List.of(
                        X,
                        new Part(
                                "y",
                                t -> {
                                    double[] out = new double[vectorsOf(t).length * WIDTH];
                                    for (int i = 0; i < out.length; i++)
                                        out[i] = i % 3 == 0 ? 0.75 : i % 3 == 1 ? 0 : 0.25;
                                    return out;
                                },
                                new long[] {WIDTH},
                                false,
                                null))));
        for (double[] label : new double[][] {{0}, {3, 1}}) {
            add(new Row(
                    "torch.multi_margin_loss(x, y, 1, 1.0, None, 0)",
                    t -> Functional.multiMarginLoss(t[0], t[1], 1, EACH),
                    List.of(X, labels(label))));
        }
        for (boolean zero : new boolean[] {false, true}) {
            for (int n : new int[] {1, 4, 11}) { // the first vectors, without and with infinities
                Part some = new Part(
                        "x", t -> Arrays.copyOf(flat(vectorsOf(t)), n * WIDTH), new long[] {1, WIDTH}, true, null);
                addRounded(new Row(
                        "torch.ctc_loss(torch.log_softmax(x, 2), y, [" + n + "], [2], 0, 0, " + Family.python(zero)
                                + ")",
                        t -> Functional.ctcLoss(
                                t[0].logSoftmax(2), t[1], new long[] {n}, new long[] {2}, 0, EACH, zero),
                        List.of(some, new Part("y", fixed(1, 3), new long[] {2}, false, DType.INT64))));
            }
        }
        add(new Row(
                "torch.embedding(x, y, 2)",
                t -> Functional.embedding(t[1], t[0], 2),
                List.of(X, labels(0, 2, 5, 12, 14))));
    }

    // ---- normalisations

    private void vectors() {
        for (String eps : List.of("1e-5", "1e-12")) {
            double e = Double.parseDouble(eps);
            addRounded(new Row(
                    "torch.layer_norm(x, [4], y, z, " + eps + ")",
                    t -> Functional.layerNorm(t[0], Shape.of(4), t[1], t[2], e),
                    List.of(X, new Part("y", fixed(1, 2, -1, 0.5), new long[0], false, null), weights(0, 0, 1, -1))));
            addRounded(new Row(
                    "torch.layer_norm(x, [4], None, None, " + eps + ")",
                    t -> Functional.layerNorm(t[0], Shape.of(4), null, null, e),
                    List.of(X)));
        }
        for (String p : List.of("1.0", "2.0", "3.0")) {
            addRounded(new Row(
                    "x / torch.clamp_min(torch.linalg_vector_norm(x, " + p + ", [1], True), 1e-12)",
                    t -> Functional.normalize(t[0], Double.parseDouble(p), 1),
                    List.of(X)));
        }
        addRounded(new Row("torch.softmax(-x, 1)", t -> Functional.softmin(t[0], 1), List.of(X)));
        addRounded(new Row("torch.glu(x, 1)", t -> Functional.glu(t[0], 1), List.of(X)));
        addRounded(new Row(
                "x / (torch.avg_pool2d(torch.constant_pad_nd((x * x).unsqueeze(1), [1, 1]), [1, 3], 1).squeeze(1)"
                        + " * 0.01 + 1.0).pow(0.75)",
                t -> Functional.localResponseNorm(t[0], 3, 0.01, 0.75, 1),
                List.of(X)));
    }

    /** {@code [N, C, 4]}: one channel a vector. */
    private void channels() {
        Part x = new Part("x", t -> flat(vectorsOf(t)), new long[] {1, WIDTH}, true, null);
        addRounded(new Row(
                "torch.group_norm(x, 1, None, None, 1e-5)",
                t -> Functional.groupNorm(t[0], 1, null, null, 1e-5),
                List.of(x)));
        addRounded(new Row(
                "torch.instance_norm(x, None, None, None, None, True, 0.1, 1e-5, False)",
                t -> Functional.instanceNorm(t[0], null, null, 1e-5),
                List.of(x)));
        addRounded(new Row(
                "torch.batch_norm(x.squeeze(1).t().contiguous(), None, None, None, None, True, 0.1, 1e-5, False)",
                t -> t[0].squeeze(1).t().contiguous().batchNorm(null, null, null, null, true, 0.1, 1e-5),
                List.of(x)));
        addRounded(new Row(
                "a = torch.batch_norm(x.squeeze(1).t(), None, None, y, z, True, 0.1, 1e-5, False)\n"
                        + "a.detach().sum() * 0 + torch.stack([y, z])",
                t -> {
                    t[0].squeeze(1).t().batchNorm(t[1], t[2], null, null, true, 0.1, 1e-5);
                    return Tensors.stack(List.of(t[1], t[2]), 0);
                },
                List.of(
                        new Part(
                                "x",
                                t -> Arrays.copyOf(flat(vectorsOf(t)), 12 * WIDTH),
                                new long[] {1, WIDTH},
                                false,
                                null),
                        new Part("y", fixed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), new long[0], false, null),
                        new Part("z", fixed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), new long[0], false, null))));
        addRounded(new Row(
                "torch.batch_norm(x.squeeze(1), None, None, y, z, False, 0.1, 1e-5, False)",
                t -> t[0].squeeze(1).batchNorm(t[1], t[2], null, null, false, 0.1, 1e-5),
                List.of(
                        x,
                        new Part("y", fixed(0, 1000, -1, 3), new long[0], false, null),
                        new Part("z", t -> new double[] {0, 60000, tiny(t), 1}, new long[0], false, null))));
    }

    // ---- at the ends of the range, where a factor of a slope overflows, or is lost, before another makes up for it

    private static double[] ends(DType t) {
        return switch (t) {
            // which has no wider judge: twice a difference is finite
            case FLOAT64 -> new double[] {4e307, 1e160, 1e-160, t.finfo().tiny()};
            case FLOAT16 -> new double[] {6e4, 300, 1e-3, t.finfo().tiny()};
            default -> new double[] {3e38, 1e20, 1e-20, t.finfo().tiny()};
        };
    }

    private static double[] far(DType t) {
        double[] e = ends(t);
        return new double[] {e[0], -e[0], e[1], -e[1], e[2], -e[2], e[3], -e[3], 0, 1};
    }

    private static double[] farPositive(DType t) {
        double[] e = ends(t);
        return new double[] {e[0], e[1], e[2], e[3], 1};
    }

    private void far(String torch, Function<DType, double[]> y, String constant, Loss f) {
        loss(torch, Extremes::far, y, constant, f);
    }

    private void farDifferences(int r, Reduction reduction) {
        Function<DType, double[]> far = Extremes::far;
        far("torch.mse_loss(x, y, " + r + ")", far, "", (x, y) -> Functional.mseLoss(x, y, reduction));
        far("torch.l1_loss(x, y, " + r + ")", far, "", (x, y) -> Functional.l1Loss(x, y, reduction));
        for (String knee : List.of("0.5", "1e4")) {
            double k = Double.parseDouble(knee);
            far(
                    "torch.smooth_l1_loss(x, y, " + r + ", " + knee + ")",
                    far,
                    "",
                    (x, y) -> Functional.smoothL1Loss(x, y, k, reduction));
            far(
                    "torch.huber_loss(x, y, " + r + ", " + knee + ")",
                    far,
                    "",
                    (x, y) -> Functional.huberLoss(x, y, k, reduction));
        }
        far("torch.kl_div(x, y, " + r + ")", far, "", (x, y) -> Functional.klDiv(x, y, false, reduction));
        far(
                "torch.kl_div(x, y, " + r + ", log_target=True)",
                far,
                "",
                (x, y) -> Functional.klDiv(x, y, true, reduction));
        for (boolean log : new boolean[] {true, false}) {
            for (boolean full : new boolean[] {true, false}) {
                addRounded(new Row(
                        Family.format(
                                "torch.poisson_nll_loss(x, y, %s, %s, 1e-8, " + r + ")",
                                Family.python(log),
                                Family.python(full)),
                        t -> Functional.poissonNllLoss(t[0], t[1], log, full, 1e-8, reduction),
                        combined(List.of(far, Extremes::farPositive), "")));
            }
        }
        add(new Row(
                "v = z + (torch.clamp_min(z, 1e-6) - z).detach()\n"
                        + reduced("0.5 * (torch.log(v) + (x - y) * (x - y) / v)", r),
                t -> Functional.gaussianNllLoss(t[0], t[1], t[2], false, 1e-6, reduction),
                combined(List.of(far, Extremes::farPositive, Extremes::farPositive), "")));
        far(
                reduced("-torch.log_sigmoid(x * y)", r),
                fixed(1, -1),
                "y",
                (x, y) -> Functional.softMarginLoss(x, y, reduction));
        far(
                "torch.hinge_embedding_loss(x, y, 1.0, " + r + ")",
                fixed(1, -1),
                "y",
                (x, y) -> Functional.hingeEmbeddingLoss(x, y, 1, reduction));
        far(
                "torch.binary_cross_entropy_with_logits(x, y, None, None, " + r + ")",
                fixed(0, 1, 0.25),
                "",
                (x, y) -> Functional.binaryCrossEntropyWithLogits(x, y, null, null, reduction));
        add(new Row(
                "torch.margin_ranking_loss(x, y, z, 0.5, " + r + ")",
                t -> Functional.marginRankingLoss(t[0], t[1], t[2], 0.5, reduction),
                combined(List.of(far, far, fixed(1, -1)), "z")));
    }

    private static String reduced(String each, int r) {
        return r == 0 ? each : "(" + each + ")." + (r == 1 ? "mean()" : "sum()");
    }

    private static double[][] farVectors(DType t) {
        double[] e = ends(t);
        return new double[][] {
            {e[0], e[0], e[0], e[0]},
            {e[0], 1, 0, -e[0]},
            {e[1], 1, 0, -e[1]},
            {e[2], e[2], e[2], e[2]},
            {e[3], 1, 0, -e[3]},
            {e[0], e[1], e[2], e[3]},
            {1, 2, 3, 4},
            {0, 0, 0, 0}
        };
    }

    private static final int FAR = farVectors(DType.FLOAT32).length;

    private static final Part FAR_ONE = new Part("x", t -> flat(farVectors(t)), new long[] {WIDTH}, true, null);

    /** Each vector beside each: the outer ones, or the inner, and so many further on. */
    private static Part farPart(String name, boolean outer, int on) {
        return new Part(
                name,
                t -> {
                    double[][] all = farVectors(t);
                    double[][] out = new double[FAR * FAR][];
                    for (int i = 0; i < out.length; i++) out[i] = all[((outer ? i / FAR : i) + on) % FAR];
                    return flat(out);
                },
                new long[] {WIDTH},
                true,
                null);
    }

    private void farVectors(int r, Reduction reduction) {
        Part x = farPart("x", true, 0);
        Part y = farPart("y", false, 0);
        Part z = farPart("z", true, 1);
        for (double target : new double[] {1, -1}) {
            addRounded(new Row(
                    "torch.cosine_embedding_loss(x, y, z, 0.0, " + r + ")",
                    t -> Functional.cosineEmbeddingLoss(t[0], t[1], t[2], 0, reduction),
                    List.of(x, y, new Part("z", t -> filled(FAR * FAR, target), new long[0], false, null))));
        }
        for (int p = 1; p <= 3; p++) {
            int power = p;
            boolean swap = p == 3;
            addRounded(new Row(
                    "torch.triplet_margin_loss(x, y, z, 1.0, " + p + ".0, 1e-6, " + Family.python(swap) + ", " + r
                            + ")",
                    t -> Functional.tripletMarginLoss(t[0], t[1], t[2], 1, power, 1e-6, swap, reduction),
                    List.of(x, y, z)));
        }
    }

    private static double[] filled(int n, double value) {
        double[] out = new double[n];
        Arrays.fill(out, value);
        return out;
    }

    private static Part farLabels(double... values) {
        return new Part(
                "y",
                t -> {
                    double[] out = new double[FAR];
                    for (int i = 0; i < FAR; i++) out[i] = values[i % values.length];
                    return out;
                },
                new long[0],
                false,
                DType.INT64);
    }

    private void farClasses(int r, Reduction reduction) {
        Part labels = farLabels(0, 1, 2, 3, 1, 0);
        addRounded(new Row(
                "torch.cross_entropy_loss(x, y, None, " + r + ")",
                t -> Functional.crossEntropy(t[0], t[1], null, -100, 0, reduction),
                List.of(FAR_ONE, labels)));
        add(new Row(
                "torch.nll_loss_nd(x, y, None, " + r + ")",
                t -> Functional.nllLoss(t[0], t[1], null, -100, reduction),
                List.of(FAR_ONE, labels)));
        add(new Row(
                "torch.multi_margin_loss(x, y, 1, 1.0, None, " + r + ")",
                t -> Functional.multiMarginLoss(t[0], t[1], 1, reduction),
                List.of(FAR_ONE, labels)));
    }

    private void farComposites() {
        Part x = farPart("x", true, 0);
        Part y = farPart("y", false, 0);
        for (int p = 1; p <= 3; p++) {
            int power = p;
            addRounded(new Row(
                    "torch.pairwise_distance(x, y, " + p + ".0, 1e-6)",
                    t -> Functional.pairwiseDistance(t[0], t[1], power, 1e-6),
                    List.of(x, y)));
            addRounded(new Row(
                    "x / torch.clamp_min(torch.linalg_vector_norm(x, " + p + ".0, [1], True), 1e-12)",
                    t -> Functional.normalize(t[0], power, 1),
                    List.of(FAR_ONE)));
        }
        addRounded(new Row(
                "torch.cosine_similarity(x, y, 1, 1e-8)",
                t -> Functional.cosineSimilarity(t[0], t[1], 1, 1e-8),
                List.of(x, y)));
    }

    // ---- slopes of activations and powers; so few that PyTorch computes them one by one, not as a vector, whose
    // slopes at NaN differ

    private void slope(String torch, UnaryOperator<Tensor> f) {
        add(new Row(torch, t -> f.apply(t[0]), List.of(new Part("x", fixed(NAN, INF, -INF), new long[0], true, null))));
    }

    private void activations() {
        slope("torch.relu(x)", Tensor::relu);
        slope("torch.relu6(x)", Tensor::relu6);
        slope("torch.leaky_relu(x, 0.01)", Tensor::leakyRelu);
        slope("torch.elu(x, 0.7)", x -> x.elu(0.7));
        slope("torch.elu_(x * 1)", x -> x.mul(1).elu_());
        slope("torch.selu(x)", Tensor::selu);
        slope("torch.celu(x, 2)", x -> x.celu(2));
        slope("torch.sigmoid(x)", Tensor::sigmoid);
        slope("torch.log_sigmoid(x)", Tensor::logSigmoid);
        slope("torch.silu(x)", Tensor::silu);
        slope("torch.mish(x)", Tensor::mish);
        slope("torch.gelu(x)", Tensor::gelu);
        slope("torch.gelu(x, approximate='tanh')", Tensor::geluTanh);
        slope("torch.tanh(x)", Tensor::tanh);
        slope("x - torch.tanh(x)", Tensor::tanhshrink);
        slope("torch.hardtanh(x, -1.0, 1.0)", Tensor::hardtanh);
        slope("torch.hardsigmoid(x)", Tensor::hardsigmoid);
        slope("torch.hardswish(x)", Tensor::hardswish);
        slope("torch.softplus(x, 1, 20)", Tensor::softplus);
        slope("x / (1 + torch.abs(x))", Tensor::softsign);
        slope("torch.softshrink(x, 0.5)", Tensor::softshrink);
        slope("torch.hardshrink(x, 0.5)", Tensor::hardshrink);
        slope("torch.threshold(x, 0.5, -7)", x -> x.threshold(0.5, -7));
        slope("torch.logit(x, 0.1)", x -> x.logit(0.1));
        for (double exponent : new double[] {0, 0.5, 1, 1.5, 2, 3, -0.5, -1, -2}) {
            slope("torch.pow(x, " + exponent + ")", x -> x.pow(exponent));
            slope("(x * 1).pow_(" + exponent + ")", x -> x.mul(1).pow_(exponent));
        }
    }
}
