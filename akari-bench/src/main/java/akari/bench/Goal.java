package akari.bench;

import akari.bench.RaceSetting.Precision;

/** The ratio of a peer's time to ours that a race is meant to reach, at any number of threads. */
record Goal(Side peer, Precision dtype, double ratio) {}
