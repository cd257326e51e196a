package akari.testkit;

import static akari.testkit.TorchCases.Domain.ANY;
import static akari.testkit.TorchCases.Domain.FINITE;
import static akari.testkit.TorchCases.Domain.MODERATE;
import static akari.testkit.TorchCases.Domain.POSITIVE;
import static akari.testkit.TorchCases.Domain.UNIT;

import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.Pooling;
import akari.backend.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Every operation in PyTorch's spelling and in Akari's, with the inputs that it is compared on. */
final class TorchCases {
    private final List<Case> cases = new ArrayList<>();

    /** An operation that is compared, and how a question about it is drawn. */
    record Case(String name, Function<Draw, Question> draw) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The same computation in both languages; PyTorch knows the operands as x, y, z, u and v. */
    record Question(String torch, Function<Tensor[], List<Tensor>> akari, Operand... operands) {
        Question(String torch, Operand x, UnaryOperator<Tensor> akari) {
            this(torch, t -> List.of(akari.apply(t[0])), x);
        }

        Question(String torch, Operand x, Operand y, BinaryOperator<Tensor> akari) {
            this(torch, t -> List.of(akari.apply(t[0], t[1])), x, y);
        }
    }

    /** What the elements of an operand are. */
    enum Domain {
        /** ±0, kinks and large numbers among moderate ones; in every other question ±∞ and NaN as well. */
        ANY,
        /** As ANY, without ±∞, NaN and what is near overflow. */
        FINITE,
        /** In [-3, 3]. */
        MODERATE,
        /** In [-1, 1], for sums of many products. */
        UNIT,
        POSITIVE
    }

    /** A floating operand of the run's type, or one of fixed type and values. */
    record Operand(Shape shape, Domain domain, boolean requiresGrad, DType fixedType, double[] fixedValues) {
        static Operand of(Domain domain, long... shape) {
            return new Operand(Shape.of(shape), domain, true, null, null);
        }

        static Operand of(DType type, Shape shape, double... values) {
            return new Operand(shape, MODERATE, false, type, values);
        }

        Operand constant() {
            return new Operand(shape, domain, false, fixedType, fixedValues);
        }
    }

    /** A seeded source of shapes and choices. */
    static final class Draw {
        final Random random;

        Draw(Random random) {
            this.random = random;
        }

        /** A size; 0 one time in twenty. */
        long size() {
            return random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(6);
        }

        long[] shape(int minRank, int maxRank) {
            return random.longs(between(minRank, maxRank), 0, 1)
                    .map(i -> size())
                    .toArray();
        }

        /** A shape without a size of 0. */
        long[] full(int minRank, int maxRank) {
            return Arrays.stream(shape(minRank, maxRank))
                    .map(n -> Math.max(n, 2))
                    .toArray();
        }

        int between(int low, int high) {
            return low + random.nextInt(high - low + 1);
        }

        boolean coin() {
            return random.nextBoolean();
        }

        /** A dimension of the shape, counted from either end. */
        int dim(long[] shape) {
            return between(-shape.length, shape.length - 1);
        }

        /** A shape that broadcasts against the given one: leading dimensions left out, some sizes 1. */
        long[] broadcast(long[] shape) {
            long[] part = Arrays.copyOfRange(shape, between(0, shape.length), shape.length);
            return Arrays.stream(part).map(n -> random.nextInt(3) == 0 ? 1 : n).toArray();
        }

        Operand indices(int below, long... shape) {
            var s = Shape.of(shape);
            return Operand.of(
                    DType.INT64,
                    s,
                    random.doubles(s.numel()).map(v -> Math.floor(v * below)).toArray());
        }

        Operand booleans(long... shape) {
            var s = Shape.of(shape);
            return Operand.of(
                    DType.BOOL, s, random.doubles(s.numel()).map(Math::rint).toArray());
        }
    }

