package akari.testkit.cases;

import akari.core.DType;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Functional;
import akari.nn.Inference;
import akari.nn.Linear;
import akari.nn.Module;
import akari.optim.AdamW;
import akari.optim.SGD;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.Models;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Prints a line for each operation, type and seed with a hash of all bits of its results and gradients. What is given many times over
 * must have the same bits each time, or the process ends with an error.
 */
final class Bits {
    private static final DType[] TYPES = {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.INT64, DType.UINT8};

    private Bits() {}

    /** Times over; and of how many operations only one is taken, the layers always. */
    public static void main(String[] args) {
        int times = Integer.parseInt(args[0]);
        int every = Integer.parseInt(args[1]);
        layers().forEach((name, values) -> print(name, values, times));
        List<Case> cases =
                Cases.all().stream().sorted(Comparator.comparing(c -> c.name)).toList();
        for (int i = 0; i < cases.size(); i++) {
            Case c = cases.get(i);
            DType type = TYPES[i % TYPES.length];
            for (DType t : every == 1 ? TYPES : new DType[] {type}) {
                if (i / TYPES.length % every == 0 && c.covers(t)) {
                    print(c.name + " " + t, () -> answers(c, t), times);
                }
            }
        }
    }

    private static void print(String name, Supplier<List<Tensor>> values, int times) {
        String first = hash(values);
        for (int i = 1; i < times; i++) {
            String again = hash(values);
            if (!again.equals(first)) {
                System.out.println(name + " gave " + first + " and, run " + (i + 1) + ", " + again);
                System.exit(1);
            }
        }
        System.out.println(name + " " + first);
    }

    private static String hash(Supplier<List<Tensor>> values) {
        Tensors.manualSeed(3);
        try {
            long hash = 1;
            for (Tensor t : values.get()) {
                hash = 31 * hash + t.shape().hashCode();
                for (double v : t.toDoubles()) {
                    hash = 31 * hash + Double.doubleToLongBits(v);
                }
            }
            return Long.toHexString(hash);
        } catch (RuntimeException e) {
            if (!Refusals.documented(e)) {
                throw e;
            }
            return "refused: " + e.getMessage();
        }
    }

    /** Results of a case on operands of odd sizes in odd layouts, and the gradients. */
    private static List<Tensor> answers(Case c, DType type) {
        var draw = new Draw(new Random(c.name.hashCode()), 9);
        Question q = c.draw.apply(draw);
        var leaves = new Tensor[q.operands().length];
        for (int i = 0; i < leaves.length; i++) {
            Operand o = q.operands()[i];
            DType own = o.fixedType() == null ? type : o.fixedType();
            double[] values = Values.of(o, type, true, draw.random);
            leaves[i] = Values.laidOut(Tensors.of(own, values, o.shape()), draw.between(0, 3))
                    .detach();
            if (o.requiresGrad() && own.isFloating()) {
                leaves[i].requiresGrad_();
            }
        }
        List<Tensor> out = new ArrayList<>(q.akari().apply(leaves.clone()));
        for (Tensor t : List.copyOf(out)) {
            if (t.requiresGrad()) {
                t.backward(Tensors.randnLike(t.detach()), true, false);
            }
        }
        for (Tensor leaf : leaves) {
            if (leaf.grad() != null) {
                out.add(leaf.grad());
            }
        }
        return out;
    }

    // ---- sizes at which layers take their fast paths

    private static Map<String, Supplier<List<Tensor>>> layers() {
        Map<String, Supplier<List<Tensor>>> all = new LinkedHashMap<>();
        for (long batch : new long[] {1, 3}) {
            String of = " of " + batch;
            all.put("linear" + of, () -> trained(new Linear(403, 121), Tensors.randn(batch, 403)));
            all.put("winograd" + of, () -> trained(new Conv2d(64, 80, 3).padding(1), Tensors.randn(batch, 64, 13, 11)));
            all.put("direct" + of, () -> trained(new Conv2d(3, 17, 5).stride(2), Tensors.randn(batch, 3, 23, 21)));
            all.put("depthwise" + of, () -> trained(new Conv2d(24, 24, 3).groups(24), Tensors.randn(batch, 24, 9, 7)));
            all.put("batchNorm" + of, () -> trained(new BatchNorm2d(37), Tensors.randn(batch, 37, 9, 7)));
            all.put("pools" + of, () -> {
                Tensor x = Tensors.randn(batch, 37, 15, 13).requiresGrad_();
                Tensor y = Functional.maxPool2d(x, 3, 2, 1).add(Functional.avgPool2d(x, 3, 2, 1));
                return withGradients(y, List.of(x));
            });
            all.put("losses" + of, () -> {
                Tensor x = Tensors.randn(batch, 1003).requiresGrad_();
                Tensor labels = Tensors.randint(0, 1003, batch);
                return withGradients(
                        Functional.crossEntropy(x, labels).add(x.softmax(0).sum()), List.of(x));
            });
            all.put("lenet" + of, () -> steps("lenet", Tensors.randn(batch, 1, 28, 28)));
            all.put("inference" + of, () -> {
                Module net = Models.create("lenet", 10);
                return List.of(Inference.of(net).forward(Tensors.randn(batch, 1, 28, 28)));
            });
        }
        all.put("long", () -> {
            Tensor x = Tensors.randn(3, 10_007);
            return List.of(
                    x.sum(),
                    x.mean(new int[] {1}, false),
                    x.std(),
                    x.norm(),
                    x.cumsum(1),
                    x.sort(1).values(),
                    x.argmax(),
                    x.prod(),
                    x.logsumexp(new int[] {1}, false),
                    x.softmax(1));
        });
        all.put("products", () -> {
            List<Tensor> out = new ArrayList<>();
            for (long[] s : new long[][] {{1, 403, 121}, {3, 77, 5}, {65, 33, 129}, {1, 5, 4}}) {
                Tensor a = Tensors.randn(s[0], s[1]);
                Tensor b = Tensors.randn(s[1], s[2]);
                Tensor turned = Tensors.randn(s[2], s[1]).t();
                out.addAll(List.of(a.matmul(b), a.matmul(turned), a.squeeze(0).matmul(b), b.t().matmul(a.t())));
                out.addAll(List.of(
                        a.to(DType.FLOAT64).matmul(b.to(DType.FLOAT64)),
                        a.to(DType.BFLOAT16).matmul(b.to(DType.BFLOAT16))));
            }
            return out;
        });
        return all;
    }

    private static List<Tensor> trained(Module layer, Tensor x) {
        x.requiresGrad_();
        List<Tensor> leaves = new ArrayList<>(layer.parameters());
        leaves.add(x);
        return withGradients(layer.forward(x), leaves);
    }

    private static List<Tensor> withGradients(Tensor y, List<Tensor> leaves) {
        y.backward(Tensors.randnLike(y.detach()));
        List<Tensor> out = new ArrayList<>(List.of(y));
        for (Tensor t : leaves) {
            out.add(t.grad() == null ? Tensors.zerosLike(t) : t.grad());
        }
        return out;
    }

    private static List<Tensor> steps(String name, Tensor x) {
        Module net = Models.create(name, 10);
        var adam = new AdamW(net.parameters()).lr(0.01);
        var sgd = new SGD(net.parameters()).lr(0.01).momentum(0.9).nesterov(true);
        for (int i = 0; i < 2; i++) {
            net.zeroGrad();
            Functional.crossEntropy(net.forward(x), Tensors.arange(x.size(0))).backward();
            adam.step();
            sgd.step();
        }
        return net.parameters().stream().map(Tensor::detach).toList();
    }
}
