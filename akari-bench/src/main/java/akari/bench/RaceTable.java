package akari.bench;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.PaddingMode;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The operations that {@link OpRace} times, with the shapes and types that users meet. */
final class RaceTable {
    static final List<RaceCase> ALL;

    /** A million elements in two dimensions, of the row's type. */
    private static final String M = "* 1000x1000";

    private static final List<RaceCase> ROWS = new ArrayList<>();

    static {
        unary();
        binary();
        casts();
        reductions();
        scans();
        sorting();
        indexing();
        shaping();
        products();
        networks();
        creation();
        ALL = List.copyOf(ROWS);
    }

    private RaceTable() {}

    private static void row(
            String name, String torch, Function<Tensor[], Tensor> ours, String dtypes, String... operands) {
        ROWS.addAll(RaceCase.of(name, torch, ours, dtypes, operands));
    }

    private static void unary() {
        row("neg", "-x", in -> in[0].neg(), "f32 i64 bf16", M);
        row("abs", "x.abs()", in -> in[0].abs(), "f32 i32", M);
        row("exp", "x.exp()", in -> in[0].exp(), "f32 f64 bf16", M);
        row("expm1", "x.expm1()", in -> in[0].expm1(), "f32", M);
        row("log", "x.log()", in -> in[0].log(), "f32", "+* 1000x1000");
        row("log1p", "x.log1p()", in -> in[0].log1p(), "f32", "+* 1000x1000");
        row("log2", "x.log2()", in -> in[0].log2(), "f32", "+* 1000x1000");
        row("sqrt", "x.sqrt()", in -> in[0].sqrt(), "f32", "+* 1000x1000");
        row("rsqrt", "x.rsqrt()", in -> in[0].rsqrt(), "f32", "+* 1000x1000");
        row("reciprocal", "x.reciprocal()", in -> in[0].reciprocal(), "f32", "+* 1000x1000");
        row("sin", "x.sin()", in -> in[0].sin(), "f32 f64", M);
        row("cos", "x.cos()", in -> in[0].cos(), "f32", M);
        row("tan", "x.tan()", in -> in[0].tan(), "f32", M);
        row("atan", "x.atan()", in -> in[0].atan(), "f32", M);
        row("asin", "x.asin()", in -> in[0].asin(), "f32", M);
        row("tanh", "x.tanh()", in -> in[0].tanh(), "f32 bf16", M);
        row("sinh", "x.sinh()", in -> in[0].sinh(), "f32", M);
        row("sigmoid", "x.sigmoid()", in -> in[0].sigmoid(), "f32 bf16", M);
        row("erf", "x.erf()", in -> in[0].erf(), "f32", M);
        row("lgamma", "x.lgamma()", in -> in[0].lgamma(), "f32", "+* 1000x1000");
        row("floor", "x.floor()", in -> in[0].floor(), "f32", M);
        row("round", "x.round()", in -> in[0].round(), "f32", M);
        row("sign", "x.sign()", in -> in[0].sign(), "f32", M);
        row("square", "x.square()", in -> in[0].square(), "f32 i64", M);
        row("relu", "torch.relu(x)", in -> in[0].relu(), "f32 bf16", M);
        row("gelu", "torch.gelu(x)", in -> in[0].gelu(), "f32 bf16", M);
        row("silu", "torch.silu(x)", in -> in[0].silu(), "f32", M);
        row("softplus", "torch.softplus(x)", in -> in[0].softplus(1, 20), "f32", M);
        row("clamp", "x.clamp(-0.5, 0.5)", in -> in[0].clamp(-0.5, 0.5), "f32", M);
        row("clamp int", "x.clamp(10, 50)", in -> in[0].clamp(10, 50), "i64 u8", M);
        row("pow 3", "x.pow(3)", in -> in[0].pow(3), "f32 i64", M);
        row("pow 2.5", "x.pow(2.5)", in -> in[0].pow(2.5), "f32", "+* 1000x1000");
        row("isnan", "x.isnan()", in -> in[0].isnan(), "f32", M);
        row("logical_not", "x.logical_not()", in -> in[0].logicalNot(), "bool f32", M);
    }

