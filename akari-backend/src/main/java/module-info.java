/** Data types, shapes, layouts, pointwise formulas and the backend contract. */
module akari.backend {
    requires static org.jspecify;

    // exports akari.backend;
}
