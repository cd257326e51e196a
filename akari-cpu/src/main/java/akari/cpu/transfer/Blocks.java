package akari.cpu.transfer;

/**
 * A thread's small arrays, through which elements pass between memory and what is computed on: C2 turns loops over arrays into vector
 * code, loops over memory it does not.
 */
public final class Blocks {
    /** Elements of a block. */
    public static final int SIZE = 512;

    private static final ThreadLocal<Blocks> OF_THREAD = ThreadLocal.withInitial(Blocks::new);

    public final byte[] bytes = new byte[SIZE];
    final short[] shorts = new short[SIZE];
    public final int[] ints = new int[SIZE];
    final long[] longs = new long[SIZE];
    public final float[] floats = new float[SIZE];
    public final double[] doubles = new double[SIZE];

    private Blocks() {}

    public static Blocks get() {
        return OF_THREAD.get();
    }
}
