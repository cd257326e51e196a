/** Image datasets, transforms and models. */
module akari.vision {
    requires java.desktop;
    requires transitive akari.data;
    requires transitive akari.nn;
    requires static transitive org.jspecify;

    exports akari.vision to
            akari.cli;
    exports akari.vision.datasets;
    exports akari.vision.models;
    exports akari.vision.transforms;

    opens akari.vision.models to
            akari.nn;
}
