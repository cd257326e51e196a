package akari.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassNamesTest {
    @Test
    void anyNamesComeBack() {
        for (List<String> names : List.of(
                List.of("cat"),
                List.of("cat", "dog"),
                List.of("", "a, b", "say \"x\""),
                List.of("a\tb", "c\\td", "\\", "line\nend\r", "\\\\n"))) {
            assertThat(ClassNames.split(ClassNames.join(names))).isEqualTo(names);
        }
        assertThat(ClassNames.join(List.of("a", "b c"))).isEqualTo("a\tb c");
    }
}
