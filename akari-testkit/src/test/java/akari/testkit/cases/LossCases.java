package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;
import static akari.testkit.cases.Domain.UNIT;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.Reduction;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Losses, by the operators behind PyTorch's functions. */
final class LossCases extends Family {
    /** In the order of PyTorch's numbers. */
    static final List<Reduction> REDUCTIONS = List.of(Reduction.NONE, Reduction.MEAN, Reduction.SUM);

    private static final String WHY = "losses are of floating types";

    LossCases() {
        pointwise();
        pairs();
        classes();
    }

    /** A loss of an input and a target of one shape. */
    interface Loss {
        Tensor apply(Tensor x, Tensor y, Reduction reduction);
    }

    // ---- element by element

    private void pointwise() {
        loss("torch.mse_loss(x, y, %d)", MODERATE, MODERATE, Functional::mseLoss);
        loss("torch.l1_loss(x, y, %d)", MODERATE, MODERATE, Functional::l1Loss);
        for (String knee : List.of("1.0", "0.3", "4.0")) {
            double k = Double.parseDouble(knee);
            loss(
                    "torch.smooth_l1_loss(x, y, %d, " + knee + ")",
                    MODERATE,
                    MODERATE,
                    (x, y, r) -> Functional.smoothL1Loss(x, y, k, r));
            loss(
                    "torch.huber_loss(x, y, %d, " + knee + ")",
                    MODERATE,
                    MODERATE,
                    (x, y, r) -> Functional.huberLoss(x, y, k, r));
        }
        loss(
                "torch.smooth_l1_loss(x, y, %d, 0.0)",
                MODERATE, MODERATE, (x, y, r) -> Functional.smoothL1Loss(x, y, 0, r));
        loss("torch.kl_div(x, y, %d)", MODERATE, POSITIVE, (x, y, r) -> Functional.klDiv(x, y, false, r));
        loss(
                "torch.kl_div(x, y, %d, log_target=True)",
                MODERATE, MODERATE, (x, y, r) -> Functional.klDiv(x, y, true, r));
        loss(
                "torch.hinge_embedding_loss(x, torch.sign(y), 1.0, %d)",
                MODERATE, MODERATE, (x, y, r) -> Functional.hingeEmbeddingLoss(x, y.sign(), 1, r));
        loss(
                "torch.binary_cross_entropy(torch.sigmoid(x), torch.sigmoid(y), None, %d)",
                MODERATE, MODERATE, (x, y, r) -> Functional.binaryCrossEntropy(x.sigmoid(), y.sigmoid(), null, r));
        loss(
                "torch.binary_cross_entropy_with_logits(x, y, None, None, %d)",
                MODERATE, UNIT, (x, y, r) -> Functional.binaryCrossEntropyWithLogits(x, y, null, null, r));
        for (int weights = 1; weights <= 3; weights++) {
            weighted(weights);
        }
    }

