package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.core.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Brackets where a comparison with PyTorch does not reach: errors, what is a view, and tensors from and to Java. */
class SelectionTest {
    private final Tensor x = Tensors.arange(24).reshape(2, 3, 4);

    private static void fails(Class<? extends RuntimeException> type, String message, Executable body) {
        RuntimeException e = assertThrows(type, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void anEllipsisBeforeAnIndexTensor() {
        Tensor picked = x.index(Index.ELLIPSIS, tensor(3L, 0L));
        assertEquals(Shape.of(2, 3, 2), picked.shape());
        assertArrayEquals(new long[] {3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20}, picked.toLongs());
    }

    @Test
    void slicesAndNumbersAreViews() {
        Tensor y = x.clone();
        y.get(Index.at(1), Slice.ALL, Slice.from(2)).fill_(0);
        assertEquals(0, y.at(1, 2, 3).itemLong());
        assertEquals(21, x.at(1, 2, 1).itemLong());
        y.get(tensor(0L)).fill_(0);
        assertEquals(1, y.at(0, 0, 1).itemLong());
    }

    @Test
    void numbersBeyondTheExactRangeOfDoubles() {
        long large = (1L << 53) + 1;
        assertEquals(
                large,
                x.clone().set(large, Index.at(0), Index.at(0)).at(0, 0, 0).itemLong());
    }

    @Test
    void writesBits() {
        Tensor y = tensor(new float[] {1, 2, 3, 4}).reshape(2, 2);
        y.set(-0f, 0, 1).set(Float.NaN, 1, 0).set(tensor(new float[] {-0f, Float.NEGATIVE_INFINITY}), 1);
        assertArrayEquals(new float[] {1, -0f, -0f, Float.NEGATIVE_INFINITY}, y.toFloats());
    }

    @Test
    void indicesOutOfRangeNameDimensionIndexAndSize() {
        fails(
                IndexOutOfBoundsException.class,
                "index 2 is out of range for dimension 0 with size 2",
                () -> x.index(tensor(2L)));
        fails(
                IndexOutOfBoundsException.class,
                "index -5 is out of range for dimension 2 with size 4",
                () -> x.set(1, Index.ELLIPSIS, tensor(-5L)));
        fails(
                IndexOutOfBoundsException.class,
                "index 3 is out of range for dimension 1 with size 3",
                () -> x.index(Slice.ALL, Index.at(3)));
        fails(IndexOutOfBoundsException.class, "index 9 is out of range", () -> x.indexSelect(1, tensor(9L)));
        fails(
                IndexOutOfBoundsException.class,
                "index -1 is out of range",
                () -> x.reshape(-1).scatterAdd(0, tensor(-1L), tensor(1L)));
        fails(
                IllegalArgumentException.class,
                "too many indices for shape [2, 3, 4]",
                () -> x.index(Slice.ALL, Slice.ALL, Slice.ALL, Index.at(0)));
        fails(
                IllegalArgumentException.class,
                "size 2 does not match size 3",
                () -> x.index(Slice.ALL, tensor(true, false)));
        fails(IllegalArgumentException.class, "int64, int32 or bool", () -> x.index(tensor(1.0)));
    }

    @Test
    void masksOfAnyRank() {
        assertEquals(Shape.of(1, 2, 3, 4), x.index(tensor(true).reshape()).shape());
        assertEquals(Shape.of(0, 2, 3, 4), x.index(tensor(false).reshape()).shape());
        assertArrayEquals(new long[] {22, 23}, x.index(x.gt(21)).toLongs());
        assertEquals(Shape.of(0, 4), x.index(Tensors.zeros(DType.BOOL, 2, 3)).shape());
    }

    @Test
    void wholeDimensionsAsNull() {
        assertArrayEquals(
                new long[] {4, 5, 6, 7, 16, 17, 18, 19},
                x.index(Arrays.asList(null, tensor(1L))).toLongs());
        assertArrayEquals(
                new long[] {11, 1},
                tensor(1L, 1L)
                        .indexPut(List.of(tensor(0L, 0L)), tensor(5L), true)
                        .toLongs());
    }

    // ---- memory formats and Java

    @Test
    void memoryFormats() {
        Tensor image = Tensors.arange(48).reshape(2, 3, 2, 4);
        Tensor last = image.contiguous(MemoryFormat.CHANNELS_LAST);
        assertArrayEquals(new long[] {24, 1, 12, 3}, last.stride());
        assertTrue(last.isContiguous(MemoryFormat.CHANNELS_LAST));
        assertFalse(last.isContiguous());
        assertArrayEquals(image.toLongs(), last.toLongs());
        assertSame(last, last.to(MemoryFormat.PRESERVE));
        assertArrayEquals(last.stride(), Tensors.emptyLike(last).stride());
        fails(IllegalArgumentException.class, "5 dimensions", () -> image.contiguous(MemoryFormat.CHANNELS_LAST_3D));
    }

    @Test
    void nestedLists() {
        assertEquals(
                List.of(List.of(1L, 2L), List.of(3L, 4L)),
                tensor(1L, 2L, 3L, 4L).reshape(2, 2).tolist());
        assertEquals(0.5, tensor(0.5).reshape().tolist());
        assertEquals(List.of(true), tensor(true).tolist());
        assertEquals(List.of(List.of(), List.of()), Tensors.zeros(2, 0).tolist());
        assertArrayEquals(
                new double[] {1, 2}, Tensors.asTensor(List.of(1.0, 2.0)).toDoubles());
    }

    @Test
    void buffersAndFiles(@TempDir Path folder) throws IOException {
        int[] numbers = {1, -2, 3};
        assertArrayEquals(numbers, Tensors.fromArray(numbers, 3).toInts());
        MemorySegment bytes = MemorySegment.ofArray(numbers);
        assertArrayEquals(
                new int[] {-2}, Tensors.frombuffer(bytes, DType.INT32, 1, 4).toInts());
        fails(IllegalArgumentException.class, "do not fit", () -> Tensors.frombuffer(bytes, DType.INT32, 3, 4));
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 8, 7}, 1, 2);
        assertArrayEquals(
                new byte[] {8, 7}, Tensors.frombuffer(buffer, DType.UINT8).toBytes());
        Path file = Files.write(folder.resolve("numbers"), new byte[] {1, 2, 3, 4});
        assertArrayEquals(
                new byte[] {1, 2, 3}, Tensors.fromFile(file, DType.UINT8, 3).toBytes());
    }
}
