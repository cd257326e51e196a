/** Kernel benchmarks, races and soak runs. */
module akari.bench {
    requires akari.train;
    requires akari.vision;
    requires jmh.core;
    requires static org.jspecify;

    // exports akari.bench;
}