    private static void binary() {
        row("add", "x + y", in -> in[0].add(in[1]), "f32 f64 i64 i32 u8 bf16", M, M);
        row("mul", "x * y", in -> in[0].mul(in[1]), "f32 i64 bf16", M, M);
        row("div", "x / y", in -> in[0].div(in[1]), "f32 i64", M, "+* 1000x1000");
        row("add scalar", "x + 3", in -> in[0].add(3), "f32 i64 u8", M);
        row("add mixed", "x + y", in -> in[0].add(in[1]), "f32", M, "i64 1000x1000");
        row("add f32+f64", "x + y", in -> in[0].add(in[1]), "f32", M, "f64 1000x1000");
        row("add row", "x + y", in -> in[0].add(in[1]), "f32 i64", M, "* 1000");
        row("add column", "x + y", in -> in[0].add(in[1]), "f32 i64", M, "* 1000x1");
        row("add transposed", "x + y.t()", in -> in[0].add(in[1].t()), "f32", M, M);
        row("floor_divide", "torch.floor_divide(x, y)", in -> in[0].floorDivide(in[1]), "f32 i64", M, "+* 1000x1000");
        row("remainder", "torch.remainder(x, y)", in -> in[0].remainder(in[1]), "f32 i64", M, "+* 1000x1000");
        row("pow", "torch.pow(x, y)", in -> in[0].pow(in[1]), "f32", "+* 1000x1000", M);
        row("atan2", "torch.atan2(x, y)", in -> in[0].atan2(in[1]), "f32", M, M);
        row("maximum", "torch.maximum(x, y)", in -> in[0].maximum(in[1]), "f32 i64", M, M);
        row("eq", "x == y", in -> in[0].eq(in[1]), "f32 i64 bool u8", M, M);
        row("lt", "x < y", in -> in[0].lt(in[1]), "f32 i64", M, M);
        row("gt scalar", "x > 0", in -> in[0].gt(0), "f32 i64 u8", M);
        row("logical_and", "torch.logical_and(x, y)", in -> in[0].logicalAnd(in[1]), "bool f32", M, M);
        row("and", "x & y", in -> in[0].bitwiseAnd(in[1]), "bool i64 u8", M, M);
        row("where", "torch.where(x, y, z)", in -> in[1].where(in[0], in[2]), "f32 i64 bf16", "bool 1000x1000", M, M);
        row("masked_fill", "x.masked_fill(y, 0.5)", in -> in[0].maskedFill(in[1], 0.5), "f32", M, "bool 1000x1000");
        row("lerp", "torch.lerp(x, y, 0.3)", in -> in[0].lerp(in[1], 0.3), "f32", M, M);
        row("addcmul", "torch.addcmul(x, y, z)", in -> in[0].addcmul(in[1], in[2]), "f32", M, M, M);
    }

    private static void casts() {
        cast("f32", DType.FLOAT64, "7");
        cast("f64", DType.FLOAT32, "6");
        cast("f32", DType.INT64, "4");
        cast("i64", DType.FLOAT32, "6");
        cast("f32", DType.BFLOAT16, "15");
        cast("bf16", DType.FLOAT32, "6");
        cast("f32", DType.FLOAT16, "5");
        cast("f16", DType.FLOAT32, "6");
        cast("f32", DType.BOOL, "11");
        cast("bool", DType.FLOAT32, "6");
        cast("bool", DType.INT64, "4");
        cast("u8", DType.FLOAT32, "6");
        cast("f32", DType.UINT8, "0");
        cast("i64", DType.INT32, "3");
        cast("i32", DType.INT64, "4");
        cast("i32", DType.FLOAT32, "6");
    }

    /** @param code PyTorch's number of the type */
    private static void cast(String from, DType to, String code) {
        row(
                "to " + to.name().toLowerCase(Locale.ROOT),
                "x.to(dtype=" + code + ")",
                in -> in[0].to(to),
                from,
                from.equals("f32") && !to.isFloating() ? "+* 1000x1000" : M);
    }

