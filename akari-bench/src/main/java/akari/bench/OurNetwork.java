package akari.bench;

import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.MobileNetV2;
import akari.vision.models.Models;
import java.util.HashMap;
import java.util.Map;

/** The networks of the races in Akari: models of the zoo with the numbers that all sides start from. */
final class OurNetwork {
    private OurNetwork() {}

    static Module create(Network network) {
        var model = network == Network.MOBILENET_V2
                ? new MobileNetV2(1, 0, 3, network.classes) // without dropout, which no two sides draw alike
                : Models.create(network.toString(), network.classes);
        Map<String, Tensor> state = new HashMap<>();
        for (var p : network.parameters()) {
            state.put(p.name(), Tensors.tensor(p.values()).reshape(p.shape()));
        }
        var keys = model.loadStateDict(state, false);
        var missing = keys.missing().stream()
                .filter(k -> !k.endsWith("num_batches_tracked"))
                .toList();
        if (!missing.isEmpty() || !keys.unexpected().isEmpty()) {
            throw new IllegalStateException(network + " of the zoo and of the races differ: the zoo alone has "
                    + missing + ", the races alone have " + keys.unexpected());
        }
        return model;
    }

    static Tensor input(Network network, int batch) {
        int count = batch * 3 * network.size * network.size;
        return Tensors.tensor(Numbers.uniform(Recipe.INPUT_STREAM, count, 1)).reshape(network.inputShape(batch));
    }
}
