package akari.vision.datasets;

import akari.data.DataException;
import akari.errors.FileTrouble;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file of bytes in the idx format of the MNIST family: a big-endian magic number (8 for unsigned bytes, then the number of
 * dimensions), the sizes, the values. May be compressed by gzip, whatever its name. Memory is taken as the values come, up to 2 GiB or
 * half the Java heap; what a header announces beyond that, or a small file cannot hold, is refused before.
 */
record Idx(int[] sizes, byte[] values) {
    /** No deflate stream shrinks its content more than this. */
    private static final long MOST_COMPRESSED = 1032;

    private static final int FIRST_CHUNK = 1 << 20;

    /** @throws DataException where the file has not {@code dimensions} dimensions or not the length that its header announces */
    static Idx read(Path file, int dimensions) {
        try {
            FileTrouble.requireRegular(file);
            return readRegular(file, dimensions);
        } catch (ZipException e) {
            throw new DataException(file + " is damaged: " + e.getMessage() + "; fetch it again", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileTrouble.of(e), e);
        } catch (OutOfMemoryError e) {
            throw tooLarge(file, e);
        }
    }

    private static DataException tooLarge(Path file, @Nullable Throwable e) {
        return new DataException(
                file + " holds more than a Java heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MB has room for: start java with a larger -Xmx",
                e);
    }

    private static Idx readRegular(Path file, int dimensions) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            InputStream in = zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
            return read(file, in, dimensions, Files.size(file) * (zipped ? MOST_COMPRESSED : 1));
        }
    }

    private static Idx read(Path file, InputStream in, int dimensions, long mostBytes) throws IOException {
        int headerBytes = 4 + 4 * dimensions;
        ByteBuffer header = ByteBuffer.allocate(headerBytes);
        int got = fill(in, header.array(), 0);
        if (got < headerBytes) {
            throw truncated(file, "at least " + headerBytes, got);
        }
        int magic = header.getInt();
        if (magic != (0x800 | dimensions)) {
            throw new DataException(String.format(
                    "%s does not hold %s: its first four bytes are 0x%08x, expected 0x%08x",
                    file, dimensions == 1 ? "idx labels" : "idx images", magic, 0x800 | dimensions));
        }
        int[] sizes = new int[dimensions];
        long count = 1;
        for (int d = 0; d < dimensions; d++) {
            sizes[d] = header.getInt();
            if (sizes[d] < 0 || (count *= sizes[d]) > Integer.MAX_VALUE - 8) {
                throw new DataException(file + " announces size " + sizes[d] + " in dimension " + d
                        + ", which cannot be: the header is damaged");
            }
        }
        if (headerBytes + count > mostBytes) {
            // too short for sure; how long it is, the message says
            throw truncated(file, Long.toString(headerBytes + count), headerBytes + values(in, count).length);
        }
        if (count > Runtime.getRuntime().maxMemory() / 2) {
            throw tooLarge(file, null);
        }
        byte[] values = values(in, count);
        if (values.length < count) {
            throw truncated(file, Long.toString(headerBytes + count), headerBytes + values.length);
        }
        if (in.read() >= 0) {
            throw new DataException(file + " goes on after the " + (headerBytes + count)
                    + " bytes that its header announces; fetch it again");
        }
        return new Idx(sizes, values);
    }

    /** At most so many bytes, in an array that grows as they come: a header may announce anything. */
    private static byte[] values(InputStream in, long count) throws IOException {
        byte[] values = new byte[(int) Math.min(count, FIRST_CHUNK)];
        for (int got = 0; ; values = Arrays.copyOf(values, (int) Math.min(count, 4L * values.length))) {
            got += fill(in, values, got);
            if (got < values.length || got == count) {
                return got == values.length ? values : Arrays.copyOf(values, got);
            }
        }
    }

    private static DataException truncated(Path file, String expected, long got) {
        return new DataException(
                file + " is truncated: expected " + expected + " bytes, got " + got + "; fetch it again");
    }

    /** Reads from {@code from} on until {@code to} is full or the data ends, if need be in the middle of a compressed block. Returns the bytes read. */
    private static int fill(InputStream in, byte[] to, int from) throws IOException {
        int at = from;
        try {
            while (at < to.length) {
                int n = in.read(to, at, to.length - at);
                if (n < 0) {
                    break;
                }
                at += n;
            }
        } catch (EOFException e) {
            return at - from;
        }
        return at - from;
    }
}
