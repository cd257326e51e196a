package akari.bench;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an operation costs beside its arithmetic: 16 floats, unrecorded and recorded. Run by tools/jmh, beside {@link TorchSmallOps};
 * results are left to the collector, as users leave them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmallOps {
    private Tensor x;
    private Tensor y;
    private Tensor matrix;
    private Tensor leaf;
    private Tensor matrixLeaf;

    @Setup
    public void tensors() {
        x = Tensors.tensor(Numbers.uniform(1, 16, 1));
        y = Tensors.tensor(Numbers.uniform(2, 16, 1));
        matrix = x.reshape(4, 4).contiguous();
        leaf = x.clone().requiresGrad_();
        matrixLeaf = matrix.clone().requiresGrad_();
    }

    @Benchmark
    public Tensor add() {
        return x.add(y);
    }

    @Benchmark
    public Tensor addRecorded() {
        return leaf.add(y);
    }

    @Benchmark
    public Tensor relu() {
        return x.relu();
    }

    @Benchmark
    public Tensor reluRecorded() {
        return leaf.relu();
    }

    @Benchmark
    public Tensor sum() {
        return x.sum();
    }

    @Benchmark
    public Tensor sumRecorded() {
        return leaf.sum();
    }

    @Benchmark
    public Tensor matmul() {
        return matrix.matmul(matrix);
    }

    @Benchmark
    public Tensor matmulRecorded() {
        return matrixLeaf.matmul(matrix);
    }

    /** A whole pass: record a sum of two, reduce it, walk back. */
    @Benchmark
    public Tensor addSumBackward() {
        leaf.zeroGrad();
        leaf.add(y).sum().backward();
        return leaf;
    }
}
