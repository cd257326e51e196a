/** Gradient checks, golden readers and the parity tool. */
module akari.testkit {
    requires transitive akari.nn;
    requires transitive akari.optim;
    requires transitive akari.vision;
    requires tools.jackson.databind;
    requires org.junit.jupiter.api;
    requires static org.bytedeco.javacpp;
    requires static org.bytedeco.pytorch;
    requires static org.jspecify;

    exports akari.testkit;
}