    private static void reductions() {
        row("sum", "x.sum()", in -> in[0].sum(), "f32 f64 i64 i32 u8 bool bf16", M);
        row("sum 0", "x.sum(0)", in -> in[0].sum(0), "f32 f64 i64 i32 bool bf16", M);
        row("sum 1", "x.sum(1)", in -> in[0].sum(1), "f32 f64 i64 i32 u8 bool bf16", M);
        row("sum t", "x.t().sum()", in -> in[0].t().sum(), "f32 i64", M);
        row("sum middle", "x.sum(1)", in -> in[0].sum(1), "f32 i64", "* 100x100x100");
        row("sum tiny rows", "x.sum(1)", in -> in[0].sum(1), "f32 i64", "* 250000x4");
        row("sum nchw", "x.sum([0, 2, 3])", in -> in[0].sum(0, 2, 3), "f32", "* 32x64x24x24");
        row("mean", "x.mean()", in -> in[0].mean(), "f32 bf16", M);
        row("mean 1", "x.mean(1)", in -> in[0].mean(1), "f32", M);
        row("prod 1", "x.prod(1)", in -> in[0].prod(1), "f32 i64", M);
        row("prod", "x.prod()", in -> in[0].prod(), "f32 i64", M);
        row("max", "x.max()", in -> in[0].max(), "f32 i64 i32 u8", M);
        row("amax 0", "x.amax(0)", in -> in[0].amax(0), "f32 i64 bf16", M);
        row("amin 1", "x.amin(1)", in -> in[0].amin(1), "f32 i64 u8", M);
        row("max dim 0", "x.max(0)[0]", in -> in[0].max(0).values(), "f32 i64", M);
        row("max dim 1", "x.max(1)[0]", in -> in[0].max(1).values(), "f32 i64", M);
        row("argmax", "x.argmax()", in -> in[0].argmax(), "f32 i64", M);
        row("argmax 0", "x.argmax(0)", in -> in[0].argmax(0), "f32 i64", M);
        row("argmax 1", "x.argmax(1)", in -> in[0].argmax(1), "f32 i64 u8 bf16", M);
        row("argmax logits", "x.argmax(1)", in -> in[0].argmax(1), "f32", "* 100000x10");
        row("any 0", "x.any(0)", in -> in[0].any(0), "bool f32 i64", M);
        row("all", "(x == x).all()", in -> in[0].eq(in[0]).all(), "f32 i64", M);
        row("all 1", "x.all(1)", in -> in[0].all(1), "bool f32 u8", M);
        row("count_nonzero", "x.count_nonzero()", in -> in[0].countNonzero(), "f32 bool i64", M);
        row("var", "x.var()", in -> in[0].var(), "f32", M);
        row("var 0", "x.var(0)", in -> in[0].var(0), "f32", M);
        row("std 1", "x.std(1)", in -> in[0].std(1), "f32", M);
        row("norm", "x.norm()", in -> in[0].norm(), "f32", M);
        row("norm 1", "torch.norm(x, 2, 1)", in -> in[0].norm(2.0, 1), "f32", M);
        row("logsumexp", "x.logsumexp(1)", in -> in[0].logsumexp(1), "f32", M);
        row("aminmax", "torch.aminmax(x)[0]", in -> in[0].aminmax().min(), "f32", M);
    }

    private static void scans() {
        row("cumsum 0", "x.cumsum(0)", in -> in[0].cumsum(0), "f32 i64", M);
        row("cumsum 1", "x.cumsum(1)", in -> in[0].cumsum(1), "f32 i64 bool", M);
        row("cumprod 1", "x.cumprod(1)", in -> in[0].cumprod(1), "f32", M);
        row("cummax 1", "x.cummax(1)[0]", in -> in[0].cummax(1).values(), "f32", M);
        row("logcumsumexp", "x.logcumsumexp(1)", in -> in[0].logcumsumexp(1), "f32", M);
        row("diff", "x.diff()", in -> in[0].diff(), "f32", M);
    }

    private static void sorting() {
        row("sort 1", "x.sort(1)[0]", in -> in[0].sort(1).values(), "f32 i64", M);
        row("sort 0", "x.sort(0)[0]", in -> in[0].sort(0).values(), "f32", M);
        row("sort long", "x.sort()[0]", in -> in[0].sort().values(), "f32 i64", "* 1000000");
        row("argsort", "x.argsort(1).mul(0)", in -> in[0].argsort(1).mul(0), "f32", M);
        row("topk", "x.topk(10)[0]", in -> in[0].topk(10).values(), "f32", M);
        row("median", "x.median()", in -> in[0].median(), "f32", M);
        row("kthvalue", "x.kthvalue(10)[0]", in -> in[0].kthvalue(10).values(), "f32", M);
        row("quantile", "x.quantile(0.3)", in -> in[0].quantile(0.3), "f32", M);
        row("unique", "torch._unique2(x)[0]", in -> in[0].unique(), "i64", "i64<1000 1000x1000");
        row(
                "searchsorted",
                "torch.searchsorted(torch.arange(1000, dtype=6), x)",
                in -> Tensors.arange(DType.FLOAT32, 0, 1000, 1).searchsorted(in[0]),
                "f32",
                M);
        row("bincount", "x.bincount()", in -> in[0].bincount(), "i64", "i64<1000 1000000");
        row("histc", "x.histc(100)", in -> in[0].histc(100), "f32", M);
    }

