package akari.testkit;

import akari.core.DType;
import akari.nn.Functional;
import akari.nn.Reduction;
import akari.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Losses. */
final class LossRows {
    private LossRows() {}

    static void add(OpTable t) {
        losses(t);
        pairLosses(t);
    }

    private static void pairLosses(OpTable t) {
        t.op(
                "margin_ranking_loss",
                a -> Functional.marginRankingLoss(
                        a.x(), a.input("y"), a.input("target"), a.number("margin", 0), reduction(a)));
        t.op(
                "hinge_embedding_loss",
                a -> Functional.hingeEmbeddingLoss(a.x(), a.input("target"), a.number("margin", 1), reduction(a)));
        t.op(
                "cosine_embedding_loss",
                a -> Functional.cosineEmbeddingLoss(
                        a.x(), a.input("y"), a.input("target"), a.number("margin", 0), reduction(a)));
        t.op(
                "triplet_margin_loss",
                a -> Functional.tripletMarginLoss(
                        a.x(), a.input("y"), a.input("z"), a.number("margin", 1), reduction(a)));
        t.op("soft_margin_loss", a -> Functional.softMarginLoss(a.x(), a.input("target"), reduction(a)));
        t.op(
                "multi_margin_loss",
                a -> Functional.multiMarginLoss(a.x(), a.input("target"), a.number("margin", 1), reduction(a)));
    }

    // ---- losses

    private interface Loss {
        Tensor apply(Tensor x, Tensor y, Reduction reduction, Arguments a);
    }

    private static void losses(OpTable t) {
        classes(
                t,
                "cross_entropy",
                (x, y, r, a) -> Functional.crossEntropy(
                        x,
                        y,
                        a.optional("weight"),
                        a.integer("ignore_index", -100),
                        a.number("label_smoothing", 0),
                        r));
        classes(
                t,
                "nll_loss",
                (x, y, r, a) -> Functional.nllLoss(x, y, a.optional("weight"), a.integer("ignore_index", -100), r));
        loss(t, "mse_loss", (x, y, r, a) -> Functional.mseLoss(x, y, r));
        loss(t, "l1_loss", (x, y, r, a) -> Functional.l1Loss(x, y, r));
        loss(t, "smooth_l1_loss", (x, y, r, a) -> Functional.smoothL1Loss(x, y, a.number("beta", 1), r));
        loss(t, "huber_loss", (x, y, r, a) -> Functional.huberLoss(x, y, a.number("delta", 1), r));
        loss(t, "kl_div", (x, y, r, a) -> Functional.klDiv(x, y, a.flag("log_target", false), r));
        loss(t, "binary_cross_entropy", (x, y, r, a) -> Functional.binaryCrossEntropy(x, y, a.optional("weight"), r));
        loss(
                t,
                "binary_cross_entropy_with_logits",
                (x, y, r, a) -> Functional.binaryCrossEntropyWithLogits(
                        x, y, a.optional("weight"), a.optional("pos_weight"), r));
    }

    private static void loss(OpTable t, String name, Loss f) {
        t.several(name, a -> List.of(f.apply(a.x(), a.input("y", "target"), reduction(a), a)));
    }

    private static void classes(OpTable t, String name, Loss f) {
        t.several(name, a -> List.of(f.apply(a.x(), classTarget(a), reduction(a), a)));
    }

    private static Reduction reduction(Arguments a) {
        return Reduction.valueOf(a.text("reduction", "mean").toUpperCase(Locale.ROOT));
    }

    private static final Pattern PROBABILITIES =
            Pattern.compile("softmax\\(([\\d.]+)\\*v_(\\d+)\\(i\\) as ([\\dx]+), dim (-?\\d+)\\)");

    /** Class numbers, or probabilities written as {@code softmax(2*v_7(i) as 6x5, dim 1)}. */
    private static Tensor classTarget(Arguments a) {
        Matcher m = PROBABILITIES.matcher(a.text("target", ""));
        if (!m.matches()) {
            return a.input("target", "y");
        }
        long[] shape = Pattern.compile("x")
                .splitAsStream(m.group(3))
                .mapToLong(Long::parseLong)
                .toArray();
        double scale = Double.parseDouble(m.group(1));
        return Golden.tensor(DType.FLOAT64, Integer.parseInt(m.group(2)), scale, 0, shape)
                .softmax(Integer.parseInt(m.group(4)))
                .to(a.dtype());
    }
}
