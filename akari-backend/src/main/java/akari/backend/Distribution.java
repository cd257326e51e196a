package akari.backend;

/** What a random fill draws; {@code a} and {@code b} are its two parameters. */
public enum Distribution {
    /** In [a, b). */
    UNIFORM,
    /** Mean a, standard deviation b. */
    NORMAL,
    /** 1 with probability a, else 0. */
    BERNOULLI,
    /** Integers in [a, b). */
    INTEGER
}
