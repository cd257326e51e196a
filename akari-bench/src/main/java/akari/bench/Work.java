package akari.bench;

import java.util.Map;
import java.util.function.Supplier;

/** One side's share of a race, set up and ready: the same inputs on both sides, made by {@link Numbers}. */
interface Work {
    /** Does the work once, as a user of the library would write it, and lets go of the result. */
    void run();

    /** On a fresh set-up, does the work a few times and returns what it computes by name, so that a wrong answer cannot win. */
    Map<String, float[]> check();

    /** Work with one result, checked after the fourth time so that what it leaves behind (moments, updated weights) counts. */
    static Work of(Runnable run, Supplier<float[]> result) {
        return new Work() {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public Map<String, float[]> check() {
                for (int i = 0; i < 3; i++) run();
                return Map.of("result", result.get());
            }
        };
    }
}
