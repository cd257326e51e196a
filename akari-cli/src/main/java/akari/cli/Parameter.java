package akari.cli;

/**
 * The declaration of what stands in a command line without a name.
 *
 * @param arity how often, as in {@code 1}, {@code 0..1} or {@code 1..*}
 */
record Parameter<T>(String label, Kind<T> kind, String arity, String meaning) {}
