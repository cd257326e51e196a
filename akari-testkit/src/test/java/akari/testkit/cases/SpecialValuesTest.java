package akari.testkit.cases;

import akari.backend.DType;
import akari.testkit.TorchOracle;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SpecialValuesTest {
    @Test
    void explore() throws Exception {
        int bad = 0;
        try (var torch = TorchOracle.start();
                var out = new PrintStream(System.getProperty("akari.out", "/tmp/ops-special.txt"))) {
            for (Case c : Cases.named(System.getProperty("akari.case", ""))) {
                boolean any = false;
                for (var type : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16)) {
                    if (!c.covers(type)) continue;
                    for (var s : Special.values()) {
                        if (!c.covers(s)) continue;
                        int wrong = 0;
                        String first = null;
                        for (int seed = 0; seed < 4; seed++) {
                            try {
                                var q = new Comparison(c, type, seed, 4, s);
                                if (!q.typed()) continue;
                                var o = q.ask(torch::eval);
                                if (o.difference() != null && wrong++ == 0) first = o.difference();
                            } catch (RuntimeException e) {
                                if (wrong++ == 0) first = e.toString();
                            }
                        }
                        if (wrong > 0) {
                            if (!any) {
                                out.println("==== " + c.name);
                                bad++;
                            }
                            any = true;
                            out.println("-- " + type + " " + s + " " + wrong + "/4: " + first);
                        }
                    }
                }
            }
            out.println("BAD " + bad);
        }
    }
}
