package akari.bench;

import akari.bench.RaceSetting.Precision;
import akari.core.DType;
import akari.nn.Functional;
import akari.nn.Module;
import akari.optim.SGD;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Map;
import java.util.Objects;

/** Training steps of a network in Akari. */
final class OurTraining implements Work {
    private final Network network;
    private final Module model;
    private final Tensor x;
    private final Tensor target;
    private final SGD optimizer;
    private final DType computes;

    OurTraining(Network network, int batch, Precision precision) {
        this.network = network;
        computes = precision == Precision.BF16 ? DType.BFLOAT16 : DType.FLOAT32;
        model = OurNetwork.create(network);
        x = OurNetwork.input(network, batch);
        target = Tensors.tensor(Numbers.labels(batch, network.classes));
        optimizer = new SGD(model.parameters())
                .lr(network.learningRate)
                .momentum(Recipe.MOMENTUM)
                .weightDecay(Recipe.WEIGHT_DECAY);
    }

    /** The first half of a step: leaves gradients and returns the loss. */
    Tensor differentiate() {
        optimizer.zeroGrad();
        var loss = Tensors.autocast(computes, () -> Functional.crossEntropy(model.forward(x), target));
        loss.backward();
        return loss;
    }

    /** The second half. */
    void update() {
        optimizer.step();
    }

    @Override
    public void run() {
        var _ = differentiate();
        update();
    }

    @Override
    public Map<String, float[]> check() {
        return Recipe.train(
                network,
                () -> {
                    var loss = differentiate();
                    update();
                    return loss.item();
                },
                name -> Objects.requireNonNull(model.stateDict().get(name), name)
                        .toFloats());
    }
}
