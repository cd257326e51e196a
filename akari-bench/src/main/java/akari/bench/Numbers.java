package akari.bench;

/** Inputs that both processes can make for themselves: a hash of (stream, position), uniform in [-1, 1). */
final class Numbers {
    private Numbers() {}

    static float[] uniform(int stream, int count, double scale) {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) (scale * at(stream, i));
        return values;
    }

    static long[] labels(int count, int classes) {
        var labels = new long[count];
        for (int i = 0; i < count; i++) labels[i] = (37 * i + 11) % classes;
        return labels;
    }

    private static double at(int stream, int i) {
        int h = i * 0x9E3779B1 + stream * 0x85EBCA77;
        h ^= h >>> 16;
        h *= 0x7FEB352D;
        h ^= h >>> 15;
        h *= 0x846CA68B;
        h ^= h >>> 16;
        return ((h >>> 8) - (1 << 23)) / (double) (1 << 23);
    }
}
