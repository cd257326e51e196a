package akari.testkit;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The case {@code promote_types}: which type the result of two types has. */
final class Promotion {
    private Promotion() {}

    /** What differs, or the types that Akari lacks, or null. */
    static @Nullable String check(JsonNode json) {
        TreeSet<String> lacking = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, JsonNode> row : json.get("table").properties()) {
            for (Map.Entry<String, JsonNode> cell : row.getValue().properties()) {
                Optional<DType> a = type(row.getKey());
                Optional<DType> b = type(cell.getKey());
                if (a.isEmpty() || b.isEmpty()) {
                    lacking.add(a.isEmpty() ? row.getKey() : cell.getKey());
                } else {
                    Tensor sum = one(a.get(), 1).add(one(b.get(), 1));
                    expect(a.get() + " + " + b.get(), cell.getValue(), sum.dtype(), wrong);
                }
            }
        }
        if (json.has("sum_dtype")) {
            json.get("sum_dtype")
                    .properties()
                    .forEach(e -> type(e.getKey())
                            .ifPresentOrElse(
                                    t -> expect(
                                            "sum of " + t,
                                            e.getValue(),
                                            one(t, 1).sum().dtype(),
                                            wrong),
                                    () -> lacking.add(e.getKey())));
        }
        Tensor ints = one(DType.INT64, 1);
        expect(
                "int tensor * 0.5",
                json.get("int_tensor_times_float_scalar"),
                ints.mul(0.5).dtype(),
                wrong);
        expect(
                "float16 tensor * 0-d float64",
                json.get("float16_tensor_times_float64_0dim"),
                one(DType.FLOAT16, 1).mul(one(DType.FLOAT64)).dtype(),
                wrong);
        expect("int / int", json.get("int_div"), ints.div(ints).dtype(), wrong);
        if (!wrong.isEmpty()) {
            return String.join("; ", wrong);
        }
        return lacking.isEmpty() ? null : "Akari has no " + String.join(", ", lacking) + " yet";
    }

    private static void expect(String what, @Nullable JsonNode expected, DType got, List<String> wrong) {
        if (expected != null && !expected.asString().equals(got.toString())) {
            wrong.add(what + " is " + got + ", expected " + expected.asString());
        }
    }

    private static Tensor one(DType type, long... shape) {
        return Tensors.ones(type, shape);
    }

    private static Optional<DType> type(String name) {
        for (DType t : DType.values()) {
            if (t.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return Optional.of(t);
            }
        }
        return Optional.empty();
    }
}
