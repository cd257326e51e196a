/** The trainer, metrics and run folders. */
module akari.train {
    requires transitive akari.data;
    requires transitive akari.nn;
    requires transitive akari.optim;
    requires static org.jspecify;

    exports akari.train;
}
