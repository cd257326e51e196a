package akari.bench;

import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@link SmallOps} in PyTorch, called from Java; each result is freed at once, as reference counting does in Python. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TorchSmallOps {
    private Tensor x;
    private Tensor y;
    private Tensor matrix;
    private Tensor leaf;
    private Tensor matrixLeaf;

    @Setup
    public void tensors() {
        var torch = new Torch(new RaceSetting(1, RaceSetting.Precision.F32, false), false);
        x = torch.tensor(Numbers.uniform(1, 16, 1), 16);
        y = torch.tensor(Numbers.uniform(2, 16, 1), 16);
        matrix = x.reshape(4, 4).contiguous();
        leaf = x.clone().set_requires_grad(true);
        matrixLeaf = matrix.clone().set_requires_grad(true);
    }

    private static long address(Tensor result) {
        try (result) {
            return result.address();
        }
    }

    @Benchmark
    public long add() {
        return address(torch.add(x, y));
    }

    @Benchmark
    public long addRecorded() {
        return address(torch.add(leaf, y));
    }

    @Benchmark
    public long relu() {
        return address(torch.relu(x));
    }

    @Benchmark
    public long reluRecorded() {
        return address(torch.relu(leaf));
    }

    @Benchmark
    public long sum() {
        return address(torch.sum(x));
    }

    @Benchmark
    public long sumRecorded() {
        return address(torch.sum(leaf));
    }

    @Benchmark
    public long matmul() {
        return address(torch.matmul(matrix, matrix));
    }

    @Benchmark
    public long matmulRecorded() {
        return address(torch.matmul(matrixLeaf, matrix));
    }

    /** A whole pass: record a sum of two, reduce it, walk back. */
    @Benchmark
    public long addSumBackward() {
        leaf.mutable_grad().reset();
        try (var sum = torch.add(leaf, y);
                var total = torch.sum(sum)) {
            total.backward();
            return total.address();
        }
    }
}
