package akari.bench;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Training steps of a network in PyTorch. In bfloat16 the forward and the loss run under autocast, as PyTorch advises. */
final class TorchTraining implements Work {
    private final boolean autocast;
    private final Network network;
    private final TorchNetwork net;
    private final Tensor x;
    private final Tensor target;
    private final SGD optimizer;

    TorchTraining(Torch side, Network network, int batch) {
        autocast = side.isBf16();
        this.network = network;
        net = new TorchNetwork(side, network, true);
        x = net.input(batch);
        target = Torch.longs(Numbers.labels(batch, network.classes));
        var options = new SGDOptions(network.learningRate);
        options.momentum().put(Recipe.MOMENTUM);
        options.weight_decay().put(Recipe.WEIGHT_DECAY);
        optimizer = new SGD(new TensorVector(net.learned().toArray(Tensor[]::new)), options);
        // keeps casts of weights within one forward; each is used once, and a C++ program would have to empty it each
        // time
        torch.set_autocast_cache_enabled(false);
        torch.set_autocast_dtype(torch.DeviceType.CPU, torch.ScalarType.BFloat16);
    }

    private Tensor step() {
        optimizer.zero_grad();
        torch.set_autocast_enabled(torch.DeviceType.CPU, autocast);
        var loss = torch.cross_entropy_loss(network.forward(net, x), target);
        torch.set_autocast_enabled(torch.DeviceType.CPU, false);
        loss.backward();
        optimizer.step();
        return loss;
    }

    @Override
    public void run() {
        try (var scope = new PointerScope()) {
            var _ = step();
        }
    }

    @Override
    public Map<String, float[]> check() {
        return Recipe.train(
                network,
                () -> {
                    try (var scope = new PointerScope()) {
                        return step().item_float();
                    }
                },
                name -> {
                    try (var scope = new PointerScope()) {
                        return Torch.floats(net.tensor(name));
                    }
                });
    }
}
