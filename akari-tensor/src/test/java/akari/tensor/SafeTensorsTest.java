package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("w.safetensors");
    }

    @Test
    void everyTypeAndShapeComesBack() {
        Map<String, Tensor> saved = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            saved.put("t." + type, Tensors.of(type, new double[] {0, 1, 0, 1, 1, 0}, Shape.of(2, 3)));
        }
        saved.put("scalar", Tensors.scalar(2.5));
        saved.put("empty", Tensors.zeros(0, 4));
        saved.put(
                "transposed",
                Tensors.tensor(1f, 2f, 3f, 4f, 5f, 6f).reshape(2, 3).t());
        saved.put("odd \"name\"\n\\ é", Tensors.tensor(Float.NaN, -0f, Float.NEGATIVE_INFINITY));

        SafeTensors.save(saved, Map.of("classes", "[\"a\", \"b\"]", "format", "pt"), file);
        SafeTensors back = SafeTensors.load(file);

        assertThat(back.tensors().keySet()).containsExactlyInAnyOrderElementsOf(saved.keySet());
        saved.forEach((name, t) -> {
            Tensor r = back.tensors().get(name);
            assertThat(r.shape()).isEqualTo(t.shape());
            assertThat(r.dtype()).isEqualTo(t.dtype());
            assertThat(r.toDoubles()).isEqualTo(t.toDoubles());
        });
        assertThat(back.metadata()).isEqualTo(Map.of("classes", "[\"a\", \"b\"]", "format", "pt"));
        assertThat(SafeTensors.metadata(file)).isEqualTo(back.metadata());
    }

    @Test
    void largerElementsComeFirstSoThatEachLiesAligned() throws IOException {
        Map<String, Tensor> saved = new LinkedHashMap<>();
        saved.put("bytes", Tensors.tensor(true, false, true));
        saved.put("floats", Tensors.tensor(1f));
        saved.put("longs", Tensors.tensor(7L));
        SafeTensors.save(saved, Map.of(), file);
        String header = header(Files.readAllBytes(file));
        assertThat(header.strip())
                .isEqualTo("{\"longs\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"floats\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                        + "\"bytes\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[12,15]}}");
        assertThat(header.length() % 8).isZero();
    }

    @Test
    void halfPrecisionAndSmallIntegersKeepTheirTypes() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4 + 4 + 8 + 4 + 2).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-0.25f));
        data.putShort((short) 0x3FC0).putShort((short) 0xC000);
        data.putInt(-7).putInt(70_000);
        data.putShort((short) -8).putShort((short) 300);
        data.put((byte) -9).put((byte) 9);
        write(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                        + "\"i\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                        + "\"s\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[16,20]},"
                        + "\"c\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[20,22]}}",
                data.array());
        Map<String, Tensor> t = SafeTensors.load(file).tensors();
        assertThat(t.get("h").toDoubles()).containsExactly(1.5, -0.25);
        assertThat(t.get("b").toDoubles()).containsExactly(1.5, -2);
        assertThat(t.get("i").toLongs()).containsExactly(-7, 70_000);
        assertThat(t.get("s").toLongs()).containsExactly(-8, 300);
        assertThat(t.get("c").toLongs()).containsExactly(-9, 9);
        assertThat(t.get("h").dtype()).isEqualTo(DType.FLOAT16);
        assertThat(t.get("b").dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(t.get("c").dtype()).isEqualTo(DType.INT8);
    }

    @Test
    void typesThatAkariLacksComeAsWiderOnes() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 + 4 + 2 + 6 + 4).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(Long.MAX_VALUE).putInt(-1).putShort((short) -1);
        data.put(new byte[] {0x38, (byte) 0xB8, 0x01, 0x7E, 0x7F, (byte) 0x80}); // 1, -1, 2^-9, 448, NaN, -0
        data.put(new byte[] {0x3C, 0x7B, 0x7C, 0x01}); // 1, 57344, infinity, 2^-16
        write(
                "{\"l\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"i\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                        + "\"s\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[12,14]},"
                        + "\"e\":{\"dtype\":\"F8_E4M3\",\"shape\":[2,3],\"data_offsets\":[14,20]},"
                        + "\"f\":{\"dtype\":\"F8_E5M2\",\"shape\":[4],\"data_offsets\":[20,24]}}",
                data.array());
        Map<String, Tensor> t = SafeTensors.load(file).tensors();
        assertThat(t.get("l").toLongs()).containsExactly(Long.MAX_VALUE);
        assertThat(t.get("i").toLongs()).containsExactly(0xFFFF_FFFFL);
        assertThat(t.get("s").toLongs()).containsExactly(0xFFFF);
        assertThat(t.get("s").dtype()).isEqualTo(DType.INT32);
        assertThat(t.get("e").dtype()).isEqualTo(DType.FLOAT16);
        assertThat(t.get("e").toDoubles()).containsExactly(1, -1, 0x1p-9, 448, Double.NaN, -0.0);
        assertThat(t.get("f").toDoubles()).containsExactly(1, 57344, Double.POSITIVE_INFINITY, 0x1p-16);
    }

    @Test
    void aTensorOfUnknownTypeLeavesTheOthersReadable() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4 + 3 + 8).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(2.5f).put(new byte[3]).putLong(-1);
        write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"odd\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[4,7]},"
                        + "\"huge\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[7,15]}}",
                data.array());
        Map<String, Tensor> t = SafeTensors.load(file).tensors();
        assertThat(t).containsOnlyKeys("a");
        assertThat(t.get("a").toDoubles()).containsExactly(2.5);
        assertThat(t.get("none")).isNull();
        assertThatThrownBy(() -> t.get("odd"))
                .hasMessageContaining("tensor \"odd\" of " + file + " has the type F6_E2M3, which is not supported");
        assertThatThrownBy(() -> t.get("huge")).hasMessageContaining("2^63");
    }

    @Test
    void theOrderOfMapsWithoutOneMakesNoDifference() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> text = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c", "d", "e", "f", "g")) {
            tensors.put(name, Tensors.tensor((float) name.charAt(0)));
            tensors.put(name + ".long", Tensors.tensor((long) name.charAt(0)));
            text.put(name, "of " + name);
        }
        SafeTensors.save(tensors, text, file);
        byte[] first = Files.readAllBytes(file);
        SafeTensors.save(tensors, new LinkedHashMap<>(text).reversed(), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        SafeTensors.save(Map.copyOf(tensors), Map.copyOf(text), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        SafeTensors.save(new HashMap<>(tensors), new HashMap<>(text), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        Map<String, Tensor> turned = new LinkedHashMap<>(tensors).reversed();
        SafeTensors.save(turned, Map.of(), file);
        assertThat(SafeTensors.load(file).tensors().keySet())
                .startsWith("g.long", "f.long")
                .endsWith("b", "a");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithAReason() {
        Path none = dir.resolve("none.safetensors");
        assertThatThrownBy(() -> SafeTensors.load(none))
                .hasMessage("cannot read " + none + ": there is no such file or folder");
        assertThatThrownBy(() -> SafeTensors.metadata(dir)).hasMessage("cannot read " + dir + ": it is a folder");
        assertThatThrownBy(() -> SafeTensors.save(Map.of(), Map.of(), none.resolve("x")))
                .hasMessageContaining("cannot write " + none.resolve("x") + ": there is no such file or folder");
    }

    static Stream<Arguments> badHeaders() {
        String ok = "\"dtype\":\"F32\",\"shape\":[2],";
        return Stream.of(
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[0,8]}", 8, "invalid JSON"),
                Arguments.of("[1]", 0, "no JSON object"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[0,8]}} x", 8, "nothing more"),
                Arguments.of("{\"a\":3}", 0, "needs dtype, shape and data_offsets"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[0,4]}}", 4, "does not fit its bytes 0 to 4"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[8,0]}}", 8, "does not fit its bytes"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[-8,0]}}", 8, "needs dtype, shape"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[4,12]}}", 12, "there is a gap"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[0,8]}}", 7, "it is truncated"),
                Arguments.of("{\"a\":{" + ok + "\"data_offsets\":[0,8]}}", 9, "the file has 9 for them"),
                Arguments.of(
                        "{\"a\":{" + ok + "\"data_offsets\":[0,8]},\"b\":{" + ok + "\"data_offsets\":[4,12]}}",
                        12,
                        "overlaps another"),
                Arguments.of(
                        "{\"a\":{" + ok + "\"data_offsets\":[0,8]},\"a\":{" + ok + "\"data_offsets\":[8,16]}}",
                        16,
                        "only once"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"U16\",\"shape\":[2],\"data_offsets\":[0,2]}}",
                        2,
                        "does not fit its bytes"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[2,1]}}", 2, "does not fit its bytes"),
                Arguments.of("{\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,3]}}", 2, "it is truncated"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,6]}}", 6, "needs dtype"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
                        0,
                        "does not fit its bytes"),
                Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "must map strings to strings"),
                Arguments.of("[".repeat(100_000), 0, "less nesting"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void badFilesAreRefusedWithAReason(String header, int bytes, String reason) throws IOException {
        write(header, new byte[bytes]);
        assertThatThrownBy(() -> SafeTensors.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w.safetensors is no valid safetensors file: ")
                .hasMessageContaining(reason);
    }

    @Test
    void anyDamageToTheHeaderGivesAnErrorOrAValidFile() throws IOException {
        SafeTensors.save(Map.of("a", Tensors.tensor(1f, 2f), "b", Tensors.tensor(3L)), Map.of("k", "v"), file);
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(good.length)] = (byte) random.nextInt(256);
            if (i % 5 == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(good.length));
            }
            Files.write(file, damaged);
            try {
                assertThat(SafeTensors.load(file).tensors()).isNotNull();
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        SafeTensors.save(Map.of("a", Tensors.tensor(1f)), Map.of(), file);
        assertThatThrownBy(() -> SafeTensors.save(Map.of("__metadata__", Tensors.tensor(2f)), Map.of(), file))
                .hasMessageContaining("__metadata__");
        assertThat(SafeTensors.load(file).tensors().get("a").toDoubles()).containsExactly(1);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.toList()).isEqualTo(List.of(file));
        }
    }

    @Test
    void threadsThatSaveToOneFileLeaveItWhole() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 1; t <= 2; t++) {
                Map<String, Tensor> all = Map.of("x", Tensors.full(t, 2000), "y", Tensors.full(-t, 300));
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        SafeTensors.save(all, file);
                    }
                }));
            }
            for (Future<?> w : writers) {
                w.get();
            }
        }
        Map<String, Tensor> back = SafeTensors.load(file).tensors();
        double last = back.get("x").max().item();
        assertThat(back.get("x").toDoubles()).containsOnly(last);
        assertThat(back.get("y").toDoubles()).containsOnly(-last);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }

    private void write(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, all.putLong(text.length).put(text).put(data).array());
    }

    private static String header(byte[] bytes) {
        int n = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return new String(bytes, 8, n, StandardCharsets.UTF_8);
    }
}
