package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.function.UnaryOperator;

/** What of random numbers can be compared: shapes and types, and distributions that leave no choice. */
final class RandomCases extends Family {
    RandomCases() {
        inPlace();
        fromTensors();
        add("torch.rand([i, j]) * 0", d -> {
            long i = d.size();
            long j = d.size();
            return new Question(
                    format("torch.rand([%d, %d]) * 0", i, j),
                    _ -> List.of(Tensors.rand(i, j).mul(0)));
        });
        add("torch.randn([i, j]) * 0", d -> {
            long i = d.size();
            long j = d.size();
            return new Question(
                    format("torch.randn([%d, %d]) * 0", i, j),
                    _ -> List.of(Tensors.randn(i, j).mul(0)));
        });
        add("torch.randint(i, i + 1, [2, 3])", d -> {
            int i = d.between(-300, 300);
            return new Question(
                    format("torch.randint(%d, %d, [2, 3])", i, i + 1), _ -> List.of(Tensors.randint(i, i + 1, 2, 3)));
        });
        add("torch.randperm(n)", d -> {
            int n = d.between(0, 1);
            return new Question(format("torch.randperm(%d)", n), _ -> List.of(Tensors.randperm(n)));
        });
        unary("torch.rand_like(x) * 0", ANY, x -> Tensors.randLike(x).mul(0));
        unary("torch.randn_like(x) * 0", ANY, x -> Tensors.randnLike(x).mul(0));
        unary("torch.randint_like(x, 1)", ANY, x -> Tensors.randintLike(x, 1));
        unary("torch.dropout(x, 0.5, False)", ANY, x -> x.dropout(0.5, false));
        unary("torch.dropout(x, 0.0, True)", ANY, x -> x.dropout(0, true));
        unary("torch.dropout(x, 1.0, True)", ANY, x -> x.dropout(1, true));
        for (boolean train : new boolean[] {true, false}) {
            channels("torch.feature_dropout(x, 1.0, " + python(train) + ")", x -> x.featureDropout(1, train));
            channels("torch.feature_dropout(x, 0.0, " + python(train) + ")", x -> x.featureDropout(0, train));
            channels("torch.alpha_dropout(x, 0.0, " + python(train) + ")", x -> x.alphaDropout(0, train));
            channels(
                    "torch.feature_alpha_dropout(x, 0.0, " + python(train) + ")", x -> x.featureAlphaDropout(0, train));
        }
        channels("torch.feature_dropout_(x * 1, 0.5, False)", x -> x.mul(1).featureDropout_(0.5, false));
        channels("torch.alpha_dropout_(x * 1, 0.5, False)", x -> x.mul(1).alphaDropout_(0.5, false));
        channels(
                "torch.feature_alpha_dropout_(x * 1, 0.5, False)", x -> x.mul(1).featureAlphaDropout_(0.5, false));
        unary("torch.dropout_(x * 1, 1.0, True)", ANY, x -> x.mul(1).dropout_(1, true));
        unary("torch.rrelu(x, 0.2, 0.4, False)", ANY, x -> x.rrelu(0.2, 0.4, false));
        unary("torch.rrelu(x, 0.25, 0.25, True)", ANY, x -> x.rrelu(0.25, 0.25, true));
    }

    private void inPlace() {
        unary("x.clone().uniform_(0.25, 0.25)", ANY, x -> x.clone().uniform_(0.25, 0.25));
        unary("x.clone().normal_(0.25, 0.0)", ANY, x -> x.clone().normal_(0.25, 0));
        unary("x.clone().bernoulli_(1.0)", ANY, x -> x.clone().bernoulli_(1));
        unary("x.clone().bernoulli_(0.0)", ANY, x -> x.clone().bernoulli_(0));
        unary(
                "x.clone().bernoulli_((x > 0).double())",
                ANY,
                x -> x.clone().bernoulli_(x.gt(0).float64()));
        unary("x.clone().random_(1)", ANY, x -> x.clone().random_(1));
        unary("x.clone().random_(7, 8)", ANY, x -> x.clone().random_(7, 8));
    }

    private void fromTensors() {
        unary("torch.bernoulli((x > 0).double())", ANY, x -> x.gt(0).float64().bernoulli());
        unary("torch.bernoulli(x.detach(), 1.0)", ANY, x -> x.detach().bernoulli(1));
        unary(
                "torch.poisson(torch.zeros_like(x))",
                ANY,
                x -> Tensors.zerosLike(x).poisson());
        unary(
                "torch.binomial(torch.floor(x.detach()), torch.ones_like(x))",
                POSITIVE,
                x -> x.detach().floor().binomial(Tensors.onesLike(x)));
        unary(
                "torch.normal(x.detach(), torch.zeros_like(x))",
                ANY,
                x -> Tensors.normal(x.detach(), Tensors.zerosLike(x)));
        add("torch.multinomial(x, n, r)", d -> {
            boolean replacement = d.coin();
            int n = replacement ? d.between(1, 5) : 1;
            Operand x = Operand.of(DType.FLOAT64, Shape.of(2, 4), 0, 0, 3, 0, 2, 0, 0, 0);
            return new Question(
                    format("torch.multinomial(x, %d, %s)", n, python(replacement)),
                    x,
                    t -> t.multinomial(n, replacement));
        });
    }

    private void channels(String torch, UnaryOperator<Tensor> akari) {
        add(torch, d -> new Question(torch, Operand.of(MODERATE, d.full(2, 4)), akari))
                .floatingOnly("noise is of floating types");
    }
}
