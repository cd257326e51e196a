/** Datasets, samplers and the loader. */
module akari.data {
    requires transitive akari.tensor;
    requires static org.jspecify;

    // exports akari.data;
}
