/** Types, layouts, formulas and the backend service; see {@link akari.backend}. */
module akari.backend {
    requires static transitive org.jspecify;
    requires arpack.combined.all;
    requires java.management;
    requires jdk.management;

    exports akari.backend;

    uses akari.backend.Backend;
}
