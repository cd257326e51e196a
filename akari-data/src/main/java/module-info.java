/** Datasets, samplers and the loader; start at {@link akari.data.DataLoader}. */
module akari.data {
    requires transitive akari.tensor;
    requires static transitive org.jspecify;

    exports akari.data;
}
