package akari.nn;

import akari.tensor.Tensor;
import akari.tensor.Tensors;

/** {@link Tensor#prelu} with learned slopes, one or one for each channel; they start at 0.25. */
@KeepsNothing
public final class PReLU extends Module {
    private final Tensor weight;

    /** One slope for all channels, at first 0.25. */
    public PReLU() {
        this(1, 0.25);
    }

    /**
     * A slope for each channel, {@code x} being {@code [N, channels, …]}, at first 0.25; one slope serves all channels.
     */
    public PReLU(long channels) {
        this(channels, 0.25);
    }

    /** @param init the slopes at first */
    public PReLU(long channels, double init) {
        weight = parameter(Tensors.full(init, channels));
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.prelu(weight);
    }

    @Override
    protected String extraRepr() {
        return "num_parameters=" + weight.numel();
    }
}
