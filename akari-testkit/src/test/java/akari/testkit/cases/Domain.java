package akari.testkit.cases;

/** What the elements of an operand are. */
enum Domain {
    /** ±0, kinks and large numbers among moderate ones; in every other question ±∞ and NaN as well. */
    ANY,
    /** As ANY, without ±∞, NaN and what is near overflow. */
    FINITE,
    /** As ANY, without what is near overflow: sums over it hardly depend on their order. */
    SUMMED,
    /** In [-3, 3]. */
    MODERATE,
    /** In [-1, 1], for sums of many products. */
    UNIT,
    /** In [0.2, 3.2]. */
    POSITIVE
}
