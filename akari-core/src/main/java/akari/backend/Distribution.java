package akari.backend;

import akari.core.DType;

/**
 * What a random fill draws. An element takes {@link #words} words of the {@link Philox} stream, so a block of four words gives four
 * elements or two; numbers are computed in double precision and rounded once.
 */
public sealed interface Distribution {
    /** Words that an element of type {@code t} takes: 1 or 2. */
    default int words(DType t) {
        return t.bytes() == 8 ? 2 : 1;
    }

    /** Elements of {@code t} that one block gives. */
    default int perBlock(DType t) {
        return 4 / words(t);
    }

    /** Blocks that a fill of {@code numel} elements uses up; the next fill starts so much further on. */
    default long blocks(DType t, long numel) {
        return Math.ceilDiv(numel, perBlock(t));
    }

    /** Writes the elements that the block {@code words} gives to {@code to[at …]}. */
    void draw(DType t, int[] words, double[] to, int at);

    /** In [low, high); rounding to the type does not reach {@code high}. Just {@code low} where the two are equal. */
    record Uniform(double low, double high) implements Distribution {
        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            for (int i = 0; i < perBlock(t); i++) {
                double v = Conversions.round(t, low + (high - low) * Philox.uniform(words, i, words(t)));
                to[at + i] = v < high || !(low < high) ? v : below(t, high);
            }
        }

        private static double below(DType t, double high) {
            return switch (t) {
                case FLOAT64 -> Math.nextDown(high);
                case FLOAT32 -> Math.nextDown((float) high);
                default -> {
                    double v = Conversions.round(t, high);
                    for (double step = Math.ulp((float) high); v >= high; step *= 2) {
                        v = Conversions.round(
                                t, high - step); // steps far smaller than the type's spacing lead to the number below
                    }
                    yield v;
                }
            };
        }
    }

    /** By Box and Muller's method: two neighbours in a block come from one pair of uniform numbers. */
    record Normal(double mean, double std) implements Distribution {
        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            int each = words(t);
            double tiny = each == 1 ? 0x1p-24 : 0x1p-53; // keeps the logarithm finite
            for (int i = 0; i < perBlock(t); i += 2) {
                double r = Math.sqrt(-2 * Math.log(Philox.uniform(words, i, each) + tiny));
                double angle = 2 * Math.PI * Philox.uniform(words, i + 1, each);
                to[at + i] = mean + std * r * Math.cos(angle);
                to[at + i + 1] = mean + std * r * Math.sin(angle);
            }
        }
    }

    /** The exponential of a {@link Normal}; mean and deviation are the logarithm's. */
    record LogNormal(double mean, double std) implements Distribution {
        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            new Normal(mean, std).draw(t, words, to, at);
            for (int i = 0; i < perBlock(t); i++) {
                to[at + i] = Math.exp(to[at + i]);
            }
        }
    }

    /** 1 with probability {@code p}, else 0. */
    record Bernoulli(double p) implements Distribution {
        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            for (int i = 0; i < perBlock(t); i++) {
                to[at + i] = Philox.uniform(words, i, words(t)) < p ? 1 : 0;
            }
        }
    }

    /** Mean {@code 1 / rate}; never 0 before it is rounded. */
    record Exponential(double rate) implements Distribution {
        @Override
        public int words(DType t) {
            return 2; // 24 bits would end the tail at 17 means
        }

        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            for (int i = 0; i < 2; i++) {
                to[at + i] = -Math.log1p(-Philox.open(words, i)) / rate;
            }
        }
    }

    /** How many trials of probability {@code p} it takes to succeed: 1, 2, … */
    record Geometric(double p) implements Distribution {
        @Override
        public int words(DType t) {
            return 2;
        }

        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            for (int i = 0; i < 2; i++) {
                to[at + i] = Math.ceil(Math.log1p(-Philox.open(words, i)) / Math.log1p(-p));
            }
        }
    }

    /** {@code median + scale * tan(π(u - 1/2))}. */
    record Cauchy(double median, double scale) implements Distribution {
        @Override
        public int words(DType t) {
            return 2;
        }

        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            for (int i = 0; i < 2; i++) {
                to[at + i] = median + scale * Math.tan(Math.PI * (Philox.open(words, i) - 0.5));
            }
        }
    }

    /**
     * Whole numbers {@code low … low + count - 1}, each equally probable but for {@code count}/2⁶⁴ (for less than 65,536 numbers in a
     * type of less than 8 bytes, {@code count}/2³²).
     *
     * @param count unsigned; 0 for all 2⁶⁴ numbers
     */
    record Whole(long low, long count) implements Distribution {
        @Override
        public int words(DType t) {
            return t.bytes() == 8 || count > 1 << 16 || count <= 0 ? 2 : 1;
        }

        /** As {@link #draw}, exact beyond 2⁵³. */
        public void draw(DType t, int[] words, long[] to, int at) {
            int each = words(t);
            for (int i = 0; i < 4 / each; i++) {
                to[at + i] = low
                        + (each == 1
                                ? Philox.below(count, words[i])
                                : Philox.below(count, words[2 * i], words[2 * i + 1]));
            }
        }

        @Override
        public void draw(DType t, int[] words, double[] to, int at) {
            long[] exact = new long[4];
            draw(t, words, exact, 0);
            for (int i = 0; i < perBlock(t); i++) {
                to[at + i] = exact[i];
            }
        }
    }
}
