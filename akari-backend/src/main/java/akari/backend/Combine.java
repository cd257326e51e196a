package akari.backend;

/** What becomes of an element at which a scatter arrives. In MAX and MIN NaN wins. */
public enum Combine {
    SET,
    ADD,
    MULTIPLY,
    MAX,
    MIN
}
