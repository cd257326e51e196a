package akari.bench;

/** What both sides of a race are told: how many threads they may use and the element type they compute in. */
record Setting(int threads, Precision dtype) {

    /** The element types that a race can be run in. */
    enum Precision {
        F32(1e-4),
        BF16(3e-2);

        /** How far two results may lie apart, relative to the root mean square of the result. */
        final double tolerance;

        Precision(double tolerance) {
            this.tolerance = tolerance;
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
