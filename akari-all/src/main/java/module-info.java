/** All of Akari: {@code import module akari;} brings every type that a program uses. */
module akari {
    requires transitive akari.data;
    requires transitive akari.nn;
    requires transitive akari.optim;
    requires transitive akari.tensor;
    requires transitive akari.train;
    requires transitive akari.vision;
}
