package akari.examples;

import akari.nn.Linear;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.tensor.Tensors;

/** Linear layers: what they hold, and what they make of a batch. */
public final class LinearLayers {
    private LinearLayers() {}

    public static void main(String[] args) {
        Tensors.manualSeed(0);

        var linear = new Linear(10, 20);
        System.out.println(linear);
        System.out.println("weight " + linear.weight().shape());
        linear.namedParameters().forEach((name, p) -> System.out.println(name + " " + p.shape()));
        System.out.println("output " + linear.forward(Tensors.randn(5, 10)).shape());

        var net = new Sequential(new Linear(3, 2), new ReLU());
        var y = net.forward(Tensors.randn(4, 3));
        System.out.println(net);
        System.out.println(y);

        y.sum().backward();
        System.out.println("gradients");
        net.namedParameters().forEach((name, p) -> System.out.println(name + " " + p.grad()));
    }
}
