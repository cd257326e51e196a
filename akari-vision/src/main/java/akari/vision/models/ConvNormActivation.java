package akari.vision.models;

import akari.core.Shape;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.KeepsNothing;
import akari.nn.Module;
import akari.nn.StateKey;
import akari.tensor.Tensor;

/** A convolution without bias, padded so that stride 1 keeps the size; batch normalisation; an activation. Keys {@code 0}, {@code 1}. */
@KeepsNothing
final class ConvNormActivation extends Module {
    @StateKey("0")
    private final Conv2d conv;

    @StateKey("1")
    private final BatchNorm2d norm;

    @StateKey("2")
    private final Module activation;

    ConvNormActivation(long in, long out, long kernel, long stride, long groups, Module activation) {
        conv = new Conv2d(
                in,
                out,
                Shape.fill(2, kernel),
                Shape.fill(2, stride),
                Shape.fill(2, (kernel - 1) / 2),
                Shape.fill(2, 1),
                groups,
                false);
        norm = new BatchNorm2d(out);
        this.activation = activation;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return norm.forward(conv.forward(x), activation);
    }
}
