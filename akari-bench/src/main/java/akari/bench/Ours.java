package akari.bench;

import akari.backend.Backend;
import akari.bench.RaceSetting.Precision;
import akari.core.Device;
import akari.nn.Functional;
import akari.nn.Inference;
import akari.optim.Adam;
import akari.optim.SGD;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Akari's side of the races, as its users write it: nothing is closed. */
final class Ours {
    private final Precision precision;

    Ours(RaceSetting setting) {
        precision = setting.dtype();
        Backend.of(Device.CPU).threads(setting.threads());
    }

    static String version(RaceSetting setting) {
        var backend = Backend.of(Device.CPU);
        backend.threads(setting.threads());
        return "Akari (" + backend.describe() + ")";
    }

    Work add(int count) {
        var x = tensor(1, 1, count);
        var y = tensor(2, 1, count);
        return work(() -> x.add(y));
    }

    Work smallAdd(int times, boolean recorded) {
        var x = tensor(1, 1, 16).requiresGrad_(recorded);
        var y = tensor(2, 1, 16);
        return work(() -> {
            var sum = x.add(y);
            for (int i = 1; i < times; i++) sum = x.add(y);
            return sum;
        });
    }

    Work gelu(int count) {
        var x = tensor(1, 3, count);
        return work(x::gelu);
    }

    Work softmax(long rows, long columns) {
        var x = tensor(1, 4, rows, columns);
        return work(() -> x.softmax(1));
    }

    Work matmul(long size) {
        var a = tensor(1, 1, size, size);
        var b = tensor(2, 1, size, size);
        return work(() -> a.matmul(b));
    }

    Work conv3x3(long batch, long channels, long size) {
        var x = tensor(1, 1, batch, channels, size, size);
        var weight = tensor(2, 1 / Math.sqrt(9 * channels), channels, channels, 3, 3);
        var bias = tensor(3, 0.1, channels);
        return work(() -> x.conv2d(weight, bias, 1, 1));
    }

    Work adam(int count) {
        var parameter = tensor(1, 1, count).requiresGrad_();
        parameter.grad(tensor(2, 0.01, count));
        var optimizer = new Adam(List.of(parameter));
        return work(() -> {
            optimizer.step();
            return parameter;
        });
    }

    Work lenet(int batch) {
        var model = LeNetRace.model();
        var parameters = model.parameters();
        Tensors.noGrad(() -> {
            for (int i = 0; i < parameters.size(); i++) {
                var p = LeNetRace.PARAMETERS.get(i);
                parameters.get(i).copy_(tensor(p.stream(), p.scale(), p.shape()));
            }
        });
        var x = tensor(LeNetRace.INPUT_STREAM, 1, batch, 1, 28, 28);
        var target = Tensors.tensor(Numbers.labels(batch, 10));
        var optimizer = new SGD(parameters).lr(LeNetRace.LEARNING_RATE).momentum(LeNetRace.MOMENTUM);
        return work(
                () -> {
                    optimizer.zeroGrad();
                    var loss = Functional.crossEntropy(model.forward(x), target);
                    loss.backward();
                    optimizer.step();
                    return loss;
                },
                loss -> Tensors.cat(
                        List.of(loss.reshape(1), parameters.getFirst().flatten()), 0));
    }

    Work train(Network network, int batch) {
        return new OurTraining(network, batch, precision);
    }

    Work infer(Network network, int batch) {
        if (precision != Precision.F32) {
            throw new IllegalArgumentException("Akari's inference plans compute in f32. Race in f32.");
        }
        var fast = Inference.of(OurNetwork.create(network));
        var x = OurNetwork.input(network, batch);
        return work(() -> fast.forward(x));
    }

    private static Tensor tensor(int stream, double scale, long... shape) {
        long count = 1;
        for (long size : shape) count *= size;
        return Tensors.tensor(Numbers.uniform(stream, Math.toIntExact(count), scale))
                .reshape(shape);
    }

    private static Work work(Supplier<Tensor> step) {
        return work(step, UnaryOperator.identity());
    }

    private static Work work(Supplier<Tensor> step, UnaryOperator<Tensor> outcome) {
        return Work.of(
                () -> {
                    var _ = step.get();
                },
                () -> outcome.apply(step.get()).toFloats());
    }
}
