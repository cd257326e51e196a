package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.FINITE;
import static akari.testkit.cases.Domain.MODERATE;

import akari.core.DType;
import akari.tensor.Tensor;

/** Activations. */
final class ActivationCases extends Family {
    ActivationCases() {
        unary("torch.relu(x)", ANY, Tensor::relu);
        unary("torch.relu6(x)", ANY, Tensor::relu6);
        unary("torch.leaky_relu(x, 0.01)", ANY, x -> x.leakyRelu(0.01));
        unary("torch.elu(x, 0.7)", ANY, x -> x.elu(0.7));
        unary("torch.selu(x)", ANY, Tensor::selu);
        unary("torch.celu(x, 2)", ANY, x -> x.celu(2)); // PyTorch rounds 1/alpha to float32, so let it be exact
        unary("torch.sigmoid(x)", ANY, Tensor::sigmoid);
        unary("torch.log_sigmoid(x)", ANY, Tensor::logSigmoid);
        unary("torch.silu(x)", ANY, Tensor::silu);
        unary("torch.mish(x)", ANY, Tensor::mish);
        unary("torch.gelu(x)", FINITE, Tensor::gelu); // in float32 PyTorch gives NaN at infinity
        unary("torch.gelu(x, approximate='tanh')", FINITE, Tensor::geluTanh);
        unary("torch.tanh(x)", ANY, Tensor::tanh);
        unary("x - torch.tanh(x)", ANY, Tensor::tanhshrink).pointwise = false; // a difference, which cancels
        unary("torch.hardtanh(x, -1.0, 1.0)", ANY, x -> x.hardtanh(-1, 1));
        // PyTorch's own slope is 1/6 in float32, always
        unary("torch.relu6(x + 3) / 6", ANY, Tensor::hardsigmoid).floatingOnly("x + 3 wraps around");
        // its slope at ±3 changed between versions
        unary("torch.hardswish(x)", MODERATE, Tensor::hardswish)
                .without("rounded to a half, some points fall on ±3", DType.FLOAT16, DType.BFLOAT16);
        unary("torch.softplus(x, 1, 20)", ANY, x -> x.softplus(1, 20));
        unary("torch.softplus(x, 2, 3)", ANY, x -> x.softplus(2, 3));
        unary("x / (1 + torch.abs(x))", ANY, Tensor::softsign).floatingOnly("1 + |x| wraps around");
        unary("torch.softshrink(x, 0.5)", ANY, x -> x.softshrink(0.5));
        unary("torch.hardshrink(x, 0.5)", ANY, x -> x.hardshrink(0.5));
        unary("torch.threshold(x, 0.5, -7)", ANY, x -> x.threshold(0.5, -7));
        add("torch.prelu(x, y)", d -> {
            long[] shape = d.full(2, 4);
            long weights = d.coin() ? 1 : shape[1];
            return new Question(
                    "torch.prelu(x, y)", Operand.of(MODERATE, shape), Operand.of(MODERATE, weights), Tensor::prelu);
        });
    }
}