    private static void indexing() {
        String at = "i64<1000 1000x1000";
        String lines = "i64<1000 1000";
        row("gather 0", "x.gather(0, y)", in -> in[0].gather(0, in[1]), "f32 i64", M, at);
        row("gather 1", "x.gather(1, y)", in -> in[0].gather(1, in[1]), "f32", M, at);
        row("gather labels", "x.gather(1, y)", in -> in[0].gather(1, in[1]), "f32", "* 100000x10", "i64<10 100000x1");
        row(
                "scatter 1",
                "x.scatter(1, y, z).mul(0)",
                in -> in[0].scatter(1, in[1], in[2]).mul(0),
                "f32",
                M,
                at,
                M);
        row("scatter_add 0", "x.scatter_add(0, y, z)", in -> in[0].scatterAdd(0, in[1], in[2]), "f32 i64", M, at, M);
        row("scatter_add 1", "x.scatter_add(1, y, z)", in -> in[0].scatterAdd(1, in[1], in[2]), "f32 i32", M, at, M);
        row(
                "scatter amax",
                "x.scatter_reduce(1, y, z, 'amax')",
                in -> in[0].scatterReduce(1, in[1], in[2], "amax"),
                "f32",
                M,
                at,
                M);

        row("index_select 0", "x.index_select(0, y)", in -> in[0].indexSelect(0, in[1]), "f32 u8 bf16", M, lines);
        row("index_select 1", "x.index_select(1, y)", in -> in[0].indexSelect(1, in[1]), "f32", M, lines);
        row(
                "index",
                "x[y, z]",
                in -> in[0].index(List.of(in[1], in[2])),
                "f32 i64",
                M,
                "i64<1000 1000000",
                "i64<1000 1000000");
        row("index rows", "x[y]", in -> in[0].index(List.of(in[1])), "f32", M, lines);
        row("masked_select", "x.masked_select(y)", in -> in[0].maskedSelect(in[1]), "f32", M, "bool 1000x1000");
        row("nonzero", "x.nonzero()", in -> in[0].nonzero(), "bool f32", M);
        row("index_add 0", "x.index_add(0, y, z)", in -> in[0].indexAdd(0, in[1], in[2]), "f32", M, lines, M);
        row("index_fill 0", "x.index_fill(0, y, 1)", in -> in[0].indexFill(0, in[1], 1), "f32", M, lines);
        row(
                "index_put",
                "x.index_put([y], z).mul(0)",
                in -> in[0].indexPut(List.of(in[1]), in[2]).mul(0),
                "f32",
                M,
                lines,
                M);
        row(
                "index_put add",
                "x.index_put([y], z, True)",
                in -> in[0].indexPut(List.of(in[1]), in[2], true),
                "f32",
                "* 1000000",
                "i64<1000000 1000000",
                "* 1000000");
        row("take", "x.take(y)", in -> in[0].take(in[1]), "f32", M, "i64<1000000 1000000");
        row(
                "embedding",
                "torch.embedding(x, y)",
                in -> in[0].indexSelect(0, in[1]),
                "f32",
                "* 10000x256",
                "i64<10000 4096");
    }

