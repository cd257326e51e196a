package akari.examples;

import static akari.formula.Formula.sin;

import akari.core.DType;
import akari.formula.Pointwise;
import akari.nn.Linear;
import akari.nn.Module;
import akari.optim.Adam;
import akari.tensor.Autograd;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/** An activation of one's own with a learnt parameter: a formula, from which one compiled pass and all gradients come. It learns a wave. */
public final class OwnActivation extends Module {
    private static final Pointwise SNAKE =
            Pointwise.of("snake", (x, a) -> x.plus(sin(a.times(x)).square().over(a)));

    private final Linear fc1 = new Linear(1, 32);
    private final Tensor alpha = parameter(Tensors.ones(32));
    private final Linear fc2 = new Linear(32, 1);

    @Override
    protected Tensor compute(Tensor x) {
        return fc2.forward(fc1.forward(x).apply(SNAKE, alpha)); // alpha is broadcast, and has a gradient
    }

    public static void main(String[] args) {
        var point = Tensors.tensor(0.5).to(DType.FLOAT64).requiresGrad_();
        System.out.println("snake(0.5) " + point.apply(SNAKE, 1).item());
        System.out.println("slopes right twice " + Autograd.gradgradcheck(in -> in[0].apply(SNAKE, 1), point));

        Tensors.manualSeed(0);
        var net = new OwnActivation();
        var x = Tensors.linspace(-3, 3, 64).unsqueeze(1);
        var wave = x.mul(3).sin();
        var optimizer = new Adam(net.parameters(), 0.01);
        for (int step = 0; step <= 400; step++) {
            optimizer.zeroGrad();
            var loss = net.forward(x).sub(wave).square().mean();
            loss.backward();
            optimizer.step();
            if (step % 200 == 0) {
                System.out.printf("step %d loss %.4f%n", step, loss.item());
            }
        }
    }
}
