package akari.bench;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One row of the race of operations: an expression of PyTorch's over {@code x, y, z}, the same in Akari, and the operands of both.
 *
 * @param torch TorchScript
 */
record RaceCase(String name, String torch, Function<Tensor[], Tensor> ours, List<Operand> operands) {

    /**
     * What both sides make for themselves: floats uniform in [-1, 1), or in [0.5, 2.5) where {@code positive}, integers in [0, limit), and
     * truth by halves.
     */
    record Operand(DType dtype, boolean positive, long limit, long[] shape) {
        /** {@code [+]DTYPE[<LIMIT] SHAPE}, as in {@code i64<1000 1000x1000}; the type {@code *} is the row's. */
        static Operand parse(String text, DType dtype) {
            var parts = text.split(" ");
            boolean positive = parts[0].startsWith("+");
            var type = parts[0].replace("+", "").split("<");
            long limit = type.length > 1 ? Long.parseLong(type[1]) : 100;
            var sizes = parts[1].split("x");
            var shape = new long[sizes.length];
            for (int i = 0; i < shape.length; i++) shape[i] = Long.parseLong(sizes[i]);
            return new Operand(type[0].equals("*") ? dtype : typeOf(type[0]), positive, limit, shape);
        }

        double[] values(int stream) {
            int count = Math.toIntExact(Shape.of(shape).numel());
            var uniform = Numbers.uniform(stream, count, 1);
            var values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = dtype.isFloating()
                        ? positive ? uniform[i] + 1.5 : uniform[i]
                        : dtype == DType.BOOL
                                ? uniform[i] < 0 ? 0 : 1
                                : Math.floor((uniform[i] + 1.0) / 2 * limit) + (positive ? 1 : 0);
            }
            return values;
        }

        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            var sizes = new ArrayList<String>();
            for (long size : shape) sizes.add(Long.toString(size));
            return (positive ? "+" : "") + RaceCase.name(dtype) + "<" + limit + " " + String.join("x", sizes);
        }
    }

    /** A row for each of the types, which are separated by blanks. */
    static List<RaceCase> of(
            String name, String torch, Function<Tensor[], Tensor> ours, String dtypes, String... operands) {
        var cases = new ArrayList<RaceCase>();
        for (var dtype : dtypes.split(" ")) {
            var parsed = new ArrayList<Operand>();
            for (var operand : operands) parsed.add(Operand.parse(operand, typeOf(dtype)));
            cases.add(new RaceCase(name + " " + dtype, torch, ours, parsed));
        }
        return cases;
    }

    private static DType typeOf(String name) {
        for (var dtype : DType.values()) {
            if (name(dtype).equals(name)) return dtype;
        }
        throw new IllegalArgumentException("no type " + name);
    }

    private static String name(DType dtype) {
        return switch (dtype) {
            case BOOL -> "bool";
            case UINT8 -> "u8";
            case BFLOAT16 -> "bf16";
            default ->
                dtype.name().toLowerCase(Locale.ROOT).replace("float", "f").replace("int", "i");
        };
    }
}
