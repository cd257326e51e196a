package akari.bench;

import akari.bench.RaceSetting.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's side of the races: eager PyTorch through its C++ API, which spares it Python's overhead.
 *
 * <p>Each repetition ends with its temporaries freed at once, as reference counting does in Python; nothing waits for
 * a garbage collection.
 */
final class Torch {
    private static final long[] ONE = {1, 1};

    private final Precision dtype;
    private final boolean channelsLast;

    /** @param channelsLast whether tensors of four dimensions have that memory format */
    Torch(RaceSetting setting, boolean channelsLast) {
        torch.set_num_threads(setting.threads());
        dtype = setting.dtype();
        this.channelsLast = channelsLast;
    }

    static String version(RaceSetting setting) {
        torch.set_num_threads(setting.threads());
        if (torch.get_num_threads() != setting.threads()) {
            throw new IllegalStateException("PyTorch did not take " + setting.threads() + " threads.");
        }
        var version = new Properties();
        try (var in = torch.class.getResourceAsStream("/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
            if (in != null) version.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read PyTorch's version", e);
        }
        return "PyTorch " + version.getProperty("version", "of unknown version");
    }

    Work add(int count) {
        var x = tensor(1, 1, count);
        var y = tensor(2, 1, count);
        return work(() -> torch.add(x, y));
    }

    Work smallAdd(int times, boolean recorded) {
        var x = tensor(1, 1, 16).set_requires_grad(recorded);
        var y = tensor(2, 1, 16);
        return work(() -> {
            for (int i = 1; i < times; i++) torch.add(x, y).close();
            return torch.add(x, y);
        });
    }

    Work gelu(int count) {
        var x = tensor(1, 3, count);
        return work(() -> torch.gelu(x));
    }

    Work softmax(long rows, long columns) {
        var x = tensor(1, 4, rows, columns);
        return work(() -> torch.softmax(x, 1));
    }

    Work matmul(long size) {
        var a = tensor(1, 1, size, size);
        var b = tensor(2, 1, size, size);
        return work(() -> torch.matmul(a, b));
    }

    Work conv3x3(long batch, long channels, long size) {
        var x = tensor(1, 1, batch, channels, size, size);
        var weight = tensor(2, 1 / Math.sqrt(9 * channels), channels, channels, 3, 3);
        var bias = new TensorOptional(tensor(3, 0.1, channels));
        return work(() -> torch.conv2d(x, weight, bias, ONE, ONE, ONE, 1));
    }

    Work adam(int count) {
        var parameter = tensor(1, 1, count).set_requires_grad(true);
        parameter.mutable_grad().put(tensor(2, 0.01, count));
        var optimizer = new Adam(new TensorVector(parameter));
        return work(() -> {
            optimizer.step();
            return parameter;
        });
    }

    Work lenet(int batch) {
        var weights = new ArrayList<Tensor>();
        for (var p : LeNetRace.PARAMETERS) {
            weights.add(tensor(p.stream(), p.scale(), p.shape()).set_requires_grad(true));
        }
        var x = tensor(LeNetRace.INPUT_STREAM, 1, batch, 1, 28, 28);
        var target = longs(Numbers.labels(batch, 10));
        var options = new SGDOptions(LeNetRace.LEARNING_RATE);
        options.momentum().put(LeNetRace.MOMENTUM);
        var optimizer = new SGD(new TensorVector(weights.toArray(Tensor[]::new)), options);
        return work(
                () -> {
                    optimizer.zero_grad();
                    var loss = torch.cross_entropy_loss(lenet(weights, x), target);
                    loss.backward();
                    optimizer.step();
                    return loss;
                },
                loss -> torch.cat(
                        new TensorVector(loss.reshape(1), weights.getFirst().reshape(-1))));
    }

    private static Tensor lenet(List<Tensor> w, Tensor x) {
        x = torch.conv2d(x, w.get(0), new TensorOptional(w.get(1)), ONE, new long[] {2, 2}, ONE, 1);
        x = torch.avg_pool2d(x.tanh(), 2, 2);
        x = torch.conv2d(x, w.get(2), new TensorOptional(w.get(3)), ONE, new long[] {0, 0}, ONE, 1);
        x = torch.avg_pool2d(x.tanh(), 2, 2).flatten(1, -1);
        x = torch.linear(x, w.get(4), new TensorOptional(w.get(5))).tanh();
        x = torch.linear(x, w.get(6), new TensorOptional(w.get(7))).tanh();
        return torch.linear(x, w.get(8), new TensorOptional(w.get(9)));
    }

    Work train(Network network, int batch) {
        return new TorchTraining(this, network, batch);
    }

    Work infer(Network network, int batch) {
        var net = new TorchNetwork(this, network, false);
        var x = net.input(batch);
        return work(() -> {
            try (var _ = new NoGradGuard()) {
                return network.forward(net, x);
            }
        });
    }

    boolean isBf16() {
        return dtype == Precision.BF16;
    }

    private Tensor tensor(int stream, double scale, long... shape) {
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        var values = tensor(Numbers.uniform(stream, count, scale), shape);
        return isBf16() ? values.to(torch.ScalarType.BFloat16) : values;
    }

    /** In float32, in the memory format of this side. */
    Tensor tensor(float[] values, long... shape) {
        try (var data = new FloatPointer(values)) {
            var tensor = torch.from_blob(data, shape).clone();
            return channelsLast && shape.length == 4 ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor;
        }
    }

    static Tensor longs(long[] values) {
        try (var data = new LongPointer(values)) {
            return torch.from_blob(data, new long[] {values.length}, torch.dtype(torch.ScalarType.Long))
                    .clone();
        }
    }

    static float[] floats(Tensor tensor) {
        var dense = tensor.detach().to(torch.ScalarType.Float).contiguous();
        var values = new float[Math.toIntExact(dense.numel())];
        dense.data_ptr_float().get(values);
        return values;
    }

    private static Work work(Supplier<Tensor> step) {
        return work(step, UnaryOperator.identity());
    }

    private static Work work(Supplier<Tensor> step, UnaryOperator<Tensor> outcome) {
        return Work.of(
                () -> {
                    try (var scope = new PointerScope()) {
                        var _ = step.get();
                    }
                },
                () -> {
                    try (var scope = new PointerScope()) {
                        return floats(outcome.apply(step.get()));
                    }
                });
    }
}
