package akari.testkit.cases;

import static akari.testkit.cases.Special.EQUAL;
import static akari.testkit.cases.Special.HUGE;
import static akari.testkit.cases.Special.INFINITE;
import static akari.testkit.cases.Special.NAN;
import static akari.testkit.cases.Special.TAIL;
import static akari.testkit.cases.Special.TINY;
import static akari.testkit.cases.Special.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.testkit.TorchOracle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every operation that has a gradient, values and gradients, where formulas break: at ±0, tiny, huge, infinite, NaN and equal
 * operands and in the tails, in every floating type, against PyTorch by {@link Comparison}'s rule. A sample of its answers is on
 * file for every build; {@code -Dakari.slow} asks PyTorch itself, with {@code -Dakari.case=REGEX} about some, and with
 * {@code -Dakari.write} it writes the file anew.
 */
class SpecialValuesTest {
    private static final String FILE = "special.gz";

    /**
     * What is left out, and why: where PyTorch is wrong, or says this in its vector loops and that in its scalar ones.
     */
    private record Left(Pattern names, Set<Special> at, Set<DType> types, String reason) {
        /** Of these types alone. */
        Left in(DType... only) {
            return new Left(names, at, EnumSet.copyOf(Arrays.asList(only)), reason);
        }
    }

    private static final List<Left> LEFT = List.of(
            left(
                    "linalg_(?!vector_norm|cross|vecdot|multi_dot)|\\bA\\b",
                    "LAPACK may not return from NaN, and answers for singular matrices"),
            left("grid_sampler", "PyTorch reads beyond its operand at wild coordinates"),
            left(
                    "binomial|gaussian|0\\.9189|_loss|bernoulli|normal|dropout|rrelu",
                    "arguments that are refused, or chance"),
            left("upsample_(bi|tri)?linear", "multiplies infinities that it copies by 0", INFINITE),
            left("convolution", "multiplies the padding's zeros, in some types and shapes", INFINITE, NAN),
            left("batch_norm", "a scale that overflows is divided and multiplied in another order", HUGE),
            left("layer_norm", "beside a large mean slopes cancel", HUGE).in(DType.FLOAT64),
            left("entropy_with_logits\\(.*, u, …", "a huge weight of the positive cancels the rest of the slope", HUGE),
            left(
                            "clamp_min\\(torch\\.linalg_vector_norm",
                            "the slope is a difference of weights, which in float64, the judge, are not those of a half",
                            TAIL)
                    .in(DType.FLOAT16, DType.BFLOAT16),
            left(
                    "^torch\\.((kthvalue|topk)\\(|quantile\\(x, (y|0\\.3)\\))",
                    "which of equals PyTorch takes is not said"),
            left("(batch|instance)_norm", "adds a shift with the mean in it: infinity less infinity", INFINITE),
            left("mode\\(", "sorts by a comparison that NaN breaks", NAN),
            left("tied torch.mode", "opposite infinities add up to NaN", INFINITE),
            left("(var|std)_mean", "a running mean makes NaN of infinity", INFINITE),
            left(
                    "torch\\.(relu6|elu|selu|celu|hardtanh|hardsigmoid|softshrink|hardshrink)_?\\(",
                    "vector and scalar slopes differ",
                    NAN),
            left("logit\\(x, 0\\.1\\)", "vector and scalar slopes differ", NAN),
            left("sinc", "near 0 PyTorch's slope is a difference of equal numbers", TINY),
            left("hypot", "the slope divides by a denormal result of few bits", TINY),
            left("digamma|polygamma", "its sine at whole numbers is not 0; NaN at infinity", EQUAL, INFINITE, HUGE),
            left("frexp", "the power of two is computed in float32", TINY),
            left("logsumexp|logcumsumexp", "shares of huge equal elements add up to more than 1", HUGE),
            left("dist p=float", "a maximum that loses NaN", INFINITE, NAN),
            left("cdist of many", "squares cancel", HUGE, EQUAL, TINY),
            left("fmod|remainder|floor_divide|rounding_mode", "huge quotients are NaN in its vector loops", HUGE, TINY),
            left("logaddexp2", "misses an exact 0", EQUAL),
            left("x\\.var\\(False\\)", "float64 itself loses the mean between ±max", HUGE),
            left("cosine_similarity", "of parallel vectors only rounding is left", TAIL),
            left(
                    "spacing=\\[y\\]|cosine_similarity|(batch|layer|group|instance)_norm",
                    "of equal operands only rounding is left",
                    EQUAL));

