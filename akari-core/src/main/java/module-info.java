/**
 * Users' words, {@link akari.core}, and formulas of own operations, {@link akari.formula}; for Akari's own modules alone, layouts and the
 * backend service, {@link akari.backend}.
 */
module akari.core {
    requires static transitive org.jspecify;
    requires arpack.combined.all;
    requires java.management;
    requires jdk.management;

    exports akari.core;
    exports akari.formula;
    exports akari.errors to
            akari.bench,
            akari.cli,
            akari.cpu,
            akari.data,
            akari.nn,
            akari.optim,
            akari.tensor,
            akari.testkit,
            akari.train,
            akari.vision;
    exports akari.backend to
            akari.bench,
            akari.cli,
            akari.cpu,
            akari.data,
            akari.nn,
            akari.optim,
            akari.tensor,
            akari.testkit,
            akari.train,
            akari.vision;

    uses akari.backend.Backend;
}
