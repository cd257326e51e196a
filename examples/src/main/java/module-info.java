/** Runnable examples of the course. */
module akari.examples {
    requires akari.train;
    requires akari.vision;
    requires static org.jspecify;
}
