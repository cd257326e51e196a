package akari.cpu;

import akari.backend.Distribution;
import akari.backend.View;

/** Fast random fills. */
final class Draws {
    Draws(Workers workers) {}

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    boolean fill(Distribution kind, long seed, long offset, double a, double b, View out) {
        return false;
    }
}
