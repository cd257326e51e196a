package akari.cpu;

/**
 * A thread's small arrays, through which elements pass between memory and what is computed on: C2 turns loops over arrays into vector
 * code, loops over memory it does not.
 */
final class Blocks {
    /** Elements of a block. */
    static final int SIZE = 512;

    private static final ThreadLocal<Blocks> OF_THREAD = ThreadLocal.withInitial(Blocks::new);

    final byte[] bytes = new byte[SIZE];
    final short[] shorts = new short[SIZE];
    final int[] ints = new int[SIZE];
    final long[] longs = new long[SIZE];
    final float[] floats = new float[SIZE];
    final double[] doubles = new double[SIZE];

    private Blocks() {}

    static Blocks get() {
        return OF_THREAD.get();
    }
}
