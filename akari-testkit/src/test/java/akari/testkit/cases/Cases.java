package akari.testkit.cases;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All operations that are compared with PyTorch. */
final class Cases {
    private Cases() {}

    static Stream<Family> families() {
        return Stream.of(
                new ActivationCases(),
                new PointwiseCases(),
                new FunctionCases(),
                new NameCases(),
                new DigitCases(),
                new ComparisonCases(),
                new ReductionCases(),
                new SortingCases(),
                new ShapingCases(),
                new ViewCases(),
                new RearrangingCases(),
                new PlacingCases(),
                new IndexingCases(),
                new LinearAlgebraCases(),
                new LayerCases(),
                new NormalizationCases(),
                new LossCases(),
                new ResamplingCases(),
                new CreationCases(),
                new CastCases(),
                new InPlaceCases(),
                new RandomCases());
    }

    static List<Case> all() {
        return families().flatMap(family -> family.cases().stream()).toList();
    }

    /** The cases in whose name the pattern is found. */
    static List<Case> named(String regex) {
        var pattern = Pattern.compile(regex);
        return all().stream().filter(c -> pattern.matcher(c.name).find()).toList();
    }
}
