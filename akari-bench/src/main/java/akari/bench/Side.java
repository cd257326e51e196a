package akari.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Those who race. Each runs in a process of its own, so that their native libraries never meet. */
enum Side {
    AKARI,
    /** Contiguous tensors, NCHW: PyTorch's default. */
    PYTORCH,
    /** Images and the weights of convolutions in PyTorch's channels_last format: what its users choose for speed. */
    PYTORCH_CHANNELS_LAST,
    ONNXRUNTIME;

    static Side of(String name) {
        for (var side : values()) {
            if (side.toString().equals(name)) return side;
        }
        throw new IllegalArgumentException("unknown peer " + name + ". There are "
                + String.join(", ", PEERS.stream().map(Side::toString).toList()) + " and all.");
    }

    static final List<Side> PEERS = Arrays.stream(values()).skip(1).toList();

    String version(RaceSetting setting) {
        return switch (this) {
            case AKARI -> Ours.version(setting);
            case PYTORCH -> Torch.version(setting) + " NCHW";
            case PYTORCH_CHANNELS_LAST -> Torch.version(setting) + " channels_last";
            case ONNXRUNTIME -> Onnx.version();
        };
    }

    Work prepare(Contest contest, RaceSetting setting) {
        return switch (this) {
            case AKARI -> contest.ours().apply(new Ours(setting));
            case PYTORCH, PYTORCH_CHANNELS_LAST ->
                contest.torch().apply(new Torch(setting, this == PYTORCH_CHANNELS_LAST));
            case ONNXRUNTIME -> contest.onnx().apply(new Onnx(setting));
        };
    }

    /** As on the command line: {@code pytorch-channels-last}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
