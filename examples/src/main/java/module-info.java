/** Runnable examples of the course. */
module akari.examples {
    requires akari.optim;
    requires akari.vision;
    requires static org.jspecify;

    exports akari.examples;

    opens akari.examples to
            akari.nn;
}
