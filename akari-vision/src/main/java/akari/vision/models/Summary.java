package akari.vision.models;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Conv1d;
import akari.nn.Conv2d;
import akari.nn.Conv3d;
import akari.nn.Linear;
import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model's layers with what one sample makes of them, seen by running it as in eval mode on an empty batch, which costs next to nothing
 * and changes nothing.
 *
 * @param layers parent before child; the model itself first, named {@code ""}
 * @param multiplyAdds of convolutions and linear layers, for one sample
 */
public record Summary(List<Layer> layers, long parameters, long multiplyAdds) {
    /**
     * @param path as in the state dict; depth is its number of names
     * @param description the class's name, with its arguments for a leaf
     * @param output shape for one sample, with its batch dimension; {@code []} if the layer was not called
     * @param parameters of this layer and all below it
     */
    public record Layer(String path, int depth, String description, Shape output, long parameters, long multiplyAdds) {}

    /** @param input shape of one sample, without the batch dimension */
    public static Summary of(Module model, Shape input) {
        Map<Module, long[]> work = new LinkedHashMap<>();
        Map<Module, Shape> outputs = new LinkedHashMap<>();
        List<Runnable> remove = new ArrayList<>();
        Map<String, Module> modules = model.namedModules();
        Thread own = Thread.currentThread(); // others may use the model meanwhile
        for (Module m : modules.values()) {
            remove.add(m.onForward((module, in, out) -> {
                if (Thread.currentThread() != own) {
                    return;
                }
                Shape one = out.dim() == 0 ? Shape.SCALAR : out.shape().with(0, 1);
                outputs.put(module, one);
                work.computeIfAbsent(module, _ -> new long[1])[0] += multiplyAdds(module, one);
            }));
        }
        try {
            long[] batch = new long[input.rank() + 1];
            System.arraycopy(input.toArray(), 0, batch, 1, input.rank());
            Tensor sample = Tensors.zeros(batch).to(dtypeOf(model));
            model.evaluating(() -> Tensors.noGrad(() -> model.forward(sample)));
        } finally {
            remove.forEach(Runnable::run);
        }
        List<Layer> layers = new ArrayList<>();
        modules.forEach((path, m) -> {
            long adds = 0;
            for (Module below : m.modules()) {
                adds += work.getOrDefault(below, new long[1])[0];
            }
            boolean leaf = m.children().isEmpty();
            layers.add(new Layer(
                    path,
                    path.isEmpty() ? 0 : path.split("\\.", -1).length,
                    leaf ? m.toString() : m.getClass().getSimpleName(),
                    outputs.getOrDefault(m, Shape.SCALAR),
                    count(m),
                    adds));
        });
        return new Summary(layers, count(model), layers.getFirst().multiplyAdds());
    }

    private static DType dtypeOf(Module model) {
        return model.parameters().isEmpty()
                ? DType.FLOAT32
                : model.parameters().getFirst().dtype();
    }

    private static long count(Module m) {
        return m.parameters().stream().mapToLong(Tensor::numel).sum();
    }

    /** Each output element of a convolution or linear layer is a sum over one filter: the weight's elements but for dimension 0. */
    private static long multiplyAdds(Module m, Shape out) {
        boolean weighted = m instanceof Linear || m instanceof Conv1d || m instanceof Conv2d || m instanceof Conv3d;
        if (!weighted) {
            return 0;
        }
        Tensor weight = m.namedParameters().get("weight");
        return weight == null ? 0 : out.numel() * (weight.numel() / weight.size(0));
    }

    /** A table of the layers down to {@code depth}. */
    public String table(int depth) {
        StringBuilder s = new StringBuilder();
        int wide = 5;
        List<String> names = new ArrayList<>();
        for (Layer l : layers) {
            String name = "  ".repeat(l.depth())
                    + (l.path().isEmpty() ? "" : l.path().substring(l.path().lastIndexOf('.') + 1) + " ")
                    + l.description();
            names.add(name);
            wide = l.depth() <= depth ? Math.max(wide, name.length()) : wide;
        }
        s.append(String.format(
                Locale.ROOT, "%-" + wide + "s  %-18s %13s %15s%n", "layer", "output", "parameters", "mult-adds"));
        for (int i = 0; i < layers.size(); i++) {
            Layer l = layers.get(i);
            if (l.depth() <= depth) {
                s.append(String.format(
                        Locale.ROOT,
                        "%-" + wide + "s  %-18s %,13d %,15d%n",
                        names.get(i),
                        l.output(),
                        l.parameters(),
                        l.multiplyAdds()));
            }
        }
        return s.toString();
    }
}
