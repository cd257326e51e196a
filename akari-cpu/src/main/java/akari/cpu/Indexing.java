package akari.cpu;

import akari.backend.View;

/** Fast gather and scatter of common cases. */
final class Indexing {
    Indexing(Workers workers) {}

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    boolean gather(View x, int dim, View index, View out) {
        return false;
    }

    /** As {@link #gather}. */
    boolean scatter(View out, int dim, View index, View src, boolean add) {
        return false;
    }
}
