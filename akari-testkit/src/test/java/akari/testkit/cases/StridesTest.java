package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results lie in memory as PyTorch's do, whatever the order of the operands' memory: what can be viewed there can be viewed here. */
@Tag("slow")
class StridesTest {
    private static final int QUESTIONS = 600;

    @Test
    void resultsHavePyTorchsStrides() {
        var problems = new ArrayList<String>();
        try (var torch = TorchOracle.start()) {
            for (int seed = 0; seed < QUESTIONS; seed++) {
                var random = new Random(seed);
                long[] sizes = random.longs(1 + random.nextInt(5), 1, 4).toArray();
                var inputs = new ArrayList<Input>();
                var operands = new ArrayList<Tensor>();
                var texts = new ArrayList<String>();
                for (var name : List.of("x", "y", "z")) operand(name, sizes, random, inputs, operands, texts);
                var x = operands.get(0);
                var y = operands.get(1);
                var z = operands.get(2);
                var results = List.of(
                        x.add(y), x.exp(), x.clone(), y.where(x.gt(0), z), x.addcmul(y, z), Tensors.emptyLike(y));
                var question = String.join("\n", texts) + "\n"
                        + List.of(
                                        "x + y",
                                        "x.exp()",
                                        "x.clone()",
                                        "torch.where(x > 0, y, z)",
                                        "x.addcmul(y, z)",
                                        "torch.empty_like(y)")
                                .stream()
                                .map(e -> "torch.tensor((" + e + ").stride())")
                                .collect(Collectors.joining(", "));
                var answer = torch.eval(question, inputs.toArray(Input[]::new));
                for (int i = 0; i < results.size(); i++) {
                    double[] expected = answer.outputs().get(i).values();
                    var result = results.get(i);
                    double[] actual =
                            Arrays.stream(result.stride()).asDoubleStream().toArray();
                    for (int d = 0; d < actual.length; d++) if (result.size(d) == 1) expected[d] = actual[d];
                    if (!Arrays.equals(actual, expected))
                        problems.add("seed " + seed + ", result " + i + " of\n" + question + "\nshapes " + x.shape()
                                + y.shape() + z.shape() + "\nhas strides " + Arrays.toString(actual) + ", in PyTorch "
                                + Arrays.toString(expected));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    /** Of these sizes or broadcasting to them; in row-major order, permuted, sliced or channels-last. */
    private static void operand(
            String name, long[] sizes, Random random, List<Input> inputs, List<Tensor> operands, List<String> texts) {
        int rank = sizes.length;
        long[] own = sizes.clone();
        if (random.nextInt(3) == 0) own[random.nextInt(rank)] = 1;
        var order = new ArrayList<Integer>();
        for (int d = 0; d < rank; d++) order.add(d);
        if (random.nextBoolean()) java.util.Collections.shuffle(order, random);
        boolean sliced = random.nextInt(3) == 0;
        int last = order.getLast();
        long[] memory = order.stream()
                .mapToLong(d -> own[d] * (sliced && d == last ? 2 : 1))
                .toArray();
        var shape = Shape.of(memory);
        inputs.add(new Input(name, new Value(DType.FLOAT32, shape, new double[(int) shape.numel()]), false));
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++) back[order.get(i)] = i;
        var t = Tensors.zeros(memory);
        var text = name + " = " + name;
        if (sliced) {
            t = t.slice(rank - 1, 0, Long.MAX_VALUE, 2);
            text += ".slice(" + (rank - 1) + ", 0, 9999, 2)";
        }
        t = t.permute(back);
        text += ".permute(" + Arrays.toString(back) + ")";
        if (rank == 4 && random.nextInt(4) == 0) {
            t = t.contiguous(akari.tensor.MemoryFormat.CHANNELS_LAST);
            text += ".contiguous(memory_format=2)";
        }
        operands.add(t);
        texts.add(text);
    }
}
