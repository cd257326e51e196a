/** Neural network modules, functional forms, losses and initialisers. */
module akari.nn {
    requires transitive akari.tensor;
    requires static org.jspecify;

    exports akari.nn;
}
