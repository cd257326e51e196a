package akari.optim;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers from PyTorch 1.13. */
final class Reference {
    private Reference() {}

    static JsonNode read(String name) {
        try (InputStream in =
                new GZIPInputStream(Objects.requireNonNull(Reference.class.getResourceAsStream(name), name))) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] doubles(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /** A float64 vector that requires a gradient. */
    static Tensor parameter(JsonNode list) {
        double[] values = doubles(list);
        return Tensors.of(DType.FLOAT64, values, Shape.of(values.length)).requiresGrad_();
    }

    static SGD sgd(Tensor p, JsonNode args) {
        SGD opt = new SGD(java.util.List.of(p));
        args.propertyStream().forEach(e -> {
            switch (e.getKey()) {
                case "lr" -> opt.lr(e.getValue().asDouble());
                case "momentum" -> opt.momentum(e.getValue().asDouble());
                case "dampening" -> opt.dampening(e.getValue().asDouble());
                case "weight_decay" -> opt.weightDecay(e.getValue().asDouble());
                case "nesterov" -> opt.nesterov(e.getValue().asBoolean());
                case "maximize" -> opt.maximize(e.getValue().asBoolean());
                default -> throw new IllegalArgumentException(e.getKey());
            }
        });
        return opt;
    }

    static Adam adam(Tensor p, JsonNode args) {
        Adam opt = new Adam(java.util.List.of(p));
        args.propertyStream().forEach(e -> {
            switch (e.getKey()) {
                case "lr" -> opt.lr(e.getValue().asDouble());
                case "betas" ->
                    opt.betas(
                            e.getValue().get(0).asDouble(), e.getValue().get(1).asDouble());
                case "eps" -> opt.eps(e.getValue().asDouble());
                case "weight_decay" -> opt.weightDecay(e.getValue().asDouble());
                case "amsgrad" -> opt.amsgrad(e.getValue().asBoolean());
                case "maximize" -> opt.maximize(e.getValue().asBoolean());
                default -> throw new IllegalArgumentException(e.getKey());
            }
        });
        return opt;
    }

    static AdamW adamW(Tensor p, JsonNode args) {
        AdamW opt = new AdamW(java.util.List.of(p));
        args.propertyStream().forEach(e -> {
            switch (e.getKey()) {
                case "lr" -> opt.lr(e.getValue().asDouble());
                case "weight_decay" -> opt.weightDecay(e.getValue().asDouble());
                case "amsgrad" -> opt.amsgrad(e.getValue().asBoolean());
                default -> throw new IllegalArgumentException(e.getKey());
            }
        });
        return opt;
    }
}