    private Case loss(String torch, Domain input, Domain target, Loss akari) {
        return add(format(torch.replace("%d", "%s"), "…"), d -> {
                    long[] shape = d.full(0, 3);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format(torch, reduction),
                            Operand.of(input, shape),
                            Operand.of(target, shape),
                            (x, y) -> akari.apply(x, y, REDUCTIONS.get(reduction)));
                })
                .floatingOnly(WHY);
    }

    /** Binary cross entropies with a weight (1), one of the positive class (2), or both. */
    private void weighted(int weights) {
        boolean each = (weights & 1) != 0;
        boolean positive = (weights & 2) != 0;
        String torch = format(
                "torch.binary_cross_entropy_with_logits(x, torch.sigmoid(y), %s, %s, %%d)",
                each ? "z" : "None", positive ? "u" : "None");
        add(torch.replace("%d", "…"), d -> {
                    long[] shape = d.full(1, 3);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format(torch, reduction),
                            t -> List.of(Functional.binaryCrossEntropyWithLogits(
                                    t[0],
                                    t[1].sigmoid(),
                                    each ? t[2] : null,
                                    positive ? t[3] : null,
                                    REDUCTIONS.get(reduction))),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape),
                            Operand.of(POSITIVE, shape).constant(),
                            Operand.of(POSITIVE, shape[shape.length - 1]).constant());
                })
                .floatingOnly(WHY);
    }

    // ---- pairs

    private void pairs() {
        add("torch.soft_margin_loss(x, y, …)", d -> {
                    long[] shape = d.full(0, 3);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format("torch.soft_margin_loss(x, y, %d)", reduction),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape).constant(),
                            (x, y) -> Functional.softMarginLoss(x, y, REDUCTIONS.get(reduction)));
                })
                .floatingOnly(WHY);
        add("torch.margin_ranking_loss(x, y, sign(z), …)", d -> {
                    long[] shape = d.full(1, 3);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format("torch.margin_ranking_loss(x, y, torch.sign(z), 0.5, %d)", reduction),
                            t -> List.of(Functional.marginRankingLoss(
                                    t[0], t[1], t[2].sign(), 0.5, REDUCTIONS.get(reduction))),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape).constant());
                })
                .floatingOnly(WHY);
        add("torch.cosine_embedding_loss(x, y, sign(z), …)", d -> {
                    long[] shape = d.full(2, 2);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format("torch.cosine_embedding_loss(x, y, torch.sign(z), 0.1, %d)", reduction),
                            t -> List.of(Functional.cosineEmbeddingLoss(
                                    t[0], t[1], t[2].sign(), 0.1, REDUCTIONS.get(reduction))),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape[0]).constant());
                })
                .floatingOnly(WHY);
        for (boolean swap : new boolean[] {false, true}) {
            add("torch.triplet_margin_loss(x, y, z, …, " + python(swap) + ")", d -> {
                        long[] shape = d.full(2, 2);
                        int reduction = d.between(0, 2);
                        return new Question(
                                format(
                                        "torch.triplet_margin_loss(x, y, z, 1.0, 2.0, 1e-6, %s, %d)",
                                        python(swap), reduction),
                                t -> List.of(
                                        swap
                                                ? Functional.tripletMarginWithDistanceLoss(
                                                        t[0],
                                                        t[1],
                                                        t[2],
                                                        Tensor::pairwiseDistance,
                                                        1,
                                                        true,
                                                        REDUCTIONS.get(reduction))
                                                : Functional.tripletMarginLoss(
                                                        t[0], t[1], t[2], 1, REDUCTIONS.get(reduction))),
                                Operand.of(MODERATE, shape),
                                Operand.of(MODERATE, shape),
                                Operand.of(MODERATE, shape));
                    })
                    .floatingOnly(WHY);
        }
    }

    // ---- classes

    private void classes() {
        for (boolean logits : new boolean[] {true, false}) {
            for (boolean weight : new boolean[] {true, false}) {
                hard(logits, weight);
            }
        }
        for (boolean weight : new boolean[] {true, false}) {
            add("torch.cross_entropy_loss(x, softmax(y), …" + (weight ? ", z)" : ")"), d -> {
                        long[] shape = d.full(1, 3);
                        int reduction = d.between(0, 2);
                        int dim = shape.length == 1 ? 0 : 1;
                        double smoothing = d.between(0, 1) * 0.2;
                        return new Question(
                                format(
                                        "torch.cross_entropy_loss(x, torch.softmax(y, %d), %s, %d, -100, %s)",
                                        dim, weight ? "z" : "None", reduction, smoothing),
                                t -> List.of(Functional.crossEntropy(
                                        t[0],
                                        t[1].softmax(dim),
                                        weight ? t[2] : null,
                                        -100,
                                        smoothing,
                                        REDUCTIONS.get(reduction))),
                                Operand.of(MODERATE, shape),
                                Operand.of(MODERATE, shape),
                                Operand.of(POSITIVE, shape[dim]).constant());
                    })
                    .floatingOnly(WHY);
        }
        add("torch.multi_margin_loss(x, y, 1, …)", d -> {
                    long[] shape = d.full(1, 2);
                    int reduction = d.between(0, 2);
                    return new Question(
                            format("torch.multi_margin_loss(x, y, 1, 1.0, None, %d)", reduction),
                            Operand.of(MODERATE, shape),
                            labels(d, shape, false),
                            (x, y) -> Functional.multiMarginLoss(x, y, 1, REDUCTIONS.get(reduction)));
                })
                .floatingOnly(WHY)
                .without("PyTorch has none for it", DType.FLOAT16, DType.BFLOAT16)
                .onceDifferentiable("it is straight");
    }

    private void hard(boolean logits, boolean weight) {
        String name = logits ? "cross_entropy_loss" : "nll_loss_nd";
        add("torch." + name + "(x, y, …" + (weight ? ", z)" : ")"), d -> {
                    long[] shape = d.full(logits ? 1 : 2, 4);
                    int reduction = d.between(0, 2);
                    long ignore = d.coin() ? 0 : -100;
                    double smoothing = logits ? d.between(0, 1) * 0.2 : 0;
                    String torch = format(
                            "torch.%s(x, y, %s, %d, %d%s)",
                            name, weight ? "z" : "None", reduction, ignore, logits ? ", " + smoothing : "");
                    return new Question(
                            torch,
                            t -> {
                                var w = weight ? t[2] : null;
                                var r = REDUCTIONS.get(reduction);
                                return List.of(
                                        logits
                                                ? Functional.crossEntropy(t[0], t[1], w, ignore, smoothing, r)
                                                : Functional.nllLoss(t[0], t[1], w, ignore, r));
                            },
                            Operand.of(MODERATE, shape),
                            labels(d, shape, true),
                            Operand.of(POSITIVE, shape[shape.length == 1 ? 0 : 1])
                                    .constant());
                })
                .floatingOnly(WHY);
    }

    /** Class numbers for an input {@code [N, C, …]} or {@code [C]}; the first is 1, so that not all can be ignored. */
    private static Operand labels(Draw d, long[] shape, boolean spatial) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            if (i != (shape.length == 1 ? 0 : 1)) sizes.add(shape[i]);
        }
        long[] size = sizes.stream().mapToLong(Long::longValue).toArray();
        Operand drawn = d.indices((int) shape[shape.length == 1 ? 0 : 1], size);
        drawn.fixedValues()[0] = 1;
        return Operand.of(DType.INT64, Shape.of(size), drawn.fixedValues());
    }
}
