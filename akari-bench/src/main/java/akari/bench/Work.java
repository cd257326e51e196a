package akari.bench;

/** One side's share of a race, set up and ready: the same inputs on both sides, made by {@link Numbers}. */
interface Work {
    /** Does the work once, as a user of the library would write it, and lets go of the result. */
    void run();

    /** Does the work once more and returns what it computes, so that a wrong answer cannot win. */
    float[] result();
}
