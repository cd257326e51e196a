package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random programs: each works and agrees with the reference backend, or is refused with a documented exception. They run side by
 * side on all cores. {@code -Dakari.program=SEED} runs a single one again, {@code -Dakari.program.from=SEED} begins the slow search
 * elsewhere, {@code -Dakari.program.seconds=N} makes it longer.
 */
class ProgramTest {
    private static final int FEW = 3_000;
    private static final int MANY = 1_000_000;
    private static final List<ProgramMethods.Callable> METHODS = ProgramMethods.all();

    @Test
    void aFewPrograms() {
        Long only = Long.getLong("akari.program");
        if (only != null) run(only, only + 1, 600);
        else run(0, FEW, 60);
    }

    @Test
    @Tag("slow")
    void asManyProgramsAsTenMinutesAllow() {
        long from = Long.getLong("akari.program.from", 0);
        run(from, from + MANY, Long.getLong("akari.program.seconds", 600));
    }

    @Test
    void aSeedGivesTheSameProgramInAnyThreadAndOrder() {
        List<String> one = LongStream.range(0, 50).mapToObj(ProgramTest::text).toList();
        List<String> other = LongStream.range(0, 50)
                .map(i -> 49 - i)
                .parallel()
                .mapToObj(ProgramTest::text)
                .toList();
        assertThat(one).isEqualTo(other.reversed());
    }

    private static String text(long seed) {
        var program = new Program(seed, METHODS);
        program.run();
        return program.toString();
    }

    private static void run(long from, long to, long seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        Map<String, String> problems = new ConcurrentSkipListMap<>();
        AtomicLong next = new AtomicLong(from);
        AtomicLong programs = new AtomicLong();
        AtomicLong steps = new AtomicLong();
        AtomicLong refusals = new AtomicLong();
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService all = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                all.execute(() -> {
                    for (long seed = next.getAndIncrement();
                            seed < to && problems.size() < 25 && System.nanoTime() < end;
                            seed = next.getAndIncrement()) {
                        var program = new Program(seed, METHODS);
                        String problem = program.run();
                        programs.incrementAndGet();
                        steps.addAndGet(program.steps);
                        refusals.addAndGet(program.refusals);
                        if (problem != null) problems.putIfAbsent(kind(problem), problem);
                    }
                });
            }
        }
        System.out.println(programs + " random programs of " + METHODS.size() + " methods: " + steps + " steps, "
                + refusals + " of them refused");
        assertThat(List.copyOf(problems.values())).isEmpty();
    }

    /** One example of each kind is enough: the same method fails in the same way. */
    private static String kind(String problem) {
        String[] lines = problem.split("\n");
        String call = lines[lines.length - 1].replaceAll(".*?(\\w+)\\(.*", "$1");
        return call + lines[0].replaceAll("program \\d+|[-\\d.E]+", "");
    }
}
