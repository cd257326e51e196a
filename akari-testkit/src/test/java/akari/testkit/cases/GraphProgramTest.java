package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Answer;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random programs of operations, views and changes in place, differentiated by PyTorch and by Akari: the same results and the same
 * gradients, and no refusal where PyTorch has none, but for writes to elements that share memory. Where only PyTorch refuses,
 * finite differences judge the gradients. {@code -Dakari.program=SEED} runs a single one.
 */
@Tag("slow")
class GraphProgramTest {
    private static final int PROGRAMS = 6000;

    @Test
    void differentiatesAsPyTorchDoes() {
        var problems = new ArrayList<String>();
        int compared = 0;
        int refused = 0;
        int lenient = 0;
        int strict = 0;
        var only = Long.getLong("akari.program");
        long first = only == null ? 0 : only;
        long end = only == null ? PROGRAMS : only + 1;
        try (var torch = TorchOracle.start()) {
            for (long seed = first; seed < end && problems.size() < 10; seed++) {
                var program = new GraphProgram(seed);
                var akari = program.run();
                Answer answer;
                try {
                    answer = torch.eval(program.text(), program.inputs());
                } catch (IllegalArgumentException e) {
                    refused++;
                    if (akari.refusal() == null) {
                        lenient++;
                        var wrong = program.byDifferences(akari);
                        if (wrong != null) problems.add("program " + seed + ": " + wrong + "\n" + program);
                    }
                    if (only != null) System.out.println(e.getMessage());
                    continue;
                }
                compared++;
                if (akari.refusal() != null && akari.refusal().contains("share one memory location")) {
                    strict++;
                    continue;
                }
                var difference = akari.difference(answer);
                if (difference != null) problems.add("program " + seed + ": " + difference + "\n" + program);
            }
        }
        System.out.println(compared + " programs differentiated as by PyTorch, " + strict
                + " of them refused for overlapping memory; " + refused + " more refused by PyTorch, " + lenient
                + " of them by PyTorch alone");
        assertThat(problems).isEmpty();
    }
}
