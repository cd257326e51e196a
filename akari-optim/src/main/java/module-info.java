/** Optimisers and learning rate schedules. */
module akari.optim {
    requires transitive akari.tensor;
    requires static org.jspecify;

    exports akari.optim;
}
