package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.FileTrouble;
import akari.errors.NullArgument;
import akari.errors.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Named tensors and some text in a file of Hugging Face's safetensors format: a length of 8 bytes, a JSON header, then the elements,
 * little-endian and without gaps. Reading runs no code from the file, and a file that does not fit its own header is refused.
 *
 * <p>Types that Akari lacks are read as the next that holds each of their values: U16 as int32, U32 as int64, U64 as int64 (if none is
 * 2^63 or more), F8_E4M3 and F8_E5M2 as float16. A tensor of any other type is left out, and {@code tensors().get(name)} says so.
 *
 * <p>The same tensors and text make the same file in every run.
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final long LONGEST_HEADER = 100L << 20;
    private static final int CHUNK = 8 << 20;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Element types by their names in the format. */
    private enum Stored {
        F64(DType.FLOAT64),
        F32(DType.FLOAT32),
        F16(DType.FLOAT16),
        BF16(DType.BFLOAT16),
        I64(DType.INT64),
        I32(DType.INT32),
        I16(DType.INT16),
        I8(DType.INT8),
        U8(DType.UINT8),
        BOOL(DType.BOOL),
        U16(DType.INT32, 2),
        U32(DType.INT64, 4),
        U64(DType.INT64, 8),
        F8_E4M3(DType.FLOAT16, 1),
        F8_E5M2(DType.FLOAT16, 1),
        /** Any other; its bytes are passed over. */
        UNKNOWN(DType.UINT8);

        private final DType dtype;
        private final int bytes;

        Stored(DType dtype) {
            this(dtype, dtype.bytes());
        }

        Stored(DType dtype, int bytes) {
            this.dtype = dtype;
            this.bytes = bytes;
        }

        static Stored of(DType dtype) {
            for (Stored s : values()) {
                if (s.dtype == dtype) {
                    return s;
                }
            }
            throw new IllegalArgumentException("safetensors has no type for " + dtype);
        }
    }

    private record Entry(String name, Stored type, String said, Shape shape, long begin, long end) {}

    /** The tensors of a file, with an error for those that were left out. */
    private static final class Loaded extends LinkedHashMap<String, Tensor> {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // a map of strings
        private final Map<String, String> without = new LinkedHashMap<>();

        @Override
        public @Nullable Tensor get(@Nullable Object name) {
            String why = without.get(name);
            if (why != null) {
                throw new IllegalArgumentException(why);
            }
            return super.get(name);
        }
    }

    private record Header(List<Entry> entries, Map<String, String> metadata, long dataStart) {}

    // ---- writing

    /** Writes the tensors, without metadata; see {@link #save(Map, Map, Path)}. */
    public static void save(Map<String, Tensor> tensors, Path path) {
        save(tensors, Map.of(), path);
    }

    /**
     * Writes the tensors, larger element types first so that each lies aligned, otherwise in the map's order, or by name if it has
     * none. The file appears under its name only when it is complete.
     */
    public static void save(Map<String, Tensor> tensors, Map<String, String> metadata, Path path) {
        NullArgument.check(tensors, "tensors");
        NullArgument.check(metadata, "metadata");
        NullArgument.check(path, "path");
        try {
            WholeFile.write(path, file -> write(tensors, metadata, file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path + ": " + FileTrouble.of(e), e);
        }
    }

    private static void write(Map<String, Tensor> tensors, Map<String, String> metadata, FileChannel file)
            throws IOException {
        // a hash map's order differs from run to run
        Map<String, Tensor> ordered = tensors instanceof SequencedMap ? tensors : new TreeMap<>(tensors);
        List<Map.Entry<String, Tensor>> order = new ArrayList<>(ordered.entrySet());
        order.sort(Comparator.comparing(e -> -e.getValue().dtype().bytes()));
        StringJoiner header = new StringJoiner(",", "{", "}");
        if (!metadata.isEmpty()) {
            StringJoiner text = new StringJoiner(",", Json.quote(METADATA) + ":{", "}");
            new TreeMap<>(metadata).forEach((k, v) -> text.add(Json.quote(k) + ":" + Json.quote(v)));
            header.add(text.toString());
        }
        long at = 0;
        for (Map.Entry<String, Tensor> e : order) {
            Tensor t = e.getValue();
            if (e.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("a tensor cannot be named " + METADATA + " in a safetensors file");
            }
            long end = at + t.numel() * t.dtype().bytes();
            header.add(Json.quote(e.getKey()) + ":{\"dtype\":\"" + Stored.of(t.dtype()) + "\",\"shape\":"
                    + t.shape().toString().replace(" ", "") + ",\"data_offsets\":[" + at + "," + end + "]}");
            at = end;
        }
        byte[] bytes = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (bytes.length + 7) / 8 * 8;
        ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(bytes);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        WholeFile.put(file, head.flip());
        for (Map.Entry<String, Tensor> e : order) {
            put(file, e.getValue());
        }
    }

    private static void put(FileChannel file, Tensor t) throws IOException {
        Tensor flat = Tensors.noGrad(() -> t.contiguous());
        long bytes = flat.numel() * flat.dtype().bytes();
        long start = flat.view.layout().offset() * flat.dtype().bytes();
        byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
        for (long done = 0; done < bytes; done += chunk.length) {
            int n = (int) Math.min(chunk.length, bytes - done);
            flat.backend()
                    .download(
                            flat.view.buffer(),
                            start + done,
                            MemorySegment.ofArray(chunk).asSlice(0, n));
            WholeFile.put(file, ByteBuffer.wrap(chunk, 0, n));
        }
    }

    // ---- reading

    /** Reads a whole file. */
    public static SafeTensors load(Path path) {
        NullArgument.check(path, "path");
        try (FileChannel file = open(path)) {
            Header header = header(path, file);
            Loaded tensors = new Loaded();
            for (Entry e : header.entries) {
                if (e.type == Stored.UNKNOWN) {
                    tensors.without.put(
                            e.name,
                            "tensor \"" + e.name + "\" of " + path + " has the type " + e.said
                                    + ", which is not supported; convert it before saving, for instance to F32");
                    continue;
                }
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment raw =
                            arena.allocate(Math.max(1, e.end - e.begin), 64).asSlice(0, e.end - e.begin);
                    get(path, file, header.dataStart + e.begin, raw);
                    if (e.type.bytes != e.type.dtype.bytes() || e.type == Stored.U64) {
                        MemorySegment wide = arena.allocate(Math.max(1, e.shape.numel() * e.type.dtype.bytes()), 64);
                        if (widen(e, raw, wide)) {
                            tensors.put(e.name, Tensors.upload(e.type.dtype, e.shape, wide));
                        } else {
                            tensors.without.put(
                                    e.name,
                                    "tensor \"" + e.name + "\" of " + path
                                            + " has the type U64 and values of 2^63 or more, which int64 cannot hold");
                        }
                        continue;
                    }
                    normalise(e, raw);
                    tensors.put(e.name, Tensors.upload(e.type.dtype, e.shape, raw));
                }
            }
            return new SafeTensors(tensors, header.metadata);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + FileTrouble.of(e), e);
        }
    }

    /** Reads only the text of a file. */
    public static Map<String, String> metadata(Path path) {
        NullArgument.check(path, "path");
        try (FileChannel file = open(path)) {
            return header(path, file).metadata;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + FileTrouble.of(e), e);
        }
    }

    private static FileChannel open(Path path) throws IOException {
        FileTrouble.requireRegular(path);
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    private static void get(Path path, FileChannel file, long from, MemorySegment to) throws IOException {
        for (long done = 0; done < to.byteSize(); ) {
            ByteBuffer part =
                    to.asSlice(done, Math.min(CHUNK, to.byteSize() - done)).asByteBuffer();
            int n = file.read(part, from + done);
            if (n < 0) {
                throw bad(path, "it ends early, at byte " + (from + done));
            }
            done += n;
        }
    }

    /** Copies values into the type that stands for theirs; false where one does not fit. */
    private static boolean widen(Entry e, MemorySegment from, MemorySegment to) {
        for (long i = 0; i < e.shape.numel(); i++) {
            switch (e.type) {
                case U16 -> to.set(INT, 4 * i, Short.toUnsignedInt(from.get(SHORT, 2 * i)));
                case U32 -> to.set(LONG, 8 * i, Integer.toUnsignedLong(from.get(INT, 4 * i)));
                case U64 -> {
                    long v = from.get(LONG, 8 * i);
                    if (v < 0) {
                        return false;
                    }
                    to.set(LONG, 8 * i, v);
                }
                case F8_E5M2 -> to.set(SHORT, 2 * i, (short) (from.get(ValueLayout.JAVA_BYTE, i) << 8));
                default -> to.set(SHORT, 2 * i, e4m3(from.get(ValueLayout.JAVA_BYTE, i)));
            }
        }
        return true;
    }

    /** A float of 4 bits exponent and 3 bits mantissa, without infinities, as float16. */
    private static short e4m3(byte bits) {
        int exponent = bits >> 3 & 15;
        int mantissa = bits & 7;
        float v = exponent == 0 ? mantissa * 0x1p-9f : Math.scalb(8 + mantissa, exponent - 10);
        return (bits & 0x7f) == 0x7f ? Float.floatToFloat16(Float.NaN) : Float.floatToFloat16(bits < 0 ? -v : v);
    }

    /** Bools as 0 and 1. */
    private static void normalise(Entry e, MemorySegment raw) {
        for (long i = 0; e.type == Stored.BOOL && i < raw.byteSize(); i++) {
            raw.set(ValueLayout.JAVA_BYTE, i, (byte) (raw.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1));
        }
    }

    private static Header header(Path path, FileChannel file) throws IOException {
        long size = file.size();
        if (size < 8) {
            throw bad(path, "it has only " + size + " bytes");
        }
        byte[] eight = new byte[8];
        get(path, file, 0, MemorySegment.ofBuffer(ByteBuffer.wrap(eight)));
        long length = ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
            throw bad(path, "its header claims " + Long.toUnsignedString(length) + " bytes, the file has " + size);
        }
        byte[] text = new byte[(int) length];
        get(path, file, 8, MemorySegment.ofArray(text));
        Object json;
        try {
            json = Json.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString());
        } catch (CharacterCodingException e) {
            throw bad(path, "its header is not UTF-8");
        } catch (IllegalArgumentException e) {
            throw bad(path, "its header is " + e.getMessage());
        }
        if (!(json instanceof Map<?, ?> map)) {
            throw bad(path, "its header is no JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            if (!METADATA.equals(key)) {
                entries.add(entry(path, (String) key, value));
            } else if (value instanceof Map<?, ?> m && m.values().stream().allMatch(v -> v instanceof String)) {
                m.forEach((k, v) -> metadata.put((String) k, (String) v));
            } else {
                throw bad(path, METADATA + " must map strings to strings");
            }
        });
        covered(path, entries, size - 8 - length);
        return new Header(entries, metadata, 8 + length);
    }

    private static Entry entry(Path path, String name, Object value) {
        if (value instanceof Map<?, ?> m
                && m.size() == 3
                && m.get("dtype") instanceof String type
                && m.get("shape") instanceof List<?> shape
                && m.get("data_offsets") instanceof List<?> offsets
                && offsets.size() == 2
                && shape.stream().allMatch(n -> n instanceof Long size && size >= 0)
                && offsets.stream().allMatch(n -> n instanceof Long at && at >= 0)) {
            Stored stored = stored(type);
            long[] sizes = shape.stream().mapToLong(n -> (Long) n).toArray();
            long begin = (Long) offsets.get(0);
            long end = (Long) offsets.get(1);
            try {
                long bytes = stored.bytes;
                for (long n : sizes) {
                    bytes = Math.multiplyExact(bytes, n);
                }
                if (end - begin == bytes || stored == Stored.UNKNOWN && end >= begin) {
                    return new Entry(name, stored, type, Shape.of(sizes), begin, end);
                }
            } catch (ArithmeticException e) {
                // too many elements for any file: falls through to the error below
            }
            throw bad(
                    path,
                    "tensor \"" + name + "\" of type " + type + " and shape " + shape + " does not fit its bytes "
                            + begin + " to " + end);
        }
        throw bad(path, "tensor \"" + name + "\" needs dtype, shape and data_offsets, has " + value);
    }

    private static Stored stored(String type) {
        for (Stored s : Stored.values()) {
            if (s.name().equals(type)) {
                return s;
            }
        }
        return Stored.UNKNOWN;
    }

    /** The tensors must cover the data exactly: no gap, no overlap, nothing beyond the end. */
    private static void covered(Path path, List<Entry> entries, long bytes) {
        List<Entry> byPlace = new ArrayList<>(entries);
        byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry e : byPlace) {
            if (e.begin != at) {
                throw bad(
                        path,
                        "tensor \"" + e.name + "\" starts at byte " + e.begin + ", not at " + at
                                + (e.begin < at ? ": it overlaps another" : ": there is a gap"));
            }
            at = e.end;
        }
        if (at != bytes) {
            throw bad(
                    path,
                    "its tensors take " + at + " bytes, the file has " + bytes + " for them"
                            + (at > bytes ? ": it is truncated" : ""));
        }
    }

    private static IllegalArgumentException bad(Path path, String why) {
        return new IllegalArgumentException(path + " is no valid safetensors file: " + why);
    }
}
