package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Conversions;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.PaddingMode;
import akari.tensor.ProgramMethods.Callable;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Integers that no double holds. Most operations on integers are homogeneous: where all numbers that go in are multiplied by
 * {@code 2^53 + 1}, those that come out are multiplied by a power of it, or stay as they are. All public methods are tried so, on
 * numbers from which a double would lose the last digit; those of which that is not true are tried one by one.
 */
class IntegersTest {
    private static final long BIG = (1L << 53) + 1;
    private static final int DRAWS = 40;

    /** Parameters that hold places, conditions and counts, or multiply. */
    static final Set<String> NO_VALUES = Set.of(
            "index",
            "indices",
            "start",
            "indicesOrSections",
            "mask",
            "condition",
            "sorter",
            "repeats",
            "counts",
            "alpha",
            "beta",
            "exponent");

    /** Of results that are not homogeneous, and tried elsewhere. */
    private static final Set<String> OTHERS = Set.of(
            "bincount",
            "isclose",
            "linear",
            "mvlgamma_",
            "view",
            // bits, in NumbersTest
            "bitwiseAnd",
            "bitwiseAnd_",
            "bitwiseLeftShift",
            "bitwiseLeftShift_",
            "bitwiseNot",
            "bitwiseNot_",
            "bitwiseOr",
            "bitwiseOr_",
            "bitwiseRightShift",
            "bitwiseRightShift_",
            "bitwiseXor",
            "bitwiseXor_");

    private final List<String> problems = new ArrayList<>();
    private final Set<String> untried = new TreeSet<>();

    @Test
    void whatIsHomogeneousStaysSo() {
        Set<String> proved = new TreeSet<>();
        Set<String> integral = new TreeSet<>();
        for (Callable m : ProgramMethods.all()) {
            if (!OTHERS.contains(m.name()) && !ONE_BY_ONE.containsKey(m.name())) {
                tried(m, proved, integral);
            }
        }
        assertThat(problems).isEmpty();
        assertThat(proved).hasSizeGreaterThan(150);
        assertThat(untried)
                .as("methods that no made-up arguments fit, of integers or of fractions: add a row")
                .isEqualTo(Set.of(
                        "batchNorm", "bilinear", "conv2d", "cuda", "luSolve", "pixelUnshuffle", "triangularSolve"));
    }

    // ---- one by one

    /** A call, and what it must give. */
    private record Row(Supplier<Tensor> call, long... expected) {}

    private static final Map<String, List<Row>> ONE_BY_ONE = new TreeMap<>();

