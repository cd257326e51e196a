package akari.bench;

import akari.nn.AvgPool2d;
import akari.nn.Conv2d;
import akari.nn.Flatten;
import akari.nn.Linear;
import akari.nn.Sequential;
import akari.nn.Tanh;
import java.util.List;

/** LeNet-5 as both sides of {@code lenet-train} build it: 28 × 28 with padding 2, tanh, average pooling. */
final class LeNetRace {
    static final double LEARNING_RATE = 0.01;
    static final double MOMENTUM = 0.9;
    static final int INPUT_STREAM = 100;

    /** Parameters in the order of PyTorch's {@code state_dict}; the streams of {@link Numbers} are their positions. */
    static final List<NetworkParameter> PARAMETERS = List.of(
            weight(0, 6, 1, 5, 5),
            bias(1, 6),
            weight(2, 16, 6, 5, 5),
            bias(3, 16),
            weight(4, 120, 400),
            bias(5, 120),
            weight(6, 84, 120),
            bias(7, 84),
            weight(8, 10, 84),
            bias(9, 10));

    private LeNetRace() {}

    /** The network in Akari. */
    static Sequential model() {
        return new Sequential(
                new Conv2d(1, 6, 5).padding(2),
                new Tanh(),
                new AvgPool2d(2),
                new Conv2d(6, 16, 5),
                new Tanh(),
                new AvgPool2d(2),
                new Flatten(),
                new Linear(400, 120),
                new Tanh(),
                new Linear(120, 84),
                new Tanh(),
                new Linear(84, 10));
    }

    record NetworkParameter(int stream, double scale, long... shape) {}

    private static NetworkParameter weight(int stream, long... shape) {
        long fanIn = 1;
        for (int i = 1; i < shape.length; i++) fanIn *= shape[i];
        return new NetworkParameter(stream, Math.sqrt(3.0 / fanIn), shape);
    }

    private static NetworkParameter bias(int stream, long size) {
        return new NetworkParameter(stream, 0.1, size);
    }
}