    private static Left left(String names, String reason, Special... at) {
        var kinds = at.length == 0 ? EnumSet.allOf(Special.class) : EnumSet.copyOf(Arrays.asList(at));
        return new Left(Pattern.compile(names), kinds, EnumSet.allOf(DType.class), reason);
    }

    private static Stream<Case> cases() {
        return Stream.of(Cases.all(), new MaskedCases().cases(), new TiedCases().cases())
                .flatMap(List::stream);
    }

    private static List<Special> kinds(Case c, DType type) {
        return Stream.of(ZERO, TINY, HUGE, INFINITE, NAN, TAIL, EQUAL)
                .filter(s -> LEFT.stream()
                        .noneMatch(l -> l.at.contains(s)
                                && l.types.contains(type)
                                && l.names.matcher(c.name).find()))
                .toList();
    }

    private static Stream<Comparison> questions(Case c, DType type, int seeds, int largest) {
        return !c.covers(type)
                ? Stream.of()
                : kinds(c, type).stream()
                        .flatMap(s ->
                                IntStream.range(0, seeds).mapToObj(seed -> new Comparison(c, type, seed, largest, s)))
                        .filter(Comparison::typed);
    }

    /** The sample: all kinds in float32, of which float64 judges, and what leaves the range of a half. */
    private static Stream<Comparison> sample(Case c) {
        return Stream.concat(
                questions(c, DType.FLOAT32, 1, 2),
                c.covers(DType.FLOAT16)
                        ? kinds(c, DType.FLOAT16).stream()
                                .filter(s -> s == HUGE || s == TINY)
                                .map(s -> new Comparison(c, DType.FLOAT16, 0, 2, s))
                                .filter(Comparison::typed)
                        : Stream.of());
    }

    private static boolean differentiable(Comparison q, TorchOracle torch) {
        try {
            return !torch.eval(q.torch(), q.inputs()).gradients().isEmpty();
        } catch (IllegalArgumentException e) {
            return false; // PyTorch refuses
        }
    }

    @Test
    void theRecordedAnswersAgree() throws IOException {
        Recording recording;
        try (InputStream in = SpecialValuesTest.class.getResourceAsStream(FILE)) {
            recording = in == null ? new Recording() : Recording.read(in);
        }
        List<String> problems = new ArrayList<>();
        int operations = 0;
        for (Case c : cases().toList()) {
            boolean any = false;
            for (Comparison question : sample(c).toList()) {
                try {
                    var difference = question.ask(recording).difference();
                    if (difference != null) problems.add(c.name + ": " + difference);
                    any = true;
                } catch (Recording.Missing e) {
                    // without a gradient, or a new or changed row
                }
            }
            if (any) operations++;
        }
        System.out.println("recorded answers at special values about " + operations + " operations");
        assertThat(problems).isEmpty();
        assertThat(operations).as("operations with recorded answers").isGreaterThan(400);
    }

    @Test
    void whatIsLeftOutExists() {
        for (Left l : LEFT) {
            assertThat(cases())
                    .as(l.reason)
                    .anyMatch(c -> l.names.matcher(c.name).find());
        }
    }

    @Test
    @Tag("slow")
    void pyTorchAgrees() {
        List<String> problems = new ArrayList<>();
        int asked = 0;
        try (TorchOracle torch = TorchOracle.start()) {
            if (System.getProperty("akari.write") != null) {
                Recording fresh = new Recording();
                Comparison.Oracle oracle = fresh.of(torch::eval);
                cases().flatMap(SpecialValuesTest::sample)
                        .filter(q -> differentiable(q, torch))
                        .forEach(q -> q.ask(oracle));
                fresh.write(Path.of("src", "test", "resources", "akari", "testkit", "cases", FILE));
                return;
            }
            var names = Pattern.compile(System.getProperty("akari.case", ""));
            for (Case c : cases().filter(c -> names.matcher(c.name).find()).toList()) {
                for (DType type : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16)) {
                    for (Comparison question : questions(c, type, 4, 4).toList()) {
                        if (!differentiable(question, torch)) continue;
                        asked++;
                        var difference = question.ask(torch::eval).difference();
                        if (difference != null) problems.add(c.name + ": " + difference);
                    }
                }
            }
        }
        System.out.println(asked + " questions at special values compared with PyTorch");
        assertThat(problems).isEmpty();
    }
}
