package akari.vision.models;

import akari.core.Shape;
import akari.nn.AvgPool2d;
import akari.nn.Conv2d;
import akari.nn.KeepsNothing;
import akari.nn.Linear;
import akari.nn.Module;
import akari.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LeNet-5 (LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document recognition", 1998) for 28×28 images, with
 * the usual simplifications: the second convolution sees all maps, pooling has no weights, the output is linear.
 */
@KeepsNothing
public final class LeNet extends Module {
    private final Conv2d conv1;
    private final Conv2d conv2 = new Conv2d(6, 16, 5);
    private final Linear fc1 = new Linear(400, 120);
    private final Linear fc2 = new Linear(120, 84);
    private final Linear fc3;
    private final AvgPool2d pool = new AvgPool2d(2);

    /** For {@code [N, channels, 28, 28]}. */
    public LeNet(long channels, long classes) {
        conv1 = new Conv2d(channels, 6, 5).padding(2);
        fc3 = new Linear(84, classes);
    }

    @Override
    protected Tensor compute(Tensor x) {
        x = pool.forward(conv1.forward(x).tanh());
        x = pool.forward(conv2.forward(x).tanh());
        x = fc1.forward(x.flatten(1, -1)).tanh();
        x = fc2.forward(x).tanh();
        return fc3.forward(x);
    }

    static Map<String, Models.Entry> entries() {
        Map<String, Models.Entry> rows = new LinkedHashMap<>();
        rows.put("lenet", new Models.Entry("LeNet-5", Shape.of(1, 28, 28), 28, 10, LeNet::new));
        return rows;
    }
}
