package akari.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    @Test
    void countsAndDerives() {
        Confusion c = new Confusion(List.of("cat", "dog", "owl"));
        long[][] pairs = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 0}, {1, 0}};
        for (long[] p : pairs) {
            c.add(p[0], p[1]);
        }
        assertThat(c.accuracy()).isCloseTo(3 / 7.0, within(1e-12));
        Confusion.PerClass cat = c.perClass().getFirst();
        assertThat(cat.support()).isEqualTo(3);
        assertThat(cat.precision()).isCloseTo(2 / 5.0, within(1e-12));
        assertThat(cat.recall()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(cat.f1()).isCloseTo(0.5, within(1e-12));
        assertThat(c.perClass().getLast()).isEqualTo(new Confusion.PerClass("owl", 0, 0, 0, 0));
        assertThat(c.mostConfused(5))
                .containsExactly(new Confusion.Mistake("dog", "cat", 3), new Confusion.Mistake("cat", "dog", 1));
    }
}
