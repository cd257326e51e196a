package akari.bench;

/**
 * A tensor of a network's state and the numbers that it starts with, {@code offset + scale * uniform}: scales after He, so that
 * activations keep their size through the layers, and running statistics that are not those of a fresh layer.
 *
 * @param name its key in PyTorch's {@code state_dict}
 * @param stream of {@link Numbers}
 * @param kind what it is for
 */
record NetworkParameter(String name, int stream, Kind kind, double offset, double scale, long... shape) {
    enum Kind {
        /** Of a convolution or a linear layer, its bias too. */
        WEIGHT,
        /** Scale or shift of a normalisation. */
        NORM,
        /** Running mean or variance. */
        STATISTIC
    }

    static NetworkParameter weight(String name, int stream, long... shape) {
        long fanIn = 1;
        for (int i = 1; i < shape.length; i++) fanIn *= shape[i];
        return new NetworkParameter(name, stream, Kind.WEIGHT, 0, Math.sqrt(6.0 / fanIn), shape);
    }

    float[] values() {
        int count = 1;
        for (long size : shape) count = Math.toIntExact(count * size);
        var values = Numbers.uniform(stream, count, scale);
        if (offset != 0) for (int i = 0; i < count; i++) values[i] = (float) (offset + values[i]);
        return values;
    }
}
