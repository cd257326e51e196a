package akari.testkit.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/coverage.md} true; with {@code -Dakari.write} it writes the page. */
class CoverageTest {
    private static final Path PAGE = Path.of("..", "docs", "coverage.md");

    @Test
    void everyTwinExists() {
        assertThat(Coverage.lines())
                .filteredOn(l -> l.twin() && !Twins.exists(l.value()))
                .extracting(Coverage.Line::text)
                .isEmpty();
    }

    @Test
    void everyLineIsOfUse() {
        List<Coverage.Row> rows = Coverage.rows();
        assertThat(Coverage.lines())
                .as("lines about names that do not exist or, for reasons, have a twin by now")
                .filteredOn(l -> rows.stream()
                        .noneMatch(r -> l.name().matcher(r.name().full()).matches()
                                && (l.twin() || r.twin().isEmpty())))
                .extracting(Coverage.Line::text)
                .isEmpty();
    }

    @Test
    void everyNameHasATwinOrAReason() {
        assertThat(Coverage.rows())
                .filteredOn(r -> r.twin().isEmpty() && r.reason().isEmpty())
                .extracting(r -> r.name().tier() + " " + r.name().full())
                .isEmpty();
    }

    @Test
    void thePageIsUpToDate() throws IOException {
        String page = Coverage.page(Coverage.rows());
        if (System.getProperty("akari.write") != null) Files.writeString(PAGE, page);
        assertThat(Files.readString(PAGE))
                .as("docs/coverage.md is out of date: run this test with -Dakari.write")
                .isEqualTo(page);
    }
}
