package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random programs: each works and agrees with the reference backend, or is refused with a documented exception. {@code
 * -Dakari.program=SEED} runs a single one again.
 */
class ProgramTest {
    private static final int FEW = 3_000;
    private static final int MANY = 1_000_000;
    private static final long SECONDS = Long.getLong("akari.program.seconds", 240);

    @Test
    void aFewPrograms() {
        Long only = Long.getLong("akari.program");
        if (only != null) run(only, only + 1, 600);
        else run(0, FEW, 60);
    }

    /** {@code -Dakari.slow -Dakari.program.seconds=600}: a search, not a check, as it still finds differences of rounding. */
    @Test
    @Tag("slow")
    @EnabledIfSystemProperty(named = "akari.program.seconds", matches = "\\d+")
    void asManyProgramsAsTimeAllows() {
        run(FEW, MANY, SECONDS);
    }

    private static void run(long from, long to, long seconds) {
        List<ProgramMethods.Callable> methods = ProgramMethods.all();
        long end = System.nanoTime() + seconds * 1_000_000_000;
        Map<String, String> problems = new TreeMap<>();
        long steps = 0;
        long refusals = 0;
        long seed = from;
        for (; seed < to && problems.size() < 25 && System.nanoTime() < end; seed++) {
            var program = new Program(seed, methods);
            String problem = program.run();
            steps += program.steps;
            refusals += program.refusals;
            if (problem != null) problems.putIfAbsent(kind(problem), problem);
        }
        System.out.println((seed - from) + " random programs of " + methods.size() + " methods: " + steps + " steps, "
                + refusals + " of them refused");
        assertThat(new ArrayList<>(problems.values())).isEmpty();
    }

    /** One example of each kind is enough: the same method fails in the same way. */
    private static String kind(String problem) {
        String[] lines = problem.split("\n");
        String call = lines[lines.length - 1].replaceAll(".*?(\\w+)\\(.*", "$1");
        return call + lines[0].replaceAll("program \\d+|[-\\d.E]+", "");
    }
}
