package akari.vision.datasets;

import akari.core.DType;
import akari.core.Shape;
import akari.data.DataException;
import akari.errors.FileTrouble;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads the pixels of a picture as they are stored, as Pillow's {@code Image.open(file).convert("RGB")} and torchvision's image folders
 * do: no colour profile, gamma or orientation is applied, and transparency is dropped, not blended. PNG, JPEG, BMP, GIF (its first
 * picture) and TIFF. Samples of 16 bits keep their upper byte; fewer than 8 bits are spread over 0 to 255; ink (CMYK) becomes light by
 * Pillow's rule. A damaged or truncated file is an error, never a picture. So is, before memory is taken for it, a file of more than 1 GiB
 * or a picture of more than 178,956,970 pixels (where Pillow refuses, too) or than the Java heap has room for, and whatever is no ordinary
 * file: named pipes, devices, folders.
 */
public final class ImageFile {
    private static final String KINDS = "png, jpg, bmp, gif, tiff";

    private static final String MORE_HEAP = "make it smaller, or start java with a larger -Xmx";
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_PIXELS = 178_956_970;
    /** Of the heap, at its worst: four samples of 16 bits as they are stored, the colours, the result. */
    private static final long BYTES_A_PIXEL = 16;

    private ImageFile() {}

    /**
     * The picture as a uint8 tensor {@code [channels, H, W]}.
     *
     * @param channels 3 for red, green, blue; 1 for brightness, by ITU-R 601 as Pillow's {@code convert("L")}
     * @throws DataException where the file is missing, damaged, truncated, too large, or no picture that can be read
     */
    public static Tensor read(Path file, int channels) {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException(
                    "a picture is read as 1 channel (brightness) or 3 (red, green, blue), not as " + channels);
        }
        Pixels p = decode(file, bytes(Objects.requireNonNull(file, "file")));
        byte[] out = new byte[Math.multiplyExact(channels, p.rgb.length)];
        for (int i = 0; i < p.rgb.length; i++) {
            int r = p.rgb[i] >> 16 & 255;
            int g = p.rgb[i] >> 8 & 255;
            int b = p.rgb[i] & 255;
            if (channels == 1) {
                out[i] = (byte) (r * 19595 + g * 38470 + b * 7471 + 0x8000 >> 16); // grey stays the same
            } else {
                out[i] = (byte) r;
                out[p.rgb.length + i] = (byte) g;
                out[2 * p.rgb.length + i] = (byte) b;
            }
        }
        return Tensors.upload(DType.UINT8, Shape.of(channels, p.height, p.width), MemorySegment.ofArray(out));
    }

    /** Whether the name ends as those of the pictures that {@link #read} reads. */
    public static boolean named(Path file) {
        Path name = file.getFileName();
        String text = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
        return List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff").stream()
                .anyMatch(text::endsWith);
    }

    private static byte[] bytes(Path file) {
        try {
            FileTrouble.requireRegular(file);
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException("the image " + file + " has more than 1 GiB: is it a picture?");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new DataException("cannot read the image " + file + ": " + FileTrouble.of(e), e);
        } catch (OutOfMemoryError e) {
            throw new DataException("the image " + file + " does not fit into the Java heap: " + MORE_HEAP, e);
        }
    }

    /** Row after row, {@code 0xRRGGBB}. */
    private record Pixels(int width, int height, int[] rgb) {}

    private static Pixels decode(Path file, byte[] bytes) {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new DataException(file + " is no image that can be read (" + KINDS + ")"
                        + (bytes.length == 0 ? ": it is empty" : ""));
            }
            ImageReader reader = readers.next();
            try {
                return decode(reader, in, bytes);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException known) {
                throw known;
            }
            throw new DataException("the image " + file + " " + trouble(e, bytes), e);
        } catch (OutOfMemoryError e) {
            throw new DataException("the image " + file + " does not fit into the Java heap: " + MORE_HEAP, e);
        }
    }

    /** Refuses a size before memory is taken for it. */
    private static void room(long width, long height) throws TooLarge {
        long pixels = width * height; // each of at most 31 bits
        if (pixels > MOST_PIXELS) {
            throw new TooLarge("has " + width + "×" + height + " pixels, more than the " + MOST_PIXELS
                    + " of the largest picture that is read: make it smaller");
        }
        long most = Runtime.getRuntime().maxMemory();
        if (pixels * BYTES_A_PIXEL > most) {
            throw new TooLarge("has " + width + "×" + height + " pixels, for which a Java heap of " + (most >> 20)
                    + " MB has no room: " + MORE_HEAP);
        }
    }

    private static String trouble(Throwable e, byte[] bytes) {
        if (e instanceof TooLarge) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof Unfit) {
            return e.getMessage() + "; save it anew as 8-bit grey or RGB";
        }
        boolean cut = !ends(bytes);
        for (Throwable t = e; t != null; t = t.getCause()) {
            cut |= t instanceof EOFException;
        }
        String how = cut ? "is truncated" : "is damaged (" + (e.getMessage() == null ? e : e.getMessage()) + ")";
        return how + ": fetch or save it again";
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge(String message) {
            super(message);
        }
    }

    /** Whole, but of a kind that has no 8-bit colours. */
    private static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }
    }

    private static Pixels decode(ImageReader reader, ImageInputStream in, byte[] bytes) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((_, text) -> warnings.add(text.toLowerCase(Locale.ROOT)));
        reader.setInput(in);
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        room(reader.getWidth(0), reader.getHeight(0));
        Pixels p = switch (format) {
            case "jpeg" -> jpeg(reader.readRaster(0, null), bytes);
            case "gif" -> gif(reader, bytes);
            case "tiff", "tif" -> tiff(reader, bytes.length);
            default -> pixels(reader.read(0));
        };
        // the readers fill in what is missing or wrong and only warn
        if (warnings.stream().anyMatch(w -> w.contains("premature") || w.contains("truncated"))
                || format.equals("png") && !ends(bytes)) {
            throw new EOFException();
        }
        for (String warning : warnings) {
            if (warning.contains("corrupt") && !warning.contains("extraneous")) { // spare bytes harm nothing
                throw new IOException(warning);
            }
        }
        return p;
    }

    /** Whether a PNG, JPEG or GIF has its end, where that can be told. */
    private static boolean ends(byte[] b) {
        if (b.length < 8) {
            return false;
        }
        return switch (b[0] & 255) {
            case 0x89 -> hasLastChunk(b);
            case 0xFF -> {
                int i = b.length - 2;
                while (i > 0 && ((b[i] & 255) != 0xFF || (b[i + 1] & 255) != 0xD9)) {
                    i--;
                }
                yield i > 0;
            }
            case 'G' -> b[b.length - 1] == 0x3B || b[b.length - 1] == 0;
            default -> true;
        };
    }

    private static boolean hasLastChunk(byte[] png) {
        long at = 8;
        while (at + 12 <= png.length) {
            int i = (int) at;
            if (png[i + 4] == 'I' && png[i + 5] == 'E' && png[i + 6] == 'N' && png[i + 7] == 'D') {
                return true;
            }
            at += 12
                    + (((png[i] & 255L) << 24) | (png[i + 1] & 255) << 16 | (png[i + 2] & 255) << 8 | png[i + 3] & 255);
        }
        return false;
    }

    // ---- rasters

    /** Colours by the model's numbers alone: {@code getRGB} would convert them between colour spaces. */
    private static Pixels pixels(BufferedImage image) throws IOException {
        return pixels(image, palette(image.getColorModel()));
    }

    private static Pixels pixels(BufferedImage image, int[] palette) throws IOException {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        Pixels p = new Pixels(raster.getWidth(), raster.getHeight(), new int[raster.getWidth() * raster.getHeight()]);
        if (model instanceof IndexColorModel) {
            int[] row = new int[p.width];
            for (int y = 0; y < p.height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, p.width, 1, 0, row);
                for (int x = 0; x < p.width; x++) {
                    p.rgb[y * p.width + x] = row[x] < palette.length ? palette[row[x]] : 0;
                }
            }
            return p;
        }
        int colours = model.getNumColorComponents();
        int bands = raster.getNumBands();
        int type = model.getColorSpace().getType();
        boolean known = type == ColorSpace.TYPE_GRAY && colours == 1
                || type == ColorSpace.TYPE_RGB && colours == 3
                || type == ColorSpace.TYPE_CMYK && colours == 4;
        int kind = raster.getTransferType();
        if (!known || kind == DataBuffer.TYPE_FLOAT || kind == DataBuffer.TYPE_DOUBLE || widest(model) > 16) {
            throw new Unfit("holds pixels that are no grey, RGB or CMYK values of at most 16 bits");
        }
        int[] row = new int[p.width * bands];
        for (int y = 0; y < p.height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, p.width, 1, row);
            for (int x = 0; x < p.width; x++) {
                p.rgb[y * p.width + x] = colour(row, x * bands, colours, model);
            }
        }
        return p;
    }

    private static int widest(ColorModel model) {
        int bits = 0;
        for (int size : model.getComponentSize()) {
            bits = Math.max(bits, size);
        }
        return bits;
    }

    private static int colour(int[] row, int at, int colours, ColorModel model) {
        int alpha = model.isAlphaPremultiplied() && model.hasAlpha() ? eight(row[at + colours], model, colours) : 255;
        int a = part(row[at], model, 0, alpha);
        if (colours == 1) {
            return a << 16 | a << 8 | a;
        }
        int b = part(row[at + 1], model, 1, alpha);
        int c = part(row[at + 2], model, 2, alpha);
        return colours == 3 ? a << 16 | b << 8 | c : light(a, b, c, part(row[at + 3], model, 3, alpha));
    }

    /** A component as 8 bits, not multiplied by alpha. */
    private static int part(int sample, ColorModel model, int component, int alpha) {
        int v = eight(sample, model, component);
        return alpha == 255 || alpha == 0 ? v : Math.min(255, v * 255 / alpha);
    }

    private static int eight(int sample, ColorModel model, int component) {
        int bits = model.getComponentSize(component);
        return bits >= 8 ? (sample & (1 << bits) - 1) >> bits - 8 : sample * 255 / ((1 << bits) - 1);
    }

    /** Ink, 0 for none, as light. */
    private static int light(int c, int m, int y, int k) {
        int white = 255 - k;
        return (white - scaled(c, white)) << 16 | (white - scaled(m, white)) << 8 | white - scaled(y, white);
    }

    /** {@code a·b/255}, rounded. */
    private static int scaled(int a, int b) {
        int t = a * b + 128;
        return (t >> 8) + t >> 8;
    }

    /** A TIFF's palette by the upper bytes of its 16 bits, where the reader rounds; shades of grey where it has none. */
    private static int[] colourMap(@Nullable TIFFField map, ColorModel model) {
        if (map == null) {
            return palette(model);
        }
        int[] colours = new int[map.getCount() / 3];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = map.getAsInt(i) >> 8 << 16
                    | map.getAsInt(i + colours.length) >> 8 << 8
                    | map.getAsInt(i + 2 * colours.length) >> 8;
        }
        return colours;
    }

    private static Pixels tiff(ImageReader reader, long length) throws IOException {
        TIFFDirectory tags = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        reach(tags, BaselineTIFFTagSet.TAG_STRIP_OFFSETS, BaselineTIFFTagSet.TAG_STRIP_BYTE_COUNTS, length);
        reach(tags, BaselineTIFFTagSet.TAG_TILE_OFFSETS, BaselineTIFFTagSet.TAG_TILE_BYTE_COUNTS, length);
        BufferedImage image = reader.read(0);
        return pixels(image, colourMap(tags.getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP), image.getColorModel()));
    }

    /** Checks that the parts of a TIFF lie within the file; not every decoder of the reader minds. */
    private static void reach(TIFFDirectory tags, int offsets, int counts, long length) throws EOFException {
        TIFFField at = tags.getTIFFField(offsets);
        TIFFField bytes = tags.getTIFFField(counts);
        for (int i = 0; at != null && bytes != null && i < Math.min(at.getCount(), bytes.getCount()); i++) {
            if (at.getAsLong(i) + bytes.getAsLong(i) > length) {
                throw new EOFException();
            }
        }
    }

    private static int[] palette(ColorModel model) {
        int[] colours = new int[model instanceof IndexColorModel m ? m.getMapSize() : 0];
        if (model instanceof IndexColorModel m) {
            m.getRGBs(colours);
        }
        return colours;
    }

    // ---- JPEG

    /** From the components as they are compressed, since the reader itself refuses CMYK and converts by profiles. */
    private static Pixels jpeg(Raster raster, byte[] bytes) throws IOException {
        int bands = raster.getNumBands();
        Markers markers = Markers.of(bytes);
        boolean ycc = bands == 3 && markers.luminance() || bands == 4 && markers.adobe == 2;
        Pixels p = new Pixels(raster.getWidth(), raster.getHeight(), new int[raster.getWidth() * raster.getHeight()]);
        int[] row = new int[p.width * bands];
        for (int y = 0; y < p.height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, p.width, 1, row);
            for (int x = 0; x < p.width; x++) {
                int i = x * bands;
                int rgb = switch (bands) {
                    case 1 -> row[i] << 16 | row[i] << 8 | row[i];
                    case 3, 4 ->
                        ycc ? rgb(row[i], row[i + 1], row[i + 2]) : row[i] << 16 | row[i + 1] << 8 | row[i + 2];
                    default -> throw new Unfit("has pixels of " + bands + " components");
                };
                if (bands
                        == 4) { // Adobe's files, and so by custom all, hold what is left of the paper's white; YCCK the
                    // ink
                    int ink = ycc ? rgb : rgb ^ 0xffffff;
                    rgb = light(ink >> 16 & 255, ink >> 8 & 255, ink & 255, 255 - row[i + 3]);
                }
                p.rgb[y * p.width + x] = rgb;
            }
        }
        return p;
    }

    /** YCbCr by the integers of libjpeg. */
    private static int rgb(int y, int cb, int cr) {
        int b = cb - 128;
        int r = cr - 128;
        int red = y + (91881 * r + 32768 >> 16);
        int green = y + (-22554 * b - 46802 * r + 32768 >> 16);
        int blue = y + (116130 * b + 32768 >> 16);
        return Math.clamp(red, 0, 255) << 16 | Math.clamp(green, 0, 255) << 8 | Math.clamp(blue, 0, 255);
    }

    /** What a JPEG says of its colours; {@code adobe} is the transform of an Adobe marker, or -1. */
    private record Markers(boolean jfif, int adobe, boolean namedRgb) {
        /** Whether three components are YCbCr, as libjpeg decides it. */
        boolean luminance() {
            return jfif || (adobe >= 0 ? adobe != 0 : !namedRgb);
        }

        static Markers of(byte[] b) {
            boolean jfif = false;
            int adobe = -1;
            boolean rgb = false;
            for (int i = 2; i + 4 < b.length && (b[i] & 255) == 0xFF; ) {
                int marker = b[i + 1] & 255;
                if (marker == 0xFF) {
                    i++;
                    continue;
                }
                if (marker == 0xDA) {
                    break;
                }
                int length = (b[i + 2] & 255) << 8 | b[i + 3] & 255;
                if (marker == 0xE0) {
                    jfif |= says(b, i + 4, "JFIF");
                } else if (marker == 0xEE && says(b, i + 4, "Adobe") && i + 15 < b.length) {
                    adobe = b[i + 15] & 255;
                } else if (marker >= 0xC0 && marker <= 0xC2 && i + 16 < b.length) {
                    rgb = b[i + 10] == 'R' && b[i + 13] == 'G' && b[i + 16] == 'B';
                }
                i += 2 + length;
            }
            return new Markers(jfif, adobe, rgb);
        }

        private static boolean says(byte[] b, int at, String text) {
            for (int i = 0; i < text.length(); i++) {
                if (at + i >= b.length || b[at + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    // ---- GIF

    /** The first picture at its place on the screen; the rest of it has the transparent colour, or the first one. */
    private static Pixels gif(ImageReader reader, byte[] bytes) throws IOException {
        // the JDK loses the rows of low interlaced pictures: it gets them as if they stood in the file's order
        int flags = descriptorFlags(bytes);
        boolean interlaced = flags > 0 && (bytes[flags] & INTERLACED) != 0;
        if (interlaced) {
            byte[] plain = bytes.clone();
            plain[flags] &= ~INTERLACED;
            reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(plain)));
        }
        BufferedImage image = reader.read(0);
        Pixels p = interlaced ? deinterlaced(pixels(image)) : pixels(image);
        IIOMetadata whole = reader.getStreamMetadata();
        IIOMetadata one = reader.getImageMetadata(0);
        int width = number(whole, "LogicalScreenDescriptor", "logicalScreenWidth", p.width);
        int height = number(whole, "LogicalScreenDescriptor", "logicalScreenHeight", p.height);
        int left = number(one, "ImageDescriptor", "imageLeftPosition", 0);
        int top = number(one, "ImageDescriptor", "imageTopPosition", 0);
        width = Math.max(width, left + p.width);
        height = Math.max(height, top + p.height);
        if (width == p.width && height == p.height) {
            return p;
        }
        room(width, height);
        int[] screen = new int[width * height];
        if (image.getColorModel() instanceof IndexColorModel palette) {
            int colour = Math.max(0, palette.getTransparentPixel());
            Arrays.fill(screen, palette.getRGB(colour));
        }
        for (int y = 0; y < p.height; y++) {
            System.arraycopy(p.rgb, y * p.width, screen, (top + y) * width + left, p.width);
        }
        return new Pixels(width, height, screen);
    }

    private static final int INTERLACED = 0x40;

    /** Where the first picture's descriptor has its flags; -1 if there is none. */
    private static int descriptorFlags(byte[] b) {
        int at = 13 + (b.length > 10 ? table(b[10]) : 0);
        while (at + 9 < b.length && b[at] == 0x21) { // an extension: its kind, then blocks up to an empty one
            at += 2;
            while (at < b.length && b[at] != 0) {
                at += 1 + (b[at] & 255);
            }
            at++;
        }
        return at + 9 < b.length && b[at] == 0x2C ? at + 9 : -1;
    }

    /** The bytes of the colour table that these flags announce. */
    private static int table(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << 1 + (flags & 7);
    }

    /** From the order of the file: every eighth row, those between them, every second of the rest, and the rest. */
    private static Pixels deinterlaced(Pixels p) {
        int[] rgb = new int[p.rgb.length];
        int from = 0;
        for (int pass = 0; pass < 4; pass++) {
            for (int y = pass == 0 ? 0 : 8 >> pass; y < p.height; y += pass == 0 ? 8 : 16 >> pass) {
                System.arraycopy(p.rgb, from++ * p.width, rgb, y * p.width, p.width);
            }
        }
        return new Pixels(p.width, p.height, rgb);
    }

    private static int number(IIOMetadata data, String node, String attribute, int otherwise) {
        NodeList found = ((Element) data.getAsTree(data.getNativeMetadataFormatName())).getElementsByTagName(node);
        String text = found.getLength() == 0 ? "" : ((Element) found.item(0)).getAttribute(attribute);
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }
}
