package akari.testkit.cases;

import static org.assertj.core.api.Assertions.fail;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.GradCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first and second derivatives of every operation that is compared with PyTorch, against finite differences in float64. An
 * operation without a gradient is left out because its results say so, and {@link TorchComparisonTest} sees to it that PyTorch's say
 * the same.
 */
class GradientsTest {
    private static final int SEEDS = Boolean.getBoolean("akari.slow") ? 8 : 2;
    private static final int LARGEST = 3;
    /** Elements beyond which finite differences take too long to be worth it. */
    private static final int MANY = 120;

    private static int differentiable;
    private static int others;
    private static final Set<String> nowhere = new TreeSet<>();

    static List<Case> cases() {
        return Cases.named(System.getProperty("akari.case", ""));
    }

    @AfterAll
    static void count() {
        System.out.println("gradients of " + differentiable + " operations checked twice; " + others + " have none"
                + (nowhere.isEmpty() ? "" : ", of them nowhere finite: " + String.join(", ", nowhere)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstAndSecondDerivatives(Case c) {
        boolean any = false;
        for (int seed = 0; seed < SEEDS; seed++) any |= check(c, seed);
        if (any) differentiable++;
        else others++;
        if (any) nowhere.remove(c.name);
    }

    /** Whether there was something to differentiate. */
    private static boolean check(Case c, int seed) {
        var draw = new Draw(new Random(17L * c.name.hashCode() + seed), LARGEST);
        var question = c.draw.apply(draw);
        long elements = Arrays.stream(question.operands())
                .mapToLong(o -> o.shape().numel())
                .sum();
        if (elements > MANY) return false;
        for (double[] range : Values.SMOOTH) {
            var in = operands(question, range, new Random(seed));
            List<Tensor> out;
            try {
                out = question.akari().apply(in.clone());
            } catch (RuntimeException e) {
                if (Refusals.documented(e)) return false; // whether PyTorch refuses too is for TorchComparisonTest
                throw e;
            }
            // finite differences need float64 from end to end
            if (out.stream().noneMatch(t -> t.requiresGrad() && t.dtype() == DType.FLOAT64)) return false;
            if (!out.stream().allMatch(GradientsTest::finite)) continue;
            GradCheck.Function f = x -> joined(question.akari().apply(x.clone()));
            try {
                GradCheck.gradcheck(f, in);
                if (c.twice) GradCheck.gradgradcheck(f, in);
            } catch (AssertionError | RuntimeException e) {
                fail(
                        "seed " + seed + ", " + question.torch() + " of "
                                + Arrays.toString(Arrays.stream(in)
                                        .map(t -> t.shape() + " " + t.dtype())
                                        .toArray()) + ": " + e,
                        e);
            }
            return true;
        }
        nowhere.add(c.name); // of empty operands, hopefully
        return false;
    }

    private static Tensor[] operands(Question question, double[] range, Random random) {
        var operands = question.operands();
        var in = new Tensor[operands.length];
        for (int i = 0; i < in.length; i++) {
            var o = operands[i];
            var type = o.fixedType() == null ? DType.FLOAT64 : o.fixedType();
            in[i] = Tensors.of(type, Values.smooth(o, i, range, random), o.shape())
                    .detach();
            if (o.requiresGrad() && type == DType.FLOAT64) in[i].requiresGrad_();
        }
        return in;
    }

    private static boolean finite(Tensor t) {
        return Arrays.stream(t.toDoubles()).allMatch(Double::isFinite);
    }

    /** All results that have gradients, one after the other. */
    private static Tensor joined(List<Tensor> out) {
        return Tensors.cat(
                out.stream()
                        .filter(t -> t.dtype() == DType.FLOAT64)
                        .map(Tensor::flatten)
                        .toList(),
                0);
    }
}
