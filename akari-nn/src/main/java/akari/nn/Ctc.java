package akari.nn;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * The probability that a sequence of distributions spells a target, blanks and repetitions left out: Graves et al., "Connectionist
 * Temporal Classification", 2006. The forward recursion in logarithms over all sequences of a batch at once; the tape gives its gradient.
 */
final class Ctc {
    /** Stands for the logarithm of 0: far below every sum, and without the NaN that differences of infinities are. */
    private static final double NEVER = -1e30;

    private Ctc() {}

    static Tensor loss(
            Tensor logProbs,
            Tensor targets,
            long[] inputLengths,
            long[] targetLengths,
            long blank,
            Reduction reduction,
            boolean zeroInfinity) {
        NullArgument.check(inputLengths, "inputLengths");
        NullArgument.check(targetLengths, "targetLengths");
        NullArgument.check(logProbs, "logProbs");
        int n = inputLengths.length;
        long steps = logProbs.dim() == 3 ? logProbs.size(0) : 0;
        long classes = logProbs.dim() == 3 ? logProbs.size(2) : 0;
        if (logProbs.dim() != 3
                || logProbs.size(1) != n
                || targetLengths.length != n
                || Arrays.stream(inputLengths).anyMatch(l -> l < 1 || l > steps)
                || Arrays.stream(targetLengths).anyMatch(l -> l < 0)
                || blank < 0
                || blank >= classes) {
            throw new IllegalArgumentException("ctcLoss: log-probabilities " + logProbs.shape() + ", input lengths "
                    + Arrays.toString(inputLengths) + ", target lengths " + Arrays.toString(targetLengths) + ", blank "
                    + blank
                    + "; [T, N, C] takes N lengths of each kind, those of inputs at most T, and a blank below C");
        }
        long[][] labels = labels(targets, targetLengths, classes);
        DType type = Precision.ofLoss(logProbs);
        return Tensors.composite("ctcLoss", () -> {
            Tensor possible = Precision.raised(logProbs).clamp(NEVER, null); // no infinity that might meet another
            Tensor losses = losses(possible, labels, inputLengths, blank);
            Tensor infinite = losses.detach().gt(-NEVER / 10);
            losses = losses.maskedFill(infinite, zeroInfinity ? 0 : Double.POSITIVE_INFINITY);
            if (reduction == Reduction.MEAN) {
                Tensor lengths =
                        Tensors.tensor(targetLengths).to(losses.dtype()).clamp(1, null);
                losses = losses.div(lengths.to(losses.device()));
            }
            return Losses.reduce(losses, reduction).to(type);
        });
    }

    /** Targets stand in rows, {@code [N, S]}, or all behind each other. */
    private static long[][] labels(Tensor targets, long[] lengths, long classes) {
        long[] all = targets.toLongs();
        boolean rows = targets.dim() == 2;
        if (!rows && (targets.dim() != 1 || Arrays.stream(lengths).sum() != all.length)
                || rows
                        && (targets.size(0) != lengths.length
                                || Arrays.stream(lengths).anyMatch(l -> l > targets.size(1)))) {
            throw new IllegalArgumentException("ctcLoss: targets " + targets.shape() + " for target lengths "
                    + Arrays.toString(lengths) + "; give rows, [N, S], or all of them behind each other");
        }
        long[][] out = new long[lengths.length][];
        int at = 0;
        for (int i = 0; i < out.length; i++) {
            int from = rows ? Math.toIntExact(i * targets.size(1)) : at;
            out[i] = Arrays.copyOfRange(all, from, from + Math.toIntExact(lengths[i]));
            at += out[i].length;
            for (long label : out[i]) {
                if (label < 0 || label >= classes) {
                    throw new IllegalArgumentException("ctcLoss: label " + label + " of target " + i
                            + " lies outside the " + classes + " classes");
                }
            }
        }
        return out;
    }

    private static Tensor losses(Tensor logProbs, long[][] labels, long[] inputLengths, long blank) {
        int n = labels.length;
        int most = Arrays.stream(labels).mapToInt(l -> l.length).max().orElse(0);
        int places = 2 * most + 1; // a blank before, between and after
        long[] symbols = new long[n * places];
        double[] start = new double[n * places];
        double[] jump = new double[n * places];
        long[] last = new long[2 * n];
        for (int i = 0; i < n; i++) {
            for (int s = 0; s < places; s++) {
                int at = i * places + s;
                boolean label = s % 2 == 1 && s / 2 < labels[i].length;
                symbols[at] = label ? labels[i][s / 2] : blank;
                start[at] = s == 0 || s == 1 && label ? 0 : NEVER;
                // over a blank, from one label to another one
                jump[at] = label && s > 1 && symbols[at] != symbols[at - 2] ? 0 : NEVER;
            }
            last[2 * i] = 2L * labels[i].length;
            last[2 * i + 1] = Math.max(0, 2L * labels[i].length - 1);
        }
        DType type = logProbs.dtype();
        Shape table = Shape.of(n, places);
        Tensor index = Tensors.tensor(symbols).reshape(1, n, places).to(logProbs.device());
        Tensor emitted = logProbs.gather(2, index.expand(logProbs.size(0), n, places));
        Tensor over = Tensors.of(type, jump, table).to(logProbs.device());
        Tensor lengths = Tensors.tensor(inputLengths).unsqueeze(1).to(logProbs.device());
        Tensor alpha = emitted.get(0).add(Tensors.of(type, start, table).to(logProbs.device()));
        for (long t = 1; t < logProbs.size(0); t++) {
            Tensor ways = Tensors.stack(
                    List.of(alpha, shifted(alpha, 1), shifted(alpha, 2).add(over)), 0);
            Tensor next = ways.logsumexp(0).add(emitted.get(t));
            alpha = next.where(lengths.gt(t), alpha);
        }
        Tensor ends = alpha.gather(1, Tensors.tensor(last).reshape(n, 2).to(logProbs.device()));
        Tensor single = Tensors.tensor(last)
                .reshape(n, 2)
                .select(1, 0)
                .eq(0)
                .unsqueeze(1); // nothing but blanks: one end, not two
        Tensor second =
                Tensors.tensor(false, true).unsqueeze(0).logicalAnd(single).to(logProbs.device());
        return ends.maskedFill(second, NEVER).logsumexp(1).neg();
    }

    private static Tensor shifted(Tensor alpha, int by) {
        long places = alpha.size(1);
        return by >= places
                ? Tensors.fullLike(alpha, NEVER)
                : Padding.constant(alpha.narrow(1, 0, places - by), 1, by, 0, NEVER);
    }
}