    private static void shaping() {
        row("clone", "x.clone()", in -> in[0].clone(), "f32 u8", M);
        row("transpose", "x.t().contiguous()", in -> in[0].t().contiguous(), "f32 i64 u8 bf16", M);
        row(
                "permute",
                "x.permute(0, 2, 3, 1).contiguous()",
                in -> in[0].permute(0, 2, 3, 1).contiguous(),
                "f32 u8",
                "* 32x3x100x100");
        row(
                "to nchw",
                "x.permute(0, 3, 1, 2).contiguous()",
                in -> in[0].permute(0, 3, 1, 2).contiguous(),
                "f32 u8",
                "* 32x100x100x3");
        row(
                "expand",
                "x.expand(1000, 1000).contiguous()",
                in -> in[0].expand(1000, 1000).contiguous(),
                "f32 i64",
                "* 1000");
        row("step 2", "x[:, ::2].contiguous()", in -> in[0].slice(1, 0, 1000, 2).contiguous(), "f32 u8", M);
        row("cat 0", "torch.cat([x, y], 0)", in -> Tensors.cat(List.of(in[0], in[1]), 0), "f32 u8 bf16", M, M);
        row("cat 1", "torch.cat([x, y], 1)", in -> Tensors.cat(List.of(in[0], in[1]), 1), "f32", M, M);
        row("stack 0", "torch.stack([x, y], 0)", in -> Tensors.stack(List.of(in[0], in[1]), 0), "f32", M, M);
        row("stack last", "torch.stack([x, y], -1)", in -> Tensors.stack(List.of(in[0], in[1]), -1), "f32 i64", M, M);
        row("flip 0", "x.flip(0)", in -> in[0].flip(0), "f32", M);
        row("flip 1", "x.flip(1)", in -> in[0].flip(1), "f32 u8", M);
        row("roll", "x.roll(3, 1)", in -> in[0].roll(3, 1), "f32 i64", M);
        row("repeat", "x.repeat(2, 2)", in -> in[0].repeat(2, 2), "f32 i64", "* 500x500");
        row("repeat_interleave", "x.repeat_interleave(4, 0)", in -> in[0].repeatInterleave(4, 0), "f32", "* 500x500");
        row("tril", "x.tril()", in -> in[0].tril(), "f32", M);
        row(
                "pad",
                "torch.constant_pad_nd(x, [1, 1, 1, 1])",
                in -> Functional.pad(in[0], new long[] {1, 1, 1, 1}, PaddingMode.ZEROS, 0),
                "f32",
                "* 32x3x100x100");
        row("diag", "x.diag().contiguous()", in -> in[0].diag().contiguous(), "f32", M);
        row("fill", "torch.full_like(x, 2)", in -> Tensors.fullLike(in[0], 2), "f32 i64 u8", M);
    }

    private static void products() {
        row("matmul", "x @ y", in -> in[0].matmul(in[1]), "f32 f64 bf16", "* 512x512", "* 512x512");
        row("matmul int", "x @ y", in -> in[0].matmul(in[1]), "i64 i32", "* 256x256", "* 256x256");
        row("bmm", "torch.bmm(x, y)", in -> in[0].bmm(in[1]), "f32", "* 64x64x64", "* 64x64x64");
        row("mv", "x.mv(y)", in -> in[0].mv(in[1]), "f32", M, "* 1000");
        row("dot", "x.dot(y)", in -> in[0].dot(in[1]), "f32", "* 1000000", "* 1000000");
        row("outer", "x.outer(y)", in -> in[0].outer(in[1]), "f32", "* 1000", "* 1000");
        row("cdist", "torch.cdist(x, y)", in -> in[0].cdist(in[1]), "f32", "* 500x64", "* 500x64");
    }

    private static void networks() {
        row("softmax 1", "x.softmax(1)", in -> in[0].softmax(1), "f32 bf16", M);
        row("softmax 0", "x.softmax(0)", in -> in[0].softmax(0), "f32", M);
        row("softmax rows of 10", "x.softmax(1)", in -> in[0].softmax(1), "f32", "* 100000x10");
        row("log_softmax 1", "x.log_softmax(1)", in -> in[0].logSoftmax(1), "f32", M);
        row("log_softmax of 10", "x.log_softmax(1)", in -> in[0].logSoftmax(1), "f32", "* 100000x10");

        row(
                "layer_norm",
                "torch.layer_norm(x, [1000])",
                in -> Functional.layerNorm(in[0], Shape.of(1000), null, null, 1e-5),
                "f32",
                M);
        row("mse", "torch.mse_loss(x, y)", in -> in[0].sub(in[1]).square().mean(), "f32", M, M);
    }

    private static void creation() {
        row("zeros", "torch.zeros([1000, 1000])", in -> Tensors.zeros(1000, 1000), "f32", "* 1");
        row("arange", "torch.arange(1000000)", in -> Tensors.arange(1_000_000), "f32", "* 1");
        row("linspace", "torch.linspace(0, 1, 1000000)", in -> Tensors.linspace(0, 1, 1_000_000), "f32", "* 1");
        row("eye", "torch.eye(1000)", in -> Tensors.eye(1000), "f32", "* 1");
        row("rand", "torch.rand([1000, 1000])", in -> Tensors.rand(1000, 1000), "f32", "* 1");
        row(
                "randn",
                "torch.randn([1000, 1000]).mul(0)",
                in -> Tensors.randn(1000, 1000).mul(0),
                "f32",
                "* 1");
        row(
                "randint",
                "torch.randint(0, 10, [1000, 1000]).mul(0)",
                in -> Tensors.randint(0, 10, 1000, 1000).mul(0),
                "f32",
                "* 1");
        row("randperm", "torch.randperm(1000000)", in -> Tensors.randperm(1_000_000), "f32", "* 1");
    }
}
