package akari.bench;

/**
 * What the sides of a race are told.
 *
 * @param threads how many they may use
 * @param dtype the element type that they compute in
 * @param keepMemory whether the peer's malloc keeps what it is given back. By its defaults it returns large blocks to the
 *     system, and every new result costs page faults; which blocks are large depends on the order of earlier calls.
 */
record RaceSetting(int threads, Precision dtype, boolean keepMemory) {
    @Override
    public String toString() {
        return threads
                + (threads == 1 ? " thread, " : " threads, ")
                + dtype
                + (keepMemory ? ", peer keeps memory" : "");
    }

    /** The element types that a race can be run in. */
    enum Precision {
        F32(1e-4, 3e-2),
        /** A first layer's change is mostly rounding: PyTorch's own bf16 step of WRN-16-4 lies 0.6 from its f32 step in single weights. */
        BF16(3e-2, 1);

        /** How far two results may lie apart, relative to the root mean square of the result. */
        final double tolerance;

        /** The same for the change of weights by a training step. */
        final double changeTolerance;

        Precision(double tolerance, double changeTolerance) {
            this.tolerance = tolerance;
            this.changeTolerance = changeTolerance;
        }

        static Precision of(String name) {
            for (var p : values()) {
                if (p.toString().equals(name)) return p;
            }
            throw new IllegalArgumentException("unknown dtype " + name + ". Races run in f32 or bf16.");
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
