package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.core.Shape;
import akari.testkit.Golden;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Jacobians, Hessians, products with them, and the public check of gradients. */
class DerivativesTest {
    private static Tensor of(double... values) {
        return Tensors.of(DType.FLOAT64, values, Shape.of(values.length));
    }

    private static void assertValues(Tensor t, double... expected) {
        assertArrayEquals(expected, t.toDoubles(), 1e-12);
    }

    // ---- first order

    @Test
    void aJacobian() {
        Tensor j = Derivatives.jacobian(x -> x.square().mul(x.sum()), of(1, 2));
        assertEquals(Shape.of(2, 2), j.shape());
        assertValues(j, 2 * 3 + 1, 1, 4, 4 * 3 + 4);
        assertFalse(j.requiresGrad());
        Tensor m = Derivatives.jacobian(x -> x.sum(0), Golden.tensor(DType.FLOAT64, 1, 1, 0, 2, 3));
        assertEquals(Shape.of(3, 2, 3), m.shape());
        assertValues(m, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1);
        assertEquals(
                Shape.of(0, 2),
                Derivatives.jacobian(x -> x.narrow(0, 0, 0), of(1, 2)).shape());
    }

    @Test
    void severalInputsAndResults() {
        Tensor[][] j = Derivatives.jacobian(
                in -> new Tensor[] {in[0].mul(in[1]), in[1].sum()}, new Tensor[] {of(1, 2), of(3, 4)}, false, false);
        assertValues(j[0][0], 3, 0, 0, 4);
        assertValues(j[0][1], 1, 0, 0, 2);
        assertValues(j[1][0], 0, 0);
        assertValues(j[1][1], 1, 1);
    }

    @Test
    void productsFromBothSides() {
        Tensor x = of(1, 2);
        UnaryOperator<Tensor> f = t -> t.square().mul(t.sum()); // J = [[7, 1], [4, 16]]
        Derivatives.Product left = Derivatives.vjp(f, x, of(1, 10));
        assertValues(left.output(), 3, 12);
        assertValues(left.value(), 47, 161);
        Derivatives.Product right = Derivatives.jvp(f, x, of(1, 10));
        assertValues(right.output(), 3, 12);
        assertValues(right.value(), 17, 164);
        assertValues(Derivatives.vjp(t -> t.square().sum(), x, null).value(), 2, 4);
        assertThrows(IllegalArgumentException.class, () -> Derivatives.vjp(f, x, null));
        assertThrows(IllegalArgumentException.class, () -> Derivatives.jvp(f, x, of(1)));
    }

    @Test
    void aGraphOfTheDerivative() {
        Tensor x = of(1, 2).requiresGrad_();
        Tensor j = Derivatives.jacobian(t -> t.pow(3), x, true, false);
        j.sum().backward();
        assertValues(x.grad(), 6, 12);
        x.grad(null);
        Derivatives.jvp(t -> t.pow(3), x, of(1, 1), true, false).value().sum().backward();
        assertValues(x.grad(), 6, 12);
    }

    @Test
    void strictness() {
        Tensor x = of(1, 2);
        UnaryOperator<Tensor> constant = _ -> of(5);
        assertValues(Derivatives.jacobian(constant, x), 0, 0);
        assertValues(Derivatives.jvp(constant, x, of(1, 1)).value(), 0);
        assertValues(Derivatives.hessian(t -> t.sum(), x), 0, 0, 0, 0);
        assertThrows(IllegalStateException.class, () -> Derivatives.jacobian(constant, x, false, true));
        assertThrows(IllegalStateException.class, () -> Derivatives.vjp(constant, x, of(1), false, true));
        assertThrows(IllegalStateException.class, () -> Derivatives.jacobian(t -> t.mul(2), x, true, true));
    }

    // ---- second order

    @Test
    void aHessian() {
        Tensor x = of(1, 2);
        UnaryOperator<Tensor> f = t -> t.pow(3).sum().mul(t.sum()); // (a³ + b³)(a + b)
        double[] h = {2 * 3 + 6 * 3, 3 + 12, 3 + 12, 24 + 12 * 3};
        assertValues(Derivatives.hessian(f, x), h);
        Derivatives.Product p = Derivatives.vhp(f, x, of(1, 10));
        assertValues(p.output(), 27);
        assertValues(p.value(), h[0] + 10 * h[2], h[1] + 10 * h[3]);
        assertValues(Derivatives.hvp(f, x, of(1, 10)).value(), h[0] + 10 * h[1], h[2] + 10 * h[3]);
        Tensor[][] all =
                Derivatives.hessian(in -> in[0].mul(in[1]).sum(), new Tensor[] {of(1, 2), of(3, 4)}, false, false);
        assertValues(all[0][0], 0, 0, 0, 0);
        assertValues(all[0][1], 1, 0, 0, 1);
        assertThrows(IllegalArgumentException.class, () -> Derivatives.hessian(t -> t.square(), x));
    }

    // ---- gradcheck

    /** Right forward, wrong backward. */
    private record Wrong() implements AutogradFunction {
        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            return new Tensor[] {in[0].mul(in[1])};
        }

        @Override
        public Tensor[] backward(Context ctx, Tensor[] g) {
            return new Tensor[] {g[0].mul(0), g[0].mul(0)};
        }
    }

    @Test
    void gradcheck() {
        Tensor a = of(1, 2).requiresGrad_();
        Tensor b = of(3, -4).requiresGrad_();
        assertTrue(Autograd.gradcheck(in -> in[0].mul(in[1]).tanh(), a, b));
        assertTrue(Autograd.gradgradcheck(in -> in[0].mul(in[1]).tanh(), a, b));
        assertTrue(Autograd.gradcheckAll(
                in -> new Tensor[] {in[0].exp(), in[0].gt(1), in[1].sum()}, new Tensor[] {a, b}, 1e-6, 1e-5, 1e-3));
        Autograd.GradcheckError e = assertThrows(
                Autograd.GradcheckError.class, () -> Autograd.gradcheck(in -> new Wrong().apply(in), a, b));
        assertTrue(e.getMessage().contains("element 0 of result 0 by element 0 of input 0"), e.getMessage());
        assertTrue(e.getMessage().contains("0.00000000 by backward and 3.0000"), e.getMessage());
        assertThrows(
                Autograd.GradcheckError.class,
                () -> Autograd.gradgradcheck(in -> in[0].mul(in[0].detach()).mul(in[0]), a));
        assertThrows(IllegalArgumentException.class, () -> Autograd.gradcheck(in -> in[0], tensor(1.0)));
    }

    @Test
    void gradcheckOfFloat32SaysSo() {
        Tensor x = tensor(0.3, 0.7).requiresGrad_();
        Autograd.GradcheckError e =
                assertThrows(Autograd.GradcheckError.class, () -> Autograd.gradcheck(in -> in[0].exp(), x));
        assertTrue(e.getMessage().contains("float64"), e.getMessage());
    }
}
