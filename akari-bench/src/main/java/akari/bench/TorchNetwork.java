package akari.bench;

import akari.bench.NetworkParameter.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A network in eager PyTorch, in the functional form of the modules of torchvision: activations and residual sums in place.
 *
 * <p>In bfloat16, training autocasts from float32 weights ({@link TorchTraining}); for inference the weights of convolutions
 * and the linear layer are cast once, those of normalisations stay float32.
 */
final class TorchNetwork implements NetworkBuilder<Tensor> {
    private static final long[] UNIT = {1, 1};
    private static final TensorOptional NONE = new TensorOptional();

    final Map<String, Tensor> state = new HashMap<>();
    private final Map<String, TensorOptional> vectors = new HashMap<>();
    private final Torch side;
    private final Network network;
    private final boolean training;
    private final boolean cast;

    TorchNetwork(Torch side, Network network, boolean training) {
        this.side = side;
        this.network = network;
        this.training = training;
        cast = side.isBf16() && !training;
        for (var p : network.parameters()) {
            var tensor = side.tensor(p.values(), p.shape());
            if (cast && p.kind() == Kind.WEIGHT) tensor = tensor.to(torch.ScalarType.BFloat16);
            if (training && p.kind() != Kind.STATISTIC) tensor.set_requires_grad(true);
            state.put(p.name(), tensor);
            if (p.shape().length == 1) vectors.put(p.name(), new TensorOptional(tensor));
        }
    }

    Tensor input(int batch) {
        var shape = network.inputShape(batch);
        int count = Math.toIntExact(batch * shape[1] * shape[2] * shape[3]);
        var x = side.tensor(Numbers.uniform(Recipe.INPUT_STREAM, count, 1), shape);
        return cast ? x.to(torch.ScalarType.BFloat16) : x;
    }

    List<Tensor> learned() {
        var learned = new ArrayList<Tensor>();
        for (var p : network.parameters()) if (p.kind() != Kind.STATISTIC) learned.add(tensor(p.name()));
        return learned;
    }

    Tensor tensor(String name) {
        return found(state, name);
    }

    private TensorOptional vector(String name) {
        return found(vectors, name);
    }

    private static <V> V found(Map<String, V> map, String name) {
        var value = map.get(name);
        if (value == null) throw new IllegalStateException("no " + name + " in the network's state");
        return value;
    }

    @Override
    public Tensor conv(Tensor x, String name, int channels, int kernel, int stride, boolean depthwise) {
        if (network == Network.RESNET50 && training && kernel == 1 && stride == 2) {
            // the oneDNN of PyTorch 2.10 divides by zero in the gradient of such a convolution from 512 to 1024
            // channels
            x = everySecond(everySecond(x, 2), 3);
            stride = 1;
        }
        var padding = new long[] {kernel / 2, kernel / 2};
        var strides = new long[] {stride, stride};
        return torch.conv2d(x, tensor(name + ".weight"), NONE, strides, padding, UNIT, depthwise ? channels : 1);
    }

    private static Tensor everySecond(Tensor x, int dim) {
        return x.slice(dim, new LongOptional(0), new LongOptional(Long.MAX_VALUE), 2);
    }

    @Override
    public Tensor norm(Tensor x, String name) {
        return torch.batch_norm(
                x,
                vector(name + ".weight"),
                vector(name + ".bias"),
                vector(name + ".running_mean"),
                vector(name + ".running_var"),
                training,
                Recipe.NORM_MOMENTUM,
                Recipe.NORM_EPSILON,
                true);
    }

    @Override
    public Tensor relu(Tensor x) {
        return x.relu_();
    }

    @Override
    public Tensor relu6(Tensor x) {
        return torch.relu6_(x);
    }

    @Override
    public Tensor add(Tensor x, Tensor y) {
        return x.add_(y);
    }

    @Override
    public Tensor maxPool(Tensor x) {
        return torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, UNIT, UNIT, false);
    }

    @Override
    public Tensor average(Tensor x) {
        return torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1);
    }

    @Override
    public Tensor linear(Tensor x, String name, int classes) {
        return torch.linear(x, tensor(name + ".weight"), vector(name + ".bias"));
    }
}
