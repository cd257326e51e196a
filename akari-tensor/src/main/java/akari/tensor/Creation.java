package akari.tensor;

import akari.backend.Backend;
import akari.backend.Layout;
import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.errors.FileTrouble;
import akari.errors.NullArgument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** New tensors from values, sizes and sequences, as {@code Tensors.zeros(…)}: of the {@linkplain #defaultDType default type} on the CPU unless said otherwise. */
public abstract sealed class Creation extends Types permits Joining {
    Creation() {}

    // ---- from values

    /** A tensor of the given numbers, of the default type as in PyTorch. */
    public static Tensor tensor(double... values) {
        return of(defaultDType(), values, Shape.of(values.length));
    }

    public static Tensor tensor(float... values) {
        return upload(DType.FLOAT32, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int64 tensor. */
    public static Tensor tensor(long... values) {
        return upload(DType.INT64, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int64 tensor. */
    public static Tensor tensor(int... values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return tensor(wide);
    }

    public static Tensor tensor(boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return upload(DType.BOOL, Shape.of(values.length), MemorySegment.ofArray(bytes));
    }

    /** A uint8 tensor. */
    public static Tensor tensor(byte... values) {
        return upload(DType.UINT8, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int16 tensor. */
    public static Tensor tensor(short... values) {
        return upload(DType.INT16, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /**
     * A tensor from nested arrays, {@code new float[][] {{1, 2}, {3, 4}}}: rows of equal length, types as for flat ones. Elements may be
     * whatever {@link #asTensor} takes, tensors and boxed numbers among them.
     */
    public static Tensor tensor(Object[] nested) {
        NullArgument.check(nested, "nested");
        return tensor(Arrays.asList(nested));
    }

    /** A tensor from nested lists, {@code List.of(List.of(1, 2), List.of(3, 4))}. */
    public static Tensor tensor(List<?> nested) {
        NullArgument.check(nested, "nested");
        List<Tensor> rows = new ArrayList<>();
        for (Object row : nested) {
            Tensor r = asTensor(row);
            if (!rows.isEmpty() && !r.shape().equals(rows.getFirst().shape())) {
                throw new IllegalArgumentException(
                        "tensor: element " + rows.size() + " of a nested array or list has shape " + r.shape()
                                + ", those before it have " + rows.getFirst().shape() + "; all must be alike");
            }
            rows.add(r);
        }
        if (rows.isEmpty()) {
            return zeros(0);
        }
        return Joining.stack(rows, 0);
    }

    /** A tensor from nested arrays, converted to {@code dtype}. */
    public static Tensor tensor(DType dtype, Object[] nested) {
        return tensor(nested).to(dtype);
    }

    /** A tensor of the given numbers, converted to {@code dtype}. */
    public static Tensor tensor(DType dtype, double... values) {
        return of(dtype, values, Shape.of(values.length));
    }

    public static Tensor tensor(DType dtype, long... values) {
        return tensor(values).to(dtype);
    }

    /** A 0-d tensor of the default type. */
    public static Tensor scalar(double value) {
        return full(value);
    }

    /** Values in row-major order, converted to {@code dtype}. */
    public static Tensor of(DType dtype, double[] values, Shape shape) {
        if (values.length != shape.numel()) {
            throw new IllegalArgumentException(values.length + " values for shape " + shape + " of " + shape.numel());
        }
        return upload(DType.FLOAT64, shape, MemorySegment.ofArray(values)).to(dtype);
    }

    /** Copies host memory holding a row-major tensor. */
    public static Tensor upload(DType dtype, Shape shape, MemorySegment values) {
        if (values.byteSize() != shape.numel() * dtype.bytes()) {
            throw new IllegalArgumentException(values.byteSize() + " bytes for " + dtype + " of shape " + shape
                    + ": expected " + shape.numel() * dtype.bytes());
        }
        Tensor t = empty(dtype, shape.toArray());
        if (t.numel() > 0) {
            t.backend().upload(values, t.view.buffer(), 0);
        }
        return t;
    }

    // ---- filled

    /** Uninitialised memory. */
    public static Tensor empty(DType dtype, long... shape) {
        NullArgument.check(shape, "shape");
        for (long n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException("negative size in shape " + Shape.of(shape));
            }
        }
        Backend home = Mode.current().home;
        return Tensor.allocate(home != null ? home : Backend.of(Device.CPU), dtype, Layout.contiguous(Shape.of(shape)));
    }

    public static Tensor empty(long... shape) {
        return empty(defaultDType(), shape);
    }

    public static Tensor empty(Shape shape) {
        return empty(shape.toArray());
    }

    public static Tensor zeros(long... shape) {
        return zeros(defaultDType(), shape);
    }

    public static Tensor zeros(Shape shape) {
        return zeros(shape.toArray());
    }

    public static Tensor zeros(DType dtype, long... shape) {
        return full(dtype, 0, shape);
    }

    public static Tensor ones(long... shape) {
        return ones(defaultDType(), shape);
    }

    public static Tensor ones(Shape shape) {
        return ones(shape.toArray());
    }

    public static Tensor ones(DType dtype, long... shape) {
        return full(dtype, 1, shape);
    }

    public static Tensor full(Number value, long... shape) {
        NullArgument.check(value, "value");
        boolean whole = ElementNumbers.plain(value) instanceof Long;
        return full(whole ? DType.INT64 : defaultDType(), value, shape);
    }

    /** Of bool. */
    public static Tensor full(boolean value, long... shape) {
        return full(DType.BOOL, value ? 1 : 0, shape);
    }

    /** In PyTorch's order of arguments. */
    public static Tensor full(Shape shape, boolean value) {
        return full(value, shape.toArray());
    }

    /** In PyTorch's order of arguments. */
    public static Tensor full(Shape shape, Number value) {
        return full(value, shape.toArray());
    }

    public static Tensor full(Shape shape, Number value, DType dtype) {
        return full(dtype, value, shape.toArray());
    }

    /** Every element {@code value}, exactly where {@code dtype} is an integer type, which must hold it. */
    public static Tensor full(DType dtype, Number value, long... shape) {
        return empty(dtype, shape).fill_(value);
    }

    public static Tensor zerosLike(Tensor t) {
        return emptyLike(t).zero_();
    }

    public static Tensor zerosLike(Tensor t, DType dtype) {
        return emptyLike(t, dtype).zero_();
    }

    public static Tensor onesLike(Tensor t) {
        return emptyLike(t).fill_(1);
    }

    public static Tensor onesLike(Tensor t, DType dtype) {
        return emptyLike(t, dtype).fill_(1);
    }

    public static Tensor fullLike(Tensor t, Number value) {
        return emptyLike(t).fill_(value);
    }

    /** 1 for true in the type of {@code t}. */
    public static Tensor fullLike(Tensor t, boolean value) {
        return fullLike(t, value ? 1 : 0);
    }

    public static Tensor fullLike(Tensor t, Number value, DType dtype) {
        return emptyLike(t, dtype).fill_(value);
    }

    /** Uninitialised, with the type, shape, device and memory order of {@code t}. */
    public static Tensor emptyLike(Tensor t) {
        NullArgument.check(t, "t");
        return emptyLike(t, t.dtype());
    }

    public static Tensor emptyLike(Tensor t, DType dtype) {
        NullArgument.check(t, "t");
        return Tensor.allocate(t.backend(), dtype, t.view.layout().like(t.shape()));
    }

    /** Uninitialised, with the given distances between neighbours; memory reaches to the last element. */
    public static Tensor emptyStrided(DType dtype, long[] size, long[] stride) {
        Layout layout = Layout.of(Shape.of(size), stride, 0);
        long last = -1;
        if (layout.numel() > 0) {
            last = 0;
            for (int d = 0; d < size.length; d++) {
                long step = Math.multiplyHigh(size[d] - 1, stride[d]) != 0 ? Long.MAX_VALUE : (size[d] - 1) * stride[d];
                if (step < 0 || step > Long.MAX_VALUE / 16 - last) {
                    throw new IllegalArgumentException("emptyStrided: size " + layout.shape() + " with strides "
                            + Shape.of(stride) + " is beyond all memory");
                }
                last += step;
            }
        }
        Tensor memory = empty(dtype, last + 1);
        return new Tensor(memory.backend(), memory.view.with(layout));
    }

    public static Tensor emptyStrided(long[] size, long[] stride) {
        return emptyStrided(defaultDType(), size, stride);
    }

    // ---- sequences

    /** {@code 0, 1, …, n-1}, int64. */
    public static Tensor arange(long n) {
        return arange(0, n, 1);
    }

    public static Tensor arange(long start, long end) {
        return arange(start, end, 1);
    }

    /** {@code start, start+step, …} below {@code end}, int64. */
    public static Tensor arange(long start, long end, long step) {
        if (step == 0 || start != end && end > start != step > 0) {
            throw new IllegalArgumentException(
                    "arange from " + start + " to " + end + " never arrives with step " + step);
        }
        // the distance may be all of 64 bits: unsigned, it is right
        long count = start == end
                ? 0
                : 1 + Long.divideUnsigned(step > 0 ? end - start - 1 : start - end - 1, Math.abs(step));
        return Blockwise.longs(size("arange", count < 0 ? 0x1p64 : count), (from, block, n) -> {
            for (int i = 0; i < n; i++) {
                block[i] = start + (from + i) * step;
            }
        });
    }

    /** {@code start, start+step, …} below {@code end}, of the default type. */
    public static Tensor arange(double start, double end, double step) {
        return arange(defaultDType(), start, end, step);
    }

    public static Tensor arange(double start, double end) {
        return arange(start, end, 1);
    }

    public static Tensor arange(double end) {
        return arange(0, end, 1);
    }

    /** {@code start, start+step, …} below {@code end}, for integer types from whole numbers: fractions of the three are cut off. */
    public static Tensor arange(DType dtype, Number start, Number end, Number step) {
        Number a = ElementNumbers.held("arange", dtype, start);
        Number by = ElementNumbers.held("arange", dtype, step);
        if (dtype == DType.INT64) {
            return arange(
                    a.longValue(), ElementNumbers.held("arange", dtype, end).longValue(), by.longValue());
        }
        double first = start.doubleValue();
        double count = Math.ceil((end.doubleValue() - first) / step.doubleValue());
        if (!(count >= 0) || Double.isInfinite(count)) {
            throw new IllegalArgumentException(
                    "arange from " + start + " to " + end + " never arrives with step " + step);
        }
        double origin = a.doubleValue();
        double distance = by.doubleValue();
        return stepped(dtype, size("arange", count), origin, distance);
    }

    public static Tensor arange(DType dtype, double start, double end) {
        return arange(dtype, start, end, 1);
    }

    public static Tensor arange(DType dtype, double end) {
        return arange(dtype, 0, end, 1);
    }

    /** {@code start, start+step, …} up to {@code end}, which counts, of the default type. {@link #arange(double, double, double)} leaves it out. */
    public static Tensor range(double start, double end, double step) {
        double count = Math.floor((end - start) / step) + 1;
        if (step == 0 || !(count >= 1) || Double.isInfinite(count)) {
            throw new IllegalArgumentException(
                    "range from " + start + " to " + end + " never arrives with step " + step);
        }
        return stepped(defaultDType(), size("range", count), start, step);
    }

    private static Tensor stepped(DType dtype, long n, double start, double step) {
        return Blockwise.doubles(dtype, n, (from, block, count) -> {
            for (int i = 0; i < count; i++) {
                block[i] = start + (from + i) * step;
            }
        });
    }

    public static Tensor range(double start, double end) {
        return range(start, end, 1);
    }

    private static long size(String op, double n) {
        return OutOfMemory.elements(op, n);
    }

    /** {@code steps} equally spaced numbers from {@code start} to {@code end}, both included, of the default type. */
    public static Tensor linspace(double start, double end, int steps) {
        return linspace(defaultDType(), start, end, steps);
    }

    /** As the other; whole numbers are spaced in double precision, as in PyTorch. */
    public static Tensor linspace(DType dtype, Number start, Number end, int steps) {
        NullArgument.check(end, "end");
        if (steps == 1) {
            return full(dtype, start, 1);
        }
        ElementNumbers.elements("linspace", dtype, start, end);
        return Blockwise.doubles(dtype, size("linspace", steps), spaced(start.doubleValue(), end.doubleValue(), steps));
    }

    /** From the nearer end, so that both are met exactly. */
    private static Blockwise.Doubles spaced(double start, double end, int steps) {
        double step = steps > 1 ? (end - start) / (steps - 1) : 0;
        return (from, block, n) -> {
            for (int k = 0; k < n; k++) {
                long i = from + k;
                block[k] = i < steps / 2 || steps == 1 ? start + i * step : end - (steps - 1 - i) * step;
            }
        };
    }

    /** {@code 10^start … 10^end}, the exponents equally spaced, of the default type. */
    public static Tensor logspace(double start, double end, int steps) {
        return logspace(defaultDType(), start, end, steps, 10);
    }

    public static Tensor logspace(double start, double end, int steps, double base) {
        return logspace(defaultDType(), start, end, steps, base);
    }

    public static Tensor logspace(DType dtype, double start, double end, int steps) {
        return logspace(dtype, start, end, steps, 10);
    }

    public static Tensor logspace(DType dtype, double start, double end, int steps, double base) {
        ElementNumbers.elements("logspace", dtype, start, end);
        Blockwise.Doubles exponents = spaced(start, end, steps);
        return Blockwise.doubles(dtype, size("logspace", steps), (from, block, n) -> {
            exponents.fill(from, block, n);
            for (int k = 0; k < n; k++) {
                block[k] = Math.pow(base, block[k]);
            }
        });
    }

    // ---- matrices

    /** The identity matrix, of the default type. */
    public static Tensor eye(long n) {
        return eye(defaultDType(), n, n);
    }

    public static Tensor eye(long n, long m) {
        return eye(defaultDType(), n, m);
    }

    public static Tensor eye(DType dtype, long n) {
        return eye(dtype, n, n);
    }

    /** Ones on the diagonal of zeros. */
    public static Tensor eye(DType dtype, long n, long m) {
        Tensor t = zeros(dtype, n, m);
        t.viewed(t.view.layout().diagonal(0, 0, 1)).fill_(1);
        return t;
    }

    /** Row and column indices of what {@link Tensor#tril(long)} keeps, {@code [2, count]}, int64. */
    public static Tensor trilIndices(long rows, long columns, long k) {
        return triangle("trilIndices", rows, columns, k, false);
    }

    public static Tensor trilIndices(long rows, long columns, long k, DType dtype) {
        return trilIndices(rows, columns, k).to(dtype);
    }

    public static Tensor trilIndices(long rows, long columns) {
        return trilIndices(rows, columns, 0);
    }

    public static Tensor trilIndices(long rows, long columns, DType dtype) {
        return trilIndices(rows, columns, 0, dtype);
    }

    /** Row and column indices of what {@link Tensor#triu(long)} keeps, {@code [2, count]}, int64. */
    public static Tensor triuIndices(long rows, long columns, long k) {
        return triangle("triuIndices", rows, columns, k, true);
    }

    public static Tensor triuIndices(long rows, long columns, long k, DType dtype) {
        return triuIndices(rows, columns, k).to(dtype);
    }

    public static Tensor triuIndices(long rows, long columns) {
        return triuIndices(rows, columns, 0);
    }

    public static Tensor triuIndices(long rows, long columns, DType dtype) {
        return triuIndices(rows, columns, 0, dtype);
    }

    private static Tensor triangle(String op, long rows, long columns, long k, boolean upper) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException(op + ": " + rows + " rows and " + columns + " columns");
        }
        Tensor all = ones(DType.BOOL, rows, columns);
        return (upper ? all.triu(k) : all.tril(k)).nonzero().t().contiguous();
    }

    /** For each index, it itself {@code counts[i]} times: {@code torch.repeat_interleave(counts)}. */
    public static Tensor repeatInterleave(Tensor counts) {
        if (counts.dim() != 1 || counts.dtype() != DType.INT64 && counts.dtype() != DType.INT32) {
            throw new IllegalArgumentException(
                    "repeatInterleave needs a vector of int64 counts, got " + counts.dtype() + " " + counts.shape());
        }
        return Blockwise.repeated("repeatInterleave", counts);
    }

    // ---- what Java has

    /** {@code data} as a tensor: a tensor itself, or (nested) arrays as {@link #tensor(Object[])} takes them, or a number. */
    public static Tensor asTensor(Object data) {
        NullArgument.check(data, "data");
        return switch (data) {
            case Tensor t -> t;
            case double[] r -> tensor(r);
            case float[] r -> tensor(r);
            case long[] r -> tensor(r);
            case int[] r -> tensor(r);
            case boolean[] r -> tensor(r);
            case byte[] r -> tensor(r);
            case short[] r -> tensor(r);
            case Boolean b -> tensor(b).reshape();
            case Number n -> {
                Number v = ElementNumbers.plain(n);
                yield v instanceof Long whole
                        ? tensor(whole.longValue()).reshape()
                        : tensor(v.doubleValue()).reshape();
            }
            case List<?> list -> tensor(list);
            case Object[] r -> tensor(r);
            default ->
                throw new IllegalArgumentException(
                        "asTensor takes tensors, numbers, arrays and lists of them, got " + data.getClass());
        };
    }

    public static Tensor asTensor(Object data, DType dtype) {
        return asTensor(data).to(dtype);
    }

    /** As {@link #asTensor(Object)}. */
    public static Tensor asarray(Object data) {
        return asTensor(data);
    }

    /** As {@link #asTensor(Object, DType)}. */
    public static Tensor asarray(Object data, DType dtype) {
        return asTensor(data, dtype);
    }

    /** An array of a primitive type in that type (byte as uint8), copied: the twin of {@code torch.from_numpy}. */
    public static Tensor fromArray(Object array, long... shape) {
        NullArgument.check(array, "array");
        return switch (array) {
            case double[] v -> upload(DType.FLOAT64, Shape.of(shape), MemorySegment.ofArray(v));
            case float[] v -> upload(DType.FLOAT32, Shape.of(shape), MemorySegment.ofArray(v));
            case long[] v -> upload(DType.INT64, Shape.of(shape), MemorySegment.ofArray(v));
            case int[] v -> upload(DType.INT32, Shape.of(shape), MemorySegment.ofArray(v));
            case short[] v -> upload(DType.INT16, Shape.of(shape), MemorySegment.ofArray(v));
            case byte[] v -> upload(DType.UINT8, Shape.of(shape), MemorySegment.ofArray(v));
            case boolean[] v -> tensor(v).reshape(shape);
            default ->
                throw new IllegalArgumentException(
                        "fromArray takes arrays of numbers or booleans, got " + array.getClass());
        };
    }

    /** {@code count} elements from byte {@code offset} of {@code bytes} on, copied, in native byte order; -1 for all that follow. */
    public static Tensor frombuffer(MemorySegment bytes, DType dtype, long count, long offset) {
        NullArgument.check(bytes, "bytes");
        NullArgument.check(dtype, "dtype");
        long rest = bytes.byteSize() - offset;
        long n = count < 0 ? rest / dtype.bytes() : count;
        if (offset < 0 || rest < 0 || n > rest / dtype.bytes() || count < 0 && rest % dtype.bytes() != 0) {
            throw new IllegalArgumentException("frombuffer: " + count + " elements of " + dtype + " from byte " + offset
                    + " on do not fit a buffer of " + bytes.byteSize() + " bytes");
        }
        return upload(dtype, Shape.of(n), bytes.asSlice(offset, n * dtype.bytes()));
    }

    public static Tensor frombuffer(MemorySegment bytes, DType dtype) {
        return frombuffer(bytes, dtype, -1, 0);
    }

    /** What lies between position and limit of {@code bytes}. */
    public static Tensor frombuffer(ByteBuffer bytes, DType dtype) {
        NullArgument.check(bytes, "bytes");
        NullArgument.check(dtype, "dtype");
        return frombuffer(MemorySegment.ofBuffer(bytes), dtype);
    }

    /** The first {@code size} elements of a file of bare numbers in native byte order, copied. */
    public static Tensor fromFile(Path file, DType dtype, long size) {
        NullArgument.check(file, "file");
        try {
            FileTrouble.requireRegular(file);
            try (FileChannel channel = FileChannel.open(file);
                    Arena arena = Arena.ofConfined()) {
                return frombuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), dtype, size, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + FileTrouble.of(e), e);
        }
    }

    /** A 0-d tensor of the default type. */
    public static Tensor scalarTensor(double value) {
        return full(value);
    }

    public static Tensor scalarTensor(Number value, DType dtype) {
        return full(dtype, value);
    }

    /** A number as a 0-d operand beside {@code t}: of its type, or of a wider category if the number is. */
    static Tensor scalarLike(Tensor t, Number value) {
        NullArgument.check(t, "t");
        NullArgument.check(value, "value");
        return full(Elementwise.promoted(t.dtype(), value), value);
    }
}