    private static void row(String name, Supplier<Tensor> call, long... expected) {
        ONE_BY_ONE.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Row(call, expected));
    }

    private static Tensor one(long v) {
        return Tensors.tensor(v);
    }

    private static Tensor matrix(long v) {
        return Tensors.tensor(v).reshape(1, 1);
    }

    static {
        creation();
        factors();
        placing();
    }

    private static void creation() {
        DType type = DType.INT64;
        row("full", () -> Tensors.full(type, BIG, 2), BIG, BIG);
        row("full", () -> Tensors.full(type, -BIG), -BIG);
        row("full", () -> Tensors.full(Shape.of(1), BIG, type), BIG);
        row("full", () -> Tensors.full(type, Long.MAX_VALUE, 1), Long.MAX_VALUE);
        row("full", () -> Tensors.full(type, Long.MIN_VALUE, 1), Long.MIN_VALUE);
        row("full", () -> Tensors.full(type, BigInteger.valueOf(-BIG), 1), -BIG);
        row("full", () -> Tensors.full(type, new AtomicLong(BIG), 1), BIG);
        row("scalarTensor", () -> Tensors.scalarTensor(BIG, type), BIG);
        row("tensor", () -> Tensors.tensor(BIG, -BIG), BIG, -BIG);
        row("tensor", () -> Tensors.tensor(type, BIG, -BIG), BIG, -BIG);
        row("tensor", () -> Tensors.tensor(List.of(BIG, -BIG)), BIG, -BIG);
        row("tensor", () -> Tensors.tensor(new Object[] {BIG, BigInteger.valueOf(-BIG)}), BIG, -BIG);
        row("tensor", () -> Tensors.tensor(type, new Object[] {BIG}), BIG);
        row("asTensor", () -> Tensors.asTensor(BIG), BIG);
        row("asTensor", () -> Tensors.asTensor(new long[] {BIG, -BIG}, type), BIG, -BIG);
        row("asarray", () -> Tensors.asarray(BIG), BIG);
        row("asarray", () -> Tensors.asarray(List.of(List.of(BIG)), type), BIG);
        row("fromArray", () -> Tensors.fromArray(new long[] {BIG, -BIG}, 2, 1), BIG, -BIG);
        row("frombuffer", () -> Tensors.frombuffer(MemorySegment.ofArray(new long[] {BIG}), type), BIG);
        row("upload", () -> Tensors.upload(type, Shape.of(1), MemorySegment.ofArray(new long[] {BIG})), BIG);
        row("arange", () -> Tensors.arange(BIG, BIG + 3), BIG, BIG + 1, BIG + 2);
        row("arange", () -> Tensors.arange(-BIG, BIG, BIG), -BIG, 0);
        row("arange", () -> Tensors.arange(BIG, -BIG - 1, -BIG), BIG, 0, -BIG);
        row("arange", () -> Tensors.arange(type, BIG, BIG + 3, 2), BIG, BIG + 2);
        row(
                "arange",
                () -> Tensors.arange(Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                Long.MIN_VALUE,
                -1,
                Long.MAX_VALUE - 1);
        row("arange", () -> Tensors.arange(type, 0.5, 4.5, 1.5), 0, 1, 2, 3); // as in PyTorch
        row("linspace", () -> Tensors.linspace(type, BIG, BIG, 1), BIG);
        row("newTensor", () -> one(0).newTensor(BIG), BIG);
        row("randint", () -> Tensors.randint(BIG, BIG + 1, 2), BIG, BIG);
        row(
                "randint",
                () -> Tensors.randint(new Generator(1), type, Long.MAX_VALUE - 1, Long.MAX_VALUE, 1),
                Long.MAX_VALUE - 1);
        row("randintLike", () -> Tensors.randintLike(one(0), -BIG, 1 - BIG), -BIG);
        row("random_", () -> one(0).random_(Long.MIN_VALUE, Long.MIN_VALUE + 1), Long.MIN_VALUE);
        row("where", () -> Tensors.where(Tensors.tensor(true, false), BIG, -BIG), BIG, -BIG);
        row("where", () -> Tensors.where(Tensors.tensor(true, false), BIG, one(-BIG)), BIG, -BIG);
        row("where", () -> Tensors.where(Tensors.tensor(true, false), one(BIG), -BIG), BIG, -BIG);
        row("isin", () -> Tensors.isin(BIG, Tensors.tensor(BIG - 1, BIG)).int64(), 1);
        row("isin", () -> Tensors.isin(BIG, Tensors.tensor(BIG - 1, BIG + 1)).int64(), 0);
    }

    private static void factors() {
        row("add", () -> one(1).add(one(1), BIG), BIG + 1);
        row("add", () -> one(1).add(one(BIG), 1), BIG + 1);
        row("add_", () -> one(1).add_(one(-1), BIG), 1 - BIG);
        row("sub", () -> one(1).sub(one(1), BIG), 1 - BIG);
        row("sub", () -> one(0).sub(one(1), Long.MIN_VALUE), Long.MIN_VALUE);
        row("sub_", () -> one(0).sub_(one(1), BIG), -BIG);
        row("subtract", () -> one(0).subtract(one(1), BIG), -BIG);
        row("subtract_", () -> one(0).subtract_(one(-1), BIG), BIG);
        row("addcmul", () -> one(BIG).addcmul(one(1), one(1), BIG), 2 * BIG);
        row("addcmul_", () -> one(0).addcmul_(one(1), one(-1), BIG), -BIG);
        row("bmm", () -> one(BIG).reshape(1, 1, 1).bmm(one(-1).reshape(1, 1, 1)), -BIG);
        row("addmm", () -> matrix(1).addmm(matrix(1), matrix(1), BIG, -BIG), 0);
        row("addmm", () -> matrix(BIG).addmm(matrix(BIG), matrix(1)), 2 * BIG);
        row("addmm_", () -> matrix(1).addmm_(matrix(1), matrix(1), 0, BIG), BIG);
        row("addmv", () -> one(1).addmv(matrix(1), one(1), BIG, 0), BIG);
        row("addmv_", () -> one(1).addmv_(matrix(1), one(1), -BIG, 0), -BIG);
        row("addr", () -> matrix(1).addr(one(1), one(1), 1, BIG), BIG + 1);
        row("addr_", () -> matrix(1).addr_(one(1), one(BIG), 0, 1), BIG);
        row("addbmm", () -> matrix(1).addbmm(one(1).reshape(1, 1, 1), one(1).reshape(1, 1, 1), 0, BIG), BIG);
        row("addbmm_", () -> matrix(1).addbmm_(one(1).reshape(1, 1, 1), one(1).reshape(1, 1, 1), BIG, 0), BIG);
        row(
                "baddbmm",
                () -> one(1).reshape(1, 1, 1).baddbmm(one(1).reshape(1, 1, 1), one(1).reshape(1, 1, 1), 0, BIG),
                BIG);
        row(
                "baddbmm_",
                () -> one(1).reshape(1, 1, 1).baddbmm_(one(1).reshape(1, 1, 1), one(1).reshape(1, 1, 1), 0, BIG),
                BIG);
        row("indexAdd", () -> one(0).indexAdd(0, one(0), one(1), BIG), BIG);
        row("indexAdd_", () -> one(0).indexAdd_(0, one(0), one(1), -BIG), -BIG);
        row("hardtanh", () -> Tensors.tensor(2 * BIG, -2 * BIG).hardtanh(-BIG, BIG), BIG, -BIG);
        row("hardtanh_", () -> Tensors.tensor(2 * BIG, 0).hardtanh_(1, BIG), BIG, 1);
        row("threshold", () -> Tensors.tensor(BIG, BIG + 1).threshold(BIG, -BIG), -BIG, BIG + 1);
        row("threshold_", () -> Tensors.tensor(1, 3).threshold_(2, BIG), BIG, 3);
        row("relu6", () -> Tensors.tensor(BIG, 5).relu6(), 6, 5);
        row("relu6_", () -> Tensors.tensor(-BIG, 5).relu6_(), 0, 5);
        row("heaviside", () -> Tensors.tensor(-1, 0, 1).heaviside(one(BIG)), 0, BIG, 1);
        row("heaviside_", () -> Tensors.tensor(-1, 0, 1).heaviside_(one(-BIG)), 0, -BIG, 1);
        row("pow", () -> one(BIG).pow(1), BIG);
        row("pow", () -> one(BIG).pow(2), BIG * BIG);
        row("pow", () -> Tensors.tensor(BIG, -1).pow(Tensors.tensor(1, BIG)), BIG, -1);
        row("pow", () -> Tensors.pow(BIG, one(1)), BIG);
        row("pow_", () -> one(-1).pow_(BIG), -1);
        row("rpow", () -> one(1).rpow(-BIG), -BIG);
        row("matrixPower", () -> matrix(BIG).matrixPower(3), BIG * BIG * BIG);
        row("prod", () -> Tensors.tensor(BIG, -1).prod(), -BIG);
        row("cumprod", () -> Tensors.tensor(BIG, -1, 1).cumprod(0), BIG, -BIG, -BIG);
        row("cumprod_", () -> Tensors.tensor(-1, BIG).cumprod_(0), -1, -BIG);
        row("vander", () -> one(BIG).vander(3, true), 1, BIG, BIG * BIG);
    }

    private static void placing() {
        Tensor x = Tensors.tensor(1, 2, 3);
        Tensor at = one(1);
        row("scatter", () -> x.scatter(0, at, BIG), 1, BIG, 3);
        row("scatter", () -> x.scatter(0, at, one(-BIG)), 1, -BIG, 3);
        row("scatter", () -> x.scatter(0, at, BIG, "add"), 1, BIG + 2, 3);
        row("scatter", () -> x.scatter(0, at, BIG, "multiply"), 1, 2 * BIG, 3);
        row("scatter_", () -> x.clone().scatter_(0, at, -BIG), 1, -BIG, 3);
        row("scatter_", () -> x.clone().scatter_(0, at, BIG, "add"), 1, BIG + 2, 3);
        for (boolean self : new boolean[] {true, false}) {
            row("scatterReduce", () -> x.scatterReduce(0, at, one(BIG), "sum", self), 1, BIG + (self ? 2 : 0), 3);
            row("scatterReduce", () -> x.scatterReduce(0, at, one(BIG), "prod", self), 1, BIG * (self ? 2 : 1), 3);
            row("scatterReduce", () -> x.scatterReduce(0, at, one(BIG), "amax", self), 1, BIG, 3);
            row("scatterReduce", () -> x.scatterReduce(0, at, one(-BIG), "amin", self), 1, -BIG, 3);
        }
        row("scatterReduce", () -> one(BIG).scatterReduce(0, one(0), one(BIG), "mean"), BIG);
        row("scatterReduce_", () -> one(BIG).scatterReduce_(0, one(0), one(1 - BIG), "mean"), 0);
        row("gather", () -> Tensors.tensor(0, BIG).gather(0, at), BIG);
        row("scatterAdd_", () -> x.clone().scatterAdd_(0, at, one(-BIG)), 1, 2 - BIG, 3);
        row("scatterAdd", () -> x.scatterAdd(0, at, one(BIG)), 1, BIG + 2, 3);
        row("sliceScatter", () -> x.sliceScatter(one(BIG), 0, 1, 2), 1, BIG, 3);
        row("diagonalScatter", () -> matrix(0).diagonalScatter(one(-BIG)), -BIG);
        row("asStridedScatter", () -> x.asStridedScatter(one(BIG), new long[] {1}, new long[] {1}, 2), 1, 2, BIG);
        row("overlapAdd", () -> Tensors.tensor(BIG, 1, -BIG, 2).reshape(2, 2).overlapAdd(0, 1, 3), BIG, 1 - BIG, 2);
        row("indexFill", () -> x.indexFill(0, at, BIG), 1, BIG, 3);
        row("indexFill", () -> x.indexFill(0, at, one(BIG).reshape()), 1, BIG, 3);
        row("indexFill_", () -> x.clone().indexFill_(0, at, -BIG), 1, -BIG, 3);
        row("set", () -> x.clone().set(BIG, Index.at(1)), 1, BIG, 3);
        row("set", () -> x.clone().set(one(-BIG), at), 1, -BIG, 3);
        row("indexPut", () -> x.indexPut(new Index[] {at}, one(BIG), true), 1, BIG + 2, 3);
        row("indexPut_", () -> x.clone().indexPut_(List.of(at), one(BIG)), 1, BIG, 3);
        row("index", () -> Tensors.tensor(0, BIG).index(at), BIG);
        row("get", () -> Tensors.tensor(0, BIG).get(Index.at(1)), BIG);
        row("at", () -> Tensors.tensor(0, -BIG).at(1), -BIG);
        row("pad", () -> Functional.pad(x, new long[] {1, 1}, PaddingMode.ZEROS, BIG), BIG, 1, 2, 3, BIG);
        row("pad", () -> Functional.pad(one(BIG), new long[] {1, 1}, PaddingMode.REPLICATE, 0), BIG, BIG, BIG);
        row("cartesianProd", () -> Tensors.cartesianProd(List.of(one(BIG), one(-BIG))), BIG, -BIG);
        row("unfold", () -> Functional.unfold(one(BIG).reshape(1, 1, 1, 1), Shape.of(1, 1), PLAIN), BIG);
        row("fold", () -> Functional.fold(one(BIG).reshape(1, 1, 1), Shape.of(1, 1), Shape.of(1, 1), PLAIN), BIG);
    }

    private static final Convolution PLAIN = new Convolution(Shape.of(1, 1), Shape.of(0, 0), Shape.of(1, 1), 1);

    @Test
    void theOthersAreExact() {
        ONE_BY_ONE.forEach((name, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                Tensor result = rows.get(i).call.get();
                assertThat(result.dtype()).as(name + ", row " + i).isEqualTo(DType.INT64);
                assertThat(result.toLongs()).as(name + ", row " + i).containsExactly(rows.get(i).expected);
            }
        });
    }

    @Test
    void everyFunctionThatMakesTensorsIsTried() {
        Set<String> made = Arrays.stream(Tensors.class.getMethods())
                .filter(m -> m.getDeclaringClass() == Creation.class || m.getDeclaringClass() == RandomTensors.class)
                .filter(m -> m.getReturnType() == Tensor.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        made.removeAll(ONE_BY_ONE.keySet());
        assertThat(made)
                .as("add a row to creation(), or here what makes no integers, or none of its arguments")
                .containsExactlyInAnyOrder(
                        "empty",
                        "emptyLike",
                        "emptyStrided",
                        "eye",
                        "fromFile",
                        "fullLike",
                        "logspace",
                        "normal",
                        "of",
                        "ones",
                        "onesLike",
                        "rand",
                        "randLike",
                        "randn",
                        "randnLike",
                        "randperm",
                        "range",
                        "repeatInterleave",
                        "rngState",
                        "scalar",
                        "trilIndices",
                        "triuIndices",
                        "zeros",
                        "zerosLike");
    }

    @Test
    void numbersThatATypeDoesNotHold() {
        // PyTorch's answers
        Tensor bytes = Tensors.zeros(DType.UINT8, 2);
        Tensor mask = Tensors.tensor(true, false);
        assertThat(Tensors.full(DType.UINT8, -1, 1).toInts()).containsExactly(255);
        assertThat(bytes.maskedFill(mask, -1).toInts()).containsExactly(255, 0);
        assertThat(bytes.add(300).toInts()).containsExactly(44, 44);
        assertThat(bytes.eq(256).toLongs()).containsExactly(1, 1);
        assertThat(bytes.int8().lt(200).toLongs()).containsExactly(0, 0);
        assertThat(Tensors.full(DType.INT64, 2.5, 1).toLongs()).containsExactly(2);
        assertThat(one(0).fill_(-3.7).toLongs()).containsExactly(-3);
        assertThat(Tensors.full(DType.BOOL, Double.NaN, 1).toLongs()).containsExactly(1);
        assertThat(Tensors.tensor((1L << 54) + (1L << 30) + 1).to(DType.FLOAT32).item())
                .isEqualTo(0x1p54 + 0x1p31);
        List<Runnable> refused = List.of(
                () -> Tensors.full(DType.UINT8, 300, 1),
                () -> Tensors.full(DType.UINT8, -1.5, 1),
                () -> Tensors.full(DType.INT32, 1L << 31, 1),
                () -> Tensors.full(DType.INT64, 1e30, 1),
                () -> one(0).fill_(Double.NaN),
                () -> one(0).int32().fill_(3e9),
                () -> bytes.maskedFill(mask, 300),
                () -> bytes.clone().maskedFill_(mask, 300),
                () -> bytes.where(mask, 300),
                () -> bytes.indexFill(0, one(0), 300),
                () -> bytes.scatter(0, one(0), 300),
                () -> bytes.clone().set(300, Index.at(0)),
                () -> bytes.clamp(0, 300),
                () -> bytes.clampMin(300),
                () -> bytes.int8().addcmul(bytes.int8(), bytes.int8(), 300),
                () -> bytes.int8().add(bytes.int8(), 300),
                () -> bytes.newFull(Shape.of(1), 256),
                () -> Functional.pad(bytes, new long[] {1, 0}, PaddingMode.ZEROS, 300));
        for (int i = 0; i < refused.size(); i++) {
            assertThatThrownBy(refused.get(i)::run).as("call " + i).hasMessageContaining("does not fit");
        }
        BigInteger beyond = BigInteger.ONE.shiftLeft(63);
        for (Runnable r : List.<Runnable>of(
                () -> Tensors.full(DType.INT64, beyond, 1),
                () -> Tensors.asTensor(beyond),
                () -> one(1).add(beyond),
                () -> one(1).eq(beyond))) {
            assertThatThrownBy(r::run)
                    .hasMessageContaining("9223372036854775808")
                    .hasMessageContaining("int64");
        }
        assertThatThrownBy(() -> one(1).add(one(1), 0.5))
                .hasMessageContaining("alpha")
                .hasMessageContaining("0.5");
        assertThatThrownBy(() -> one(1).lerp(one(2), 0.5))
                .hasMessageContaining("lerp")
                .hasMessageContaining("int64");
    }

    @Test
    void numbersComeBackAsTheyAre() {
        long[] all = {BIG, -BIG, Long.MAX_VALUE, Long.MIN_VALUE};
        Tensor x = Tensors.tensor(all);
        assertThat(x.toLongs()).isEqualTo(all);
        assertThat(x.tolist()).isEqualTo(List.of(BIG, -BIG, Long.MAX_VALUE, Long.MIN_VALUE));
        assertThat(x.toString()).contains("9007199254740993", "-9007199254740993", "-9223372036854775808");
        assertThat(x.at(0).itemLong()).isEqualTo(BIG);
        assertThat(x.contains(BIG)).isTrue();
        assertThat(x.contains(BIG - 1)).isFalse();
        assertThat(x.equal(x.add(0))).isTrue();
        assertThat(x.isclose(x.bitwiseXor(1), 0, 0, false).any().item()).isEqualTo(0);
        assertThat(Json.parse("[9007199254740993, -9223372036854775808]")).isEqualTo(List.of(BIG, Long.MIN_VALUE));
    }

    // ---- all that is homogeneous

    private void tried(Callable m, Set<String> proved, Set<String> integral) {
        if (m.parameters().stream()
                .anyMatch(p -> p.getType() == boolean.class && p.getName().equals("value"))) {
            return; // true is 1, whatever the numbers beside it
        }
        Random random = new Random(m.method().toGenericString().hashCode());
        ProgramArguments arguments = new ProgramArguments(random);
        untried.add(m.name());
        for (int draw = 0; draw < DRAWS && problems.stream().noneMatch(p -> p.contains("." + m.name() + "(")); draw++) {
            List<Tensor> small = pool(random);
            List<Tensor> large = small.stream().map(IntegersTest::scaled).toList();
            int self = random.nextInt(small.size() - 1);
            List<@Nullable Object> args = new ArrayList<>(arguments.of(m, small.get(self), small));
            List<@Nullable Object> scaled = new ArrayList<>();
            for (int i = 0; i < args.size(); i++) {
                args.set(i, moderate(args.get(i)));
                boolean value = !NO_VALUES.contains(m.parameters().get(i).getName());
                if (args.get(i) instanceof Number && m.parameters().get(i).getType() == Number.class) {
                    args.set(i, (long) random.nextInt(-9, 10));
                    scaled.add(value ? (Object) ((Long) args.get(i) * BIG) : args.get(i));
                } else if (args.get(i) instanceof ProgramArguments.Ref r && !value) {
                    scaled.add(new ProgramArguments.Ref(r.index() + small.size())); // as it is
                } else {
                    scaled.add(args.get(i));
                }
            }
            if (scaled.stream().anyMatch(a -> refers(a, small.size() - 1))) {
                continue; // a bool among the numbers
            }
            List<Tensor> both = new ArrayList<>(large);
            small.forEach(t -> both.add(t.clone()));
            ProgramCall call = new ProgramCall(m, self, args);
            List<Tensor> fresh = small.stream().map(Tensor::clone).toList();
            Object expected = call.on(null, small);
            Object actual = new ProgramCall(m, self, scaled).on(null, both);
            if (!(expected instanceof Throwable) || untried.contains(m.name()) && takesFractions(call, fresh)) {
                untried.remove(m.name());
            }
            compare(m, call.toString(), expected, actual, proved, integral);
        }
    }

    /** Sizes and places that memory has room for. */
    static @Nullable Object moderate(@Nullable Object argument) {
        return switch (argument) {
            case Long n -> Math.clamp(n, -9, 9);
            case Integer n -> Math.clamp(n, -9, 9);
            case long[] all -> Arrays.stream(all).map(n -> Math.clamp(n, -9, 9)).toArray();
            case Shape s ->
                Shape.of(
                        Arrays.stream(s.toArray()).map(n -> Math.clamp(n, 0, 9)).toArray());
            case DType _ -> DType.INT64;
            case null, default -> argument;
        };
    }

    private static boolean refers(@Nullable Object argument, int index) {
        return argument instanceof ProgramArguments.Ref(int i) && i == index
                || argument instanceof List<?> l && l.stream().anyMatch(a -> refers(a, index));
    }

    /** Whether integers alone are what it refuses. */
    private static boolean takesFractions(ProgramCall call, List<Tensor> pool) {
        List<Tensor> fractions = pool.stream()
                .map(t -> t.dtype() == DType.INT64 ? t.to(DType.FLOAT64).abs().div(8) : t)
                .toList();
        List<@Nullable Object> args = new ArrayList<>(call.args());
        args.replaceAll(a -> a instanceof DType ? DType.FLOAT64 : a);
        return !(new ProgramCall(call.method(), call.self(), args).on(null, fractions) instanceof Throwable);
    }

    private void compare(
            Callable m,
            String call,
            @Nullable Object expected,
            @Nullable Object actual,
            Set<String> proved,
            Set<String> integral) {
        if (expected instanceof Throwable || actual instanceof Throwable) {
            boolean same = expected instanceof Throwable a
                    && actual instanceof Throwable b
                    && a.getClass().equals(b.getClass());
            if (!same) {
                problems.add(call + " gives " + expected + ", of large numbers " + actual);
            }
            return;
        }
        List<Tensor> e = ProgramMethods.tensors(expected);
        List<Tensor> a = ProgramMethods.tensors(actual);
        for (int i = 0; i < e.size(); i++) {
            DType type = e.get(i).dtype();
            if (type.isFloating() || a.get(i).dtype() != type) {
                continue;
            }
            integral.add(m.name());
            int degree = degree(type, e.get(i).toLongs(), a.get(i).toLongs());
            if (degree < 0) {
                problems.add(call + " gives " + e.get(i) + ", of large numbers " + a.get(i));
            } else if (degree > 0 || type != DType.INT64) {
                proved.add(m.name());
            }
        }
    }

    /** The power of the factor by which the results are larger, or -1. */
    private static int degree(DType type, long[] expected, long[] actual) {
        long factor = 1;
        for (int degree = 0; degree < 8; degree++, factor *= BIG) {
            long by = factor;
            long[] scaled = Arrays.stream(expected)
                    .map(v -> type == DType.BOOL ? v : Conversions.wrap(type, v * by))
                    .toArray();
            if (Arrays.equals(scaled, actual)) {
                return Arrays.stream(expected).allMatch(v -> v == 0) ? 0 : degree;
            }
        }
        return -1;
    }

    private static List<Tensor> pool(Random random) {
        long[][] shapes = {{2, 3}, {3}, {}, {2, 3, 2}, {3, 3}, {3}, {2, 3}};
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < shapes.length; i++) {
            Tensor t = Tensors.empty(DType.INT64, shapes[i]);
            Tensor values = Tensors.tensor(
                    random.longs(t.numel(), i == 5 ? 0 : -9, i == 5 ? 2 : 10).toArray());
            out.add(t.copy_(values.reshape(t.shape())));
        }
        out.add(out.getFirst().gt(0));
        return out;
    }

    private static Tensor scaled(Tensor t) {
        if (t.dtype() == DType.BOOL) {
            return t.clone();
        }
        long[] values = Arrays.stream(t.toLongs()).map(v -> v * BIG).toArray();
        return Tensors.tensor(values).reshape(t.shape());
    }
}