    static List<Case> all() {
        var table = new TorchCases();
        table.activations();
        table.functions();
        table.arithmetic();
        table.comparisons();
        table.reductions();
        table.shapes();
        table.indexing();
        table.layers();
        return table.cases;
    }

    private void add(String name, Function<Draw, Question> draw) {
        cases.add(new Case(name, draw));
    }

    private void unary(String torch, Domain domain, UnaryOperator<Tensor> akari) {
        add(torch, d -> new Question(torch, Operand.of(domain, d.shape(0, 4)), akari));
    }

    private void binary(String torch, Domain domain, BinaryOperator<Tensor> akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            var full = Operand.of(domain, shape);
            var part = Operand.of(domain, d.broadcast(shape));
            return d.coin() ? new Question(torch, full, part, akari) : new Question(torch, part, full, akari);
        });
    }

    private void activations() {
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
        unary("x - torch.tanh(x)", ANY, Tensor::tanhshrink);
        unary("torch.hardtanh(x, -1.0, 1.0)", ANY, x -> x.hardtanh(-1, 1));
        unary("torch.relu6(x + 3) / 6", ANY, Tensor::hardsigmoid); // PyTorch's own slope is 1/6 in float32, always
        unary("torch.hardswish(x)", MODERATE, Tensor::hardswish); // its slope at ±3 changed between versions
        unary("torch.softplus(x, 1, 20)", ANY, x -> x.softplus(1, 20));
        unary("torch.softplus(x, 2, 3)", ANY, x -> x.softplus(2, 3));
        unary("x / (1 + torch.abs(x))", ANY, Tensor::softsign);
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

    private void functions() {
        unary("torch.square(x)", ANY, Tensor::square);
        unary("-x", ANY, Tensor::neg);
        unary("torch.abs(x)", ANY, Tensor::abs);
        unary("torch.sign(x)", ANY, Tensor::sign);
        unary("torch.floor(x)", ANY, Tensor::floor);
        unary("torch.ceil(x)", ANY, Tensor::ceil);
        unary("torch.round(x)", ANY, Tensor::round);
        unary("torch.trunc(x)", ANY, Tensor::trunc);
        unary("torch.sqrt(x)", ANY, Tensor::sqrt);
        unary("torch.rsqrt(x)", ANY, Tensor::rsqrt);
        unary("torch.reciprocal(x)", ANY, Tensor::reciprocal);
        unary("torch.exp(x)", ANY, Tensor::exp);
        unary("torch.expm1(x)", ANY, Tensor::expm1);
        unary("torch.log(x)", ANY, Tensor::log);
        unary("torch.log1p(x)", ANY, Tensor::log1p);
        unary("torch.sin(x)", ANY, Tensor::sin);
        unary("torch.cos(x)", ANY, Tensor::cos);
        unary("torch.erf(x)", ANY, Tensor::erf);
        unary("torch.clamp(x, -0.5, 1.0)", ANY, x -> x.clamp(-0.5, 1));
        unary("torch.clamp(x, min=0.5)", ANY, x -> x.clamp(0.5, null));
        unary("torch.pow(x, 3)", ANY, x -> x.pow(3));
        unary("torch.pow(x, -1.5)", POSITIVE, x -> x.pow(-1.5));
        unary("torch.pow(x, 2)", ANY, x -> x.pow(2));
    }

    private void arithmetic() {
        binary("x + y", ANY, Tensor::add);
        binary("torch.add(x, y, alpha=-2.5)", ANY, (x, y) -> x.add(y, -2.5));
        binary("x - y", ANY, Tensor::sub);
        binary("x * y", ANY, Tensor::mul);
        binary("x / y", ANY, Tensor::div);
        binary("torch.pow(x, y)", POSITIVE, Tensor::pow);
        binary("torch.maximum(x, y)", ANY, Tensor::maximum);
        binary("torch.minimum(x, y)", ANY, Tensor::minimum);
        unary("x + 2", ANY, x -> x.add(2));
        unary("2 - x", ANY, x -> x.rsub(2));
        unary("x * 2.5", ANY, x -> x.mul(2.5));
        unary("x / 3", ANY, x -> x.div(3));
        unary("2 / x", ANY, x -> x.rdiv(2));
        for (var operator : List.of("+", "-", "*", "/")) {
            add("mixed types: x " + operator + " y", d -> {
                long[] shape = d.shape(0, 3);
                return new Question(
                        "x " + operator + " y",
                        mixed(d, shape),
                        mixed(d, d.broadcast(shape)),
                        (x, y) -> switch (operator) {
                            case "+" -> x.add(y);
                            case "-" -> x.sub(y);
                            case "*" -> x.mul(y);
                            default -> x.div(y);
                        });
            });
        }
    }

    /** Small whole numbers of any type but bool (which PyTorch does not subtract), none 0 as integers divide by them. */
    private static Operand mixed(Draw d, long... shape) {
        var types = List.of(DType.UINT8, DType.INT64, DType.FLOAT32, DType.FLOAT64);
        var s = Shape.of(shape);
        var type = types.get(d.between(0, types.size() - 1));
        return Operand.of(
                type,
                s,
                d.random.doubles(s.numel()).map(v -> 1 + Math.floor(9 * v)).toArray());
    }

    private void comparisons() {
        binary("x == y", ANY, Tensor::eq);
        binary("x != y", ANY, Tensor::ne);
        binary("x < y", ANY, Tensor::lt);
        binary("x <= y", ANY, Tensor::le);
        binary("x > y", ANY, Tensor::gt);
        binary("x >= y", ANY, Tensor::ge);
        unary("x > 0", ANY, x -> x.gt(0));
        unary("torch.isnan(x)", ANY, Tensor::isnan);
        unary("torch.isfinite(x)", ANY, Tensor::isfinite);
        unary("torch.logical_not(x)", ANY, Tensor::logicalNot);
        binary("torch.logical_and(x, y)", ANY, Tensor::logicalAnd);
        binary("torch.logical_or(x, y)", ANY, Tensor::logicalOr);
        add("torch.where(z, x, y)", d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    "torch.where(z, x, y)",
                    t -> List.of(t[0].where(t[2], t[1])),
                    Operand.of(ANY, shape),
                    Operand.of(ANY, d.broadcast(shape)),
                    d.booleans(d.broadcast(shape)));
        });
        add("x.masked_fill(y, -2)", d -> {
            long[] shape = d.shape(0, 4);
            var mask = d.booleans(d.broadcast(shape));
            return new Question("x.masked_fill(y, -2)", Operand.of(ANY, shape), mask, (x, y) -> x.maskedFill(y, -2));
        });
    }

    private interface Reduce {
        Tensor apply(Tensor x, int[] dims, boolean keepdim);
    }

    /** Over one or two dimensions; the pattern has %s for the dimensions and then for keepdim. */
    private void reduction(String torch, boolean empty, Domain domain, Reduce akari) {
        add(torch, d -> {
            long[] shape = empty ? d.shape(1, 4) : d.full(1, 4);
            int first = d.between(0, shape.length - 1);
            int second = d.between(0, shape.length - 1);
            int[] dims = first == second ? new int[] {first - shape.length} : new int[] {first, second};
            boolean keep = d.coin();
            var expression = format(torch, Arrays.toString(dims), keep ? "True" : "False");
            return new Question(expression, Operand.of(domain, shape), x -> akari.apply(x, dims, keep));
        });
    }

    private void reductions() {
        unary("x.sum()", MODERATE, Tensor::sum);
        unary("x.mean()", MODERATE, Tensor::mean);
        add("x.var()", d -> new Question("x.var()", Operand.of(MODERATE, d.full(1, 3)), Tensor::var));
        add("x.std()", d -> new Question("x.std()", Operand.of(MODERATE, d.full(1, 3)), Tensor::std));
        unary("torch.norm(x)", MODERATE, Tensor::norm);
        unary("torch.any(x)", ANY, Tensor::any);
        unary("torch.all(x)", ANY, Tensor::all);
        add("x.max()", d -> new Question("x.max()", Operand.of(ANY, d.full(0, 3)), Tensor::max));
        add("x.min()", d -> new Question("x.min()", Operand.of(ANY, d.full(0, 3)), Tensor::min));
        add("x.argmax()", d -> new Question("x.argmax()", Operand.of(ANY, d.full(0, 3)), Tensor::argmax));
        reduction("x.sum(%s, %s)", true, ANY, Tensor::sum);
        reduction("x.mean(%s, %s)", true, ANY, Tensor::mean);
        reduction("torch.var(x, %s, True, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, true, keep));
        reduction("torch.var(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, false, keep));
        reduction("torch.std(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.std(dims, false, keep));
        reduction("torch.logsumexp(x, %s, %s)", true, MODERATE, Tensor::logsumexp);
        reduction("torch.amax(x, %s, %s)", false, ANY, Tensor::amax);
        reduction("torch.amin(x, %s, %s)", false, ANY, Tensor::amin);
        along(
                "torch.max(x, %s)",
                ANY, (x, dim) -> List.of(x.max(dim).values(), x.max(dim).indices()));
        along(
                "torch.min(x, %s)",
                ANY, (x, dim) -> List.of(x.min(dim).values(), x.min(dim).indices()));
        along("torch.argmax(x, %s)", ANY, (x, dim) -> List.of(x.argmax(dim)));
        along("torch.argmin(x, %s)", ANY, (x, dim) -> List.of(x.argmin(dim, false)));
        along("torch.softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.softmax(dim)));
        along("torch.log_softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.logSoftmax(dim)));
    }

    private interface Along {
        List<Tensor> apply(Tensor x, int dim);
    }

    private void along(String torch, Domain domain, Along akari) {
        add(torch, d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            return new Question(format(torch, dim), t -> akari.apply(t[0], dim), Operand.of(domain, shape));
        });
    }

    private void shapes() {
        unary("x.reshape([-1])", MODERATE, Tensor::flatten);
        add(
                "x.flatten(1, 2)",
                d -> new Question("x.flatten(1, 2)", Operand.of(MODERATE, d.shape(3, 4)), x -> x.flatten(1, 2)));
        add("x.transpose(i, j)", d -> {
            long[] shape = d.shape(1, 4);
            int i = d.dim(shape);
            int j = d.dim(shape);
            return new Question(
                    format("x.transpose(%d, %d)", i, j), Operand.of(MODERATE, shape), x -> x.transpose(i, j));
        });
        add(
                "x.permute([2, 0, 1])",
                d -> new Question(
                        "x.permute([2, 0, 1])", Operand.of(MODERATE, d.shape(3, 3)), x -> x.permute(2, 0, 1)));
        along("x.unsqueeze(%s)", MODERATE, (x, dim) -> List.of(x.unsqueeze(dim)));
        along("x.squeeze(%s)", MODERATE, (x, dim) -> List.of(x.squeeze(dim)));
        unary("x.squeeze()", MODERATE, Tensor::squeeze);
        add(
                "x.expand([3, -1, 2])",
                d -> new Question("x.expand([3, -1, 2])", Operand.of(MODERATE, d.size(), 1), x -> x.expand(3, -1, 2)));
        along(
                "x[None].select(%s, 0)",
                MODERATE, (x, dim) -> List.of(x.unsqueeze(0).select(dim, 0)));
        add("x.slice", d -> {
            long[] shape = d.shape(1, 3);
            int dim = d.between(0, shape.length - 1);
            int start = d.between(-7, 7);
            int end = d.between(-7, 7);
            int step = d.between(1, 3);
            return new Question(
                    format("torch.slice(x, %d, %d, %d, %d)", dim, start, end, step),
                    Operand.of(MODERATE, shape),
                    x -> x.slice(dim, start, end, step));
        });
        add(
                "x.narrow(0, 1, 1)",
                d -> new Question("x.narrow(0, 1, 1)", Operand.of(MODERATE, d.full(1, 3)), x -> x.narrow(0, 1, 1)));
        along("torch.split(x, 2, %s)", MODERATE, (x, dim) -> x.split(2, dim));
        along("torch.chunk(x, 3, %s)", MODERATE, (x, dim) -> x.chunk(3, dim));
        add("torch.cat([x, y], dim)", d -> {
            long[] shape = d.shape(1, 4);
            int dim = d.between(0, shape.length - 1);
            long[] other = shape.clone();
            other[dim] = d.size();
            return new Question(
                    format("torch.cat([x, y], %d)", dim),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, other),
                    (x, y) -> Tensors.cat(List.of(x, y), dim));
        });
        add("torch.stack([x, y], dim)", d -> {
            long[] shape = d.shape(0, 3);
            int dim = d.between(0, shape.length);
            return new Question(
                    format("torch.stack([x, y], %d)", dim),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape),
                    (x, y) -> Tensors.stack(List.of(x, y), dim));
        });
    }

    private void indexing() {
        add("torch.gather(x, dim, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            int axis = Math.floorMod(dim, shape.length);
            var index = d.indices((int) shape[axis], smaller(d, shape, axis));
            return new Question(
                    format("torch.gather(x, %d, y)", dim), Operand.of(ANY, shape), index, (x, y) -> x.gather(dim, y));
        });
        add("torch.index_select(x, dim, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            var index = d.indices((int) shape[Math.floorMod(dim, shape.length)], d.size());
            return new Question(
                    format("torch.index_select(x, %d, y)", dim),
                    Operand.of(ANY, shape),
                    index,
                    (x, y) -> x.indexSelect(dim, y));
        });
        add("torch.scatter_add(x, dim, z, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.between(0, shape.length - 1);
            long[] part = smaller(d, shape, dim);
            return new Question(
                    format("torch.scatter_add(x, %d, z, y)", dim),
                    t -> List.of(t[0].scatterAdd(dim, t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, part),
                    d.indices((int) shape[dim], part));
        });
    }

    private static long[] smaller(Draw d, long[] shape, int axis) {
        long[] part = shape.clone();
        for (int i = 0; i < part.length; i++) part[i] = i == axis ? d.size() : d.between(1, (int) part[i]);
        return part;
    }

    private void layers() {
        add("torch.matmul(x, y)", d -> {
            long m = d.size();
            long k = d.size();
            long n = d.size();
            long b = d.size();
            long[][][] shapes = {
                {{m, k}, {k, n}},
                {{k}, {k}},
                {{k}, {k, n}},
                {{m, k}, {k}},
                {{b, m, k}, {b, k, n}},
                {{b, m, k}, {k, n}},
                {{2, 1, m, k}, {b, k, n}},
                {{m, k}, {b, k, n}}
            };
            long[][] pair = shapes[d.between(0, shapes.length - 1)];
            return new Question(
                    "torch.matmul(x, y)", Operand.of(UNIT, pair[0]), Operand.of(UNIT, pair[1]), Tensor::matmul);
        });
        add("torch.linear(x, y, z)", d -> {
            long in = d.between(1, 6);
            long out = d.between(1, 6);
            long[] x = d.shape(1, 3);
            x[x.length - 1] = in;
            return new Question(
                    "torch.linear(x, y, z)",
                    t -> List.of(t[0].linear(t[1], t[2])),
                    Operand.of(UNIT, x),
                    Operand.of(UNIT, out, in),
                    Operand.of(UNIT, out));
        });
        add("torch.convolution(x, y, z, …)", TorchCases::convolution);
        add("torch.max_pool2d(x, …)", d -> {
            var p = pooling(d);
            var expression = format(
                    "torch.max_pool2d(x, %s, %s, %s, %s, %s)",
                    p.kernel(), p.stride(), p.padding(), p.dilation(), p.ceilMode() ? "True" : "False");
            return new Question(expression, Operand.of(MODERATE, image(d)), x -> x.maxPool(p));
        });
        add("torch.avg_pool2d(x, …)", d -> {
            var p = pooling(d);
            var expression = format(
                    "torch.avg_pool2d(x, %s, %s, %s, %s, %s)",
                    p.kernel(),
                    p.stride(),
                    p.padding(),
                    p.ceilMode() ? "True" : "False",
                    p.countIncludePad() ? "True" : "False");
            return new Question(expression, Operand.of(MODERATE, image(d)), x -> x.averagePool(p));
        });
        add("torch.adaptive_avg_pool2d(x, …)", d -> {
            var size = Shape.of(d.between(1, 5), d.between(1, 5));
            return new Question(
                    format("torch.adaptive_avg_pool2d(x, %s)", size),
                    Operand.of(MODERATE, image(d)),
                    x -> x.averagePool(Pooling.adaptive(size)));
        });
        add("torch.batch_norm(x, y, z, u, v, …)", d -> {
            long[] shape = d.full(2, 4);
            boolean training = d.coin();
            return new Question(
                    format("torch.batch_norm(x, y, z, u, v, %s, 0.1, 1e-5, False)", training ? "True" : "False"),
                    t -> List.of(t[0].batchNorm(t[3], t[4], t[1], t[2], training, 0.1, 1e-5)),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape[1]),
                    Operand.of(MODERATE, shape[1]),
                    Operand.of(MODERATE, shape[1]).constant(),
                    Operand.of(POSITIVE, shape[1]).constant());
        });
    }

    private static Question convolution(Draw d) {
        int spatial = d.between(1, 3);
        int groups = d.between(1, 2);
        long[] stride = new long[spatial];
        long[] padding = new long[spatial];
        long[] dilation = new long[spatial];
        long[] x = new long[spatial + 2];
        long[] w = new long[spatial + 2];
        x[0] = d.between(1, 3);
        x[1] = (long) groups * d.between(1, 3);
        w[0] = (long) groups * d.between(1, 3);
        w[1] = x[1] / groups;
        for (int i = 0; i < spatial; i++) {
            stride[i] = d.between(1, 2);
            padding[i] = d.between(0, 2);
            dilation[i] = d.between(1, 2);
            w[i + 2] = d.between(1, 3);
            x[i + 2] = d.between(5, 8);
        }
        var c = new Convolution(Shape.of(stride), Shape.of(padding), Shape.of(dilation), groups);
        return new Question(
                format(
                        "torch.convolution(x, y, z, %s, %s, %s, False, %s, %d)",
                        c.stride(), c.padding(), c.dilation(), Shape.fill(spatial, 0), groups),
                t -> List.of(t[0].convolution(c, t[1], t[2])),
                Operand.of(UNIT, x),
                Operand.of(UNIT, w),
                Operand.of(UNIT, w[0]));
    }

    private static long[] image(Draw d) {
        return new long[] {d.between(1, 3), d.between(1, 4), d.between(5, 9), d.between(5, 9)};
    }

    private static Pooling pooling(Draw d) {
        var kernel = Shape.of(d.between(1, 3), d.between(1, 3));
        return new Pooling(
                kernel,
                Shape.of(d.between(1, 3), d.between(1, 3)),
                Shape.of(d.between(0, (int) kernel.get(0) / 2), d.between(0, (int) kernel.get(1) / 2)),
                Shape.of(1, 1),
                d.coin(),
                d.coin(),
                0,
                null);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
