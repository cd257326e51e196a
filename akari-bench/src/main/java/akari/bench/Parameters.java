package akari.bench;

import akari.bench.NetworkParameter.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@link Network} for its state. What flows is the number of channels. */
final class Parameters implements NetworkBuilder<Integer> {
    private final List<NetworkParameter> found = new ArrayList<>();

    private Parameters() {}

    static List<NetworkParameter> of(Network network) {
        var all = new Parameters();
        var _ = network.forward(all, 3);
        return all.found;
    }

    @Override
    public Integer conv(Integer x, String name, int channels, int kernel, int stride, boolean depthwise) {
        found.add(NetworkParameter.weight(name + ".weight", found.size(), channels, depthwise ? 1 : x, kernel, kernel));
        return channels;
    }

    @Override
    public Integer norm(Integer x, String name) {
        found.add(new NetworkParameter(name + ".weight", found.size(), Kind.NORM, 1, 0.25, x));
        found.add(new NetworkParameter(name + ".bias", found.size(), Kind.NORM, 0, 0.1, x));
        found.add(new NetworkParameter(name + ".running_mean", found.size(), Kind.STATISTIC, 0, 0.1, x));
        found.add(new NetworkParameter(name + ".running_var", found.size(), Kind.STATISTIC, 1, 0.5, x));
        return x;
    }

    @Override
    public Integer linear(Integer x, String name, int classes) {
        found.add(NetworkParameter.weight(name + ".weight", found.size(), classes, x));
        found.add(new NetworkParameter(name + ".bias", found.size(), Kind.WEIGHT, 0, 0.1, classes));
        return classes;
    }

    @Override
    public Integer relu(Integer x) {
        return x;
    }

    @Override
    public Integer relu6(Integer x) {
        return x;
    }

    @Override
    public Integer add(Integer x, Integer y) {
        return x;
    }

    @Override
    public Integer maxPool(Integer x) {
        return x;
    }

    @Override
    public Integer average(Integer x) {
        return x;
    }
}
