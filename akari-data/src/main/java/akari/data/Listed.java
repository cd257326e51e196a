package akari.data;

import akari.tensor.Generator;

/** Given indices, each once an epoch, as they are or in a random order. */
record Listed(long[] indices, boolean shuffle) implements Sampler {
    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public long[] order(Generator random) {
        if (!shuffle) {
            return indices.clone();
        }
        long[] order = random.permutation(indices.length);
        for (int i = 0; i < order.length; i++) {
            order[i] = indices[(int) order[i]];
        }
        return order;
    }

    @Override
    public String toString() {
        return indices.length + " indices " + (shuffle ? "in a random order" : "in order");
    }
}
