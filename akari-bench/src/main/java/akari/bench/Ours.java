package akari.bench;

import akari.bench.Setting.Precision;
import akari.backend.Backend;
import akari.backend.Device;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.function.Supplier;

/** Akari's side of the races, as its users write it: nothing is closed. */
final class Ours {
    Ours(Setting setting) {
        if (setting.dtype() != Precision.F32) {
            throw new IllegalArgumentException("Akari has no tensors of dtype " + setting.dtype() + ". Race in f32.");
        }
        Backend.of(Device.CPU).threads(setting.threads());
    }

    static String version(Setting setting) {
        var backend = Backend.of(Device.CPU);
        backend.threads(setting.threads());
        return "Akari (" + backend.describe() + ")";
    }

    Work add(int count) {
        var x = tensor(1, 1, count);
        var y = tensor(2, 1, count);
        return work(() -> x.add(y));
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

    private static Tensor tensor(int stream, double scale, long... shape) {
        long count = 1;
        for (long size : shape) count *= size;
        return Tensors.tensor(Numbers.uniform(stream, Math.toIntExact(count), scale)).reshape(shape);
    }

    private static Work work(Supplier<Tensor> step) {
        return new Work() {
            @Override
            public void run() {
                var _ = step.get();
            }

            @Override
            public float[] result() {
                return step.get().toFloats();
            }
        };
    }
}
