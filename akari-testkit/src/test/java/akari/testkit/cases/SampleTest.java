package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.testkit.TorchOracle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A few of PyTorch's answers about each operation, on file, so that every build compares with them. The slow test tells when
 * questions have changed; with {@code -Dakari.write} it asks PyTorch again and writes the file.
 */
class SampleTest {
    private static final String FILE = "answers.gz";
    private static final int LARGEST = 3;

    /** In these types, so many questions each. */
    private static final Map<DType, Integer> QUESTIONS =
            Map.of(DType.FLOAT64, 2, DType.FLOAT32, 2, DType.INT64, 1, DType.UINT8, 1, DType.BOOL, 1);

    private static Stream<Comparison> questions(Case c) {
        return QUESTIONS.entrySet().stream()
                .filter(e -> c.covers(e.getKey()))
                .flatMap(e -> IntStream.range(0, e.getValue())
                        .mapToObj(seed -> new Comparison(c, e.getKey(), seed, LARGEST)));
    }

    private static Recording recording() throws IOException {
        try (InputStream in = SampleTest.class.getResourceAsStream(FILE)) {
            return in == null ? new Recording() : Recording.read(in);
        }
    }

    @Test
    void theRecordedAnswersAgree() throws IOException {
        Recording recording = recording();
        List<String> problems = new ArrayList<>();
        int found = 0;
        List<Case> cases = Cases.all();
        for (Case c : cases) {
            boolean any = false;
            for (Comparison question : questions(c).toList()) {
                try {
                    var difference = question.ask(recording).difference();
                    if (difference != null) problems.add(difference);
                    any = true;
                } catch (Recording.Missing e) {
                    // a new or changed row: the slow test says so
                }
            }
            if (any) found++;
        }
        System.out.println("recorded answers about " + found + " of " + cases.size() + " operations");
        assertThat(problems).isEmpty();
        assertThat(found).as("operations with recorded answers").isGreaterThan(cases.size() * 3 / 4);
    }

    @Test
    @Tag("slow")
    void theRecordingIsUpToDate() throws IOException {
        boolean write = System.getProperty("akari.write") != null;
        if (write) {
            try (TorchOracle torch = TorchOracle.start()) {
                Recording fresh = new Recording();
                Comparison.Oracle oracle = fresh.of(torch::eval);
                Cases.all().stream().flatMap(SampleTest::questions).forEach(q -> q.ask(oracle));
                fresh.write(Path.of("src", "test", "resources", "akari", "testkit", "cases", FILE));
            }
            return;
        }
        Recording recording = recording();
        List<String> missing = new ArrayList<>();
        for (Case c : Cases.all()) {
            for (Comparison question : questions(c).toList()) {
                try {
                    question.ask(recording);
                } catch (Recording.Missing e) {
                    missing.add(c.name);
                }
            }
        }
        assertThat(missing.stream().distinct())
                .as("questions without a recorded answer: run this test with -Dakari.write")
                .isEmpty();
    }
}
