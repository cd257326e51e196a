package akari.examples;

import akari.nn.BatchNorm1d;
import akari.nn.Linear;
import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/** A fully connected net with batch normalisation, 784-256-128-10, applied in eval mode to ten random images. */
public final class BatchNormNet extends Module {
    private final Linear fc1 = new Linear(784, 256);
    private final BatchNorm1d bn1 = new BatchNorm1d(256).trackRunningStats(true);
    private final Linear fc2 = new Linear(256, 128);
    private final BatchNorm1d bn2 = new BatchNorm1d(128).trackRunningStats(true);
    private final Linear fc3 = new Linear(128, 10);

    @Override
    protected Tensor compute(Tensor x) {
        x = bn1.forward(fc1.forward(x)).relu();
        x = bn2.forward(fc2.forward(x)).relu();
        return fc3.forward(x);
    }

    public static void main(String[] args) {
        Tensors.manualSeed(0);
        var net = new BatchNormNet();
        System.out.println(net);

        net.eval(); // normalise by the running statistics, not by those of this batch
        var x = Tensors.randn(10, 784);
        var y = Tensors.noGrad(() -> net.forward(x));

        System.out.println("output " + y.shape());
        System.out.println(y);
    }
}
