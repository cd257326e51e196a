package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akari.testkit.TorchOracle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Asks PyTorch and Akari the same random questions: values, types, shapes and gradients, in all types and memory layouts. {@code
 * -Dakari.case=REGEX} asks only about the cases whose name contains it.
 */
@Tag("slow")
class TorchComparisonTest {
    /** Fewer than this many questions that PyTorch answers prove nothing. */
    private static final int ENOUGH = 20;

    private static TorchOracle torch;
    private static int operations;
    private static int questions;
    private static int refused;

    @BeforeAll
    static void start() {
        torch = TorchOracle.start();
    }

    @AfterAll
    static void stop() {
        torch.close();
        System.out.println(operations + " operations compared with PyTorch on " + questions + " questions; it refused "
                + refused + " more");
    }

    static List<Case> cases() {
        return Cases.named(System.getProperty("akari.case", ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agrees(Case c) {
        var problems = new ArrayList<String>();
        int answered = 0;
        for (var plan : Comparison.plans(c)) {
            int wrong = 0;
            String first = null;
            for (int seed = 0; seed < plan.questions(); seed++) {
                var outcome = new Comparison(c, plan.type(), seed, 6).ask(torch::eval);
                if (outcome.answered()) answered++;
                else refused++;
                if (outcome.difference() != null && wrong++ == 0) first = "seed " + seed + ": " + outcome.difference();
            }
            if (wrong > 0) {
                problems.add(wrong + " of " + plan.questions() + " differ in " + plan.type() + ", first " + first);
            }
        }
        operations++;
        questions += answered;
        if (!problems.isEmpty()) fail(String.join("\n", problems));
        assertThat(answered).as("questions that PyTorch answered").isGreaterThanOrEqualTo(ENOUGH);
    }
}
