package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;

import akari.core.Shape;
import akari.nn.Functional;
import java.util.Arrays;
import java.util.List;

/** Normalisations and other composites of {@code torch.nn.functional}. */
final class NormalizationCases extends Family {
    private static final String WHY = "normalisations are of floating types";

    NormalizationCases() {
        add("torch.layer_norm(x, …, y, z)", d -> {
                    long[] shape = d.full(1, 4);
                    long[] last = Arrays.copyOfRange(shape, d.between(0, shape.length - 1), shape.length);
                    return new Question(
                            format("torch.layer_norm(x, %s, y, z, 1e-5)", Arrays.toString(last)),
                            t -> List.of(Functional.layerNorm(t[0], Shape.of(last), t[1], t[2], 1e-5)),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, last),
                            Operand.of(MODERATE, last));
                })
                .floatingOnly(WHY);
        add("torch.group_norm(x, …, y, z)", d -> {
                    long[] shape = d.full(3, 4);
                    int groups = d.between(1, 2);
                    shape[1] *= groups;
                    return new Question(
                            format("torch.group_norm(x, %d, y, z, 1e-5)", groups),
                            t -> List.of(Functional.groupNorm(t[0], groups, t[1], t[2], 1e-5)),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape[1]),
                            Operand.of(MODERATE, shape[1]));
                })
                .floatingOnly(WHY);
        add("torch.instance_norm(x, y, z, …)", d -> {
                    long[] shape = d.full(3, 4);
                    shape[2] += 4; // two elements that nearly agree would show nothing but rounding
                    return new Question(
                            "torch.instance_norm(x, y, z, None, None, True, 0.1, 1e-5, False)",
                            t -> List.of(Functional.instanceNorm(t[0], t[1], t[2], 1e-5)),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, shape[1]),
                            Operand.of(MODERATE, shape[1]));
                })
                .floatingOnly(WHY);
        for (String p : List.of("1.0", "2.0", "3.0")) {
            along(
                            "x / torch.clamp_min(torch.linalg_vector_norm(x, " + p + ", [%d], True), 1e-12)",
                            MODERATE,
                            (x, dim) -> List.of(Functional.normalize(x, Double.parseDouble(p), dim)))
                    .floatingOnly(WHY);
        }
        add("local_response_norm(x, …)", d -> {
                    long[] shape = d.full(3, 3);
                    int size = d.between(1, 4);
                    String torch = format(
                            "x / (torch.avg_pool2d(torch.constant_pad_nd((x * x).unsqueeze(1), [0, 0, %d, %d]), [%d, 1], 1)"
                                    + ".squeeze(1) * 0.01 + 1.0).pow(0.75)",
                            size / 2, (size - 1) / 2, size);
                    return new Question(
                            torch,
                            Operand.of(MODERATE, shape),
                            x -> Functional.localResponseNorm(x, size, 0.01, 0.75, 1));
                })
                .floatingOnly(WHY);
        add("torch.glu(x, …)", d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.dim(shape);
                    shape[Math.floorMod(dim, shape.length)] *= 2;
                    return new Question(
                            format("torch.glu(x, %d)", dim), Operand.of(MODERATE, shape), x -> Functional.glu(x, dim));
                })
                .floatingOnly(WHY);
        add("torch.embedding(x, y)", d -> {
            long rows = d.between(2, 6);
            return new Question(
                    "torch.embedding(x, y)",
                    t -> List.of(Functional.embedding(t[1], t[0], -1)),
                    Operand.of(MODERATE, rows, d.between(1, 4)),
                    d.indices((int) rows, d.full(0, 2)));
        });
    }
}
