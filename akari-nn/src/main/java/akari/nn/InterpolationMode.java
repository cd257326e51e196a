package akari.nn;

/** How {@link Functional#interpolate} makes new samples of old ones: PyTorch's {@code mode}. */
public enum InterpolationMode {
    /** The sample whose cell the new one begins in. */
    NEAREST,
    /** The sample whose cell the middle of the new one lies in, as image libraries have it. */
    NEAREST_EXACT,
    /** Between neighbours in a straight line, in one dimension or several: {@code linear}, {@code bilinear}, {@code trilinear}. */
    LINEAR,
    /** By cubic convolution over four neighbours, of images. */
    BICUBIC,
    /** The mean of the samples that a new one covers. */
    AREA;

    /** PyTorch's name of {@link #LINEAR} for images. */
    public static final InterpolationMode BILINEAR = LINEAR;

    /** PyTorch's name of {@link #LINEAR} for volumes. */
    public static final InterpolationMode TRILINEAR = LINEAR;
}
