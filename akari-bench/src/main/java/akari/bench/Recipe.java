package akari.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** What the sides agree on beside the network itself. */
final class Recipe {
    static final double MOMENTUM = 0.9;
    static final double WEIGHT_DECAY = 5e-4;
    static final double NORM_MOMENTUM = 0.1;
    static final double NORM_EPSILON = 1e-5;
    static final int INPUT_STREAM = 1000;

    private static final int CHECKED_STEPS = 2;

    private Recipe() {}

    /** State whose values after some steps are compared: first and middle convolution, the linear layer, statistics. */
    static List<NetworkParameter> watched(Network network) {
        var all = network.parameters();
        var convolutions = all.stream().filter(p -> p.shape().length == 4).toList();
        var watched = new ArrayList<>(List.of(convolutions.getFirst(), convolutions.get(convolutions.size() / 2)));
        watched.add(all.get(all.size() - 2));
        watched.addAll(all.stream()
                .filter(p -> p.name().endsWith("running_var"))
                .limit(1)
                .toList());
        return watched;
    }

    /**
     * Trains a fresh network for two steps. Of weights their change counts, not their value, which a wrong gradient would hardly
     * move.
     *
     * @param step does a step and returns its loss
     * @param state reads a tensor of the state by name
     */
    static Map<String, float[]> train(Network network, DoubleSupplier step, Function<String, float[]> state) {
        var losses = new float[CHECKED_STEPS];
        for (int i = 0; i < CHECKED_STEPS; i++) losses[i] = (float) step.getAsDouble();
        var found = new LinkedHashMap<String, float[]>();
        found.put("losses", losses);
        for (var p : watched(network)) {
            var change = state.apply(p.name());
            var before = p.values();
            for (int i = 0; i < change.length; i++) change[i] -= before[i];
            found.put(Check.CHANGE + p.name(), change);
        }
        return found;
    }
}
