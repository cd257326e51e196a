package akari.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akari.nn.Functional;
import akari.nn.Module;
import akari.optim.SGD;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.Models;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training a network that takes every fast path gives the same bits again. */
class ReproducibilityTest {
    private record Run(List<Double> losses, float[] weights) {}

    private static Run train() {
        Tensors.manualSeed(5);
        Module net = Models.create("wrn_16_4", 10);
        SGD optimizer = new SGD(net.parameters()).lr(0.05).momentum(0.9).weightDecay(5e-4);
        Tensor x = Tensors.randn(16, 3, 32, 32);
        Tensor y = Tensors.randint(0, 10, 16);
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            optimizer.zeroGrad();
            Tensor loss = Functional.crossEntropy(net.forward(x), y);
            loss.backward();
            optimizer.step();
            losses.add(loss.item());
        }
        List<Tensor> flat =
                net.parameters().stream().map(p -> p.detach().flatten()).toList();
        return new Run(losses, Tensors.cat(flat, 0).toFloats());
    }

    @Test
    void wideResNetTrainsToTheSameBits() {
        Run first = train();
        Run second = train();
        assertEquals(first.losses, second.losses);
        assertArrayEquals(first.weights, second.weights);
    }
}
