package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs of several threads that release what the others use: see {@link Sharing}. {@code -Dakari.sharing.seconds=N} makes the slow
 * search longer than a minute and a half on each path of the CPU backend, {@code -Dakari.sharing.from=SEED} begins it elsewhere.
 */
class SharingTest {
    @Test
    void aFewSeconds() throws Exception {
        run(3, 1, 3, "-Dakari.memory.limit=32m", "-XX:+UseSerialGC");
    }

    @Test
    void aTensorWhoseMemoryIsReplacedCrashesNobody() throws Exception {
        Fork fork = Fork.of(Replacing.class, List.of("-Dakari.memory.limit=512m"), "4", "1");
        assertThat(fork.exit()).as("%s", fork.said()).isZero();
    }

    @Test
    @Tag("slow")
    void longPrograms() throws Exception {
        List<List<String>> machines = List.of(
                List.of("-Dakari.memory.limit=32m", "-XX:+UseSerialGC"),
                List.of("-Dakari.memory.limit=40m", "-XX:+UseG1GC"),
                List.of("-Dakari.memory.limit=64m", "-XX:+UseZGC"),
                List.of("-Dakari.memory.limit=48m", "-XX:+UseParallelGC", "-XX:+DisableExplicitGC"),
                List.of("-Dakari.memory.limit=1g", "-XX:+UseG1GC", "-Dakari.threads=3"),
                List.of("-Dakari.memory.limit=64m", "-XX:+UseZGC", "-XX:+DisableExplicitGC"));
        long seconds = Long.getLong("akari.sharing.seconds", 90) / machines.size();
        long seed = Long.getLong("akari.sharing.from", 2);
        for (List<String> flags : machines) {
            run(seconds, seed, 2 + (int) (seed % 3), flags.toArray(String[]::new));
            seed++;
        }
    }

    private static void run(long seconds, long seed, int threads, String... flags) throws Exception {
        Fork fork = Fork.of(Sharing.class, true, seconds + 120, List.of(flags), "" + seconds, "" + seed, "" + threads);
        assertThat(fork.exit()).as("%s", fork.said()).isZero();
        System.out.println(List.of(flags) + " " + fork.said().lines().reduce("", (_, last) -> last));
    }
}
