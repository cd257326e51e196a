package akari.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A message in Protocol Buffers' wire format, field by field: as much of it as {@link OnnxGraph} needs. */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Protobuf integer(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    Protobuf real(int field, float value) {
        varint((long) field << 3 | FIXED32);
        out.writeBytes(little(4).putFloat(value).array());
        return this;
    }

    Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf message(int field, Protobuf value) {
        return bytes(field, value.toBytes());
    }

    /** The little-endian bytes of the values. */
    Protobuf raw(int field, float[] values) {
        var bytes = little(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes(field, bytes.array());
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private Protobuf bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        while ((value & ~0x7FL) != 0) {
            out.write((int) (value & 0x7F | 0x80));
            value >>>= 7;
        }
        out.write((int) value);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
