package akari.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.tensor.Generator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static long count(long[] order, long value) {
        return Arrays.stream(order).filter(i -> i == value).count();
    }

    @Test
    void sequentialAndRandomVisitAll() {
        assertThat(Sampler.sequential(4).order(new Generator(1))).containsExactly(0, 1, 2, 3);
        assertThat(Sampler.random(30).order(new Generator(1)))
                .hasSize(30)
                .doesNotHaveDuplicates()
                .isNotEqualTo(Sampler.random(30).order(new Generator(2)));
        assertThat(Sampler.subset(9, 5, 7).order(new Generator(1))).containsExactlyInAnyOrder(5, 7, 9);
    }

    @Test
    void weightedDrawsFollowTheWeights() {
        var sampler = Sampler.weighted(new double[] {1, 0, 3, 0, 4}, 80_000, true);

        long[] order = sampler.order(new Generator(7));

        assertThat(order).hasSize(80_000);
        // four standard deviations of a binomial count are below 600
        assertThat(count(order, 0)).isCloseTo(10_000, within(600L));
        assertThat(count(order, 1)).isZero();
        assertThat(count(order, 2)).isCloseTo(30_000, within(600L));
        assertThat(count(order, 3)).isZero();
        assertThat(count(order, 4)).isCloseTo(40_000, within(600L));
    }

    @Test
    void withoutReplacementHeavyOnesComeFirst() {
        var sampler = Sampler.weighted(new double[] {1, 0, 9}, 2, false);

        int heavyFirst = 0;
        for (int seed = 0; seed < 2000; seed++) {
            long[] order = sampler.order(new Generator(seed));
            assertThat(order).containsExactlyInAnyOrder(0, 2);
            heavyFirst += order[0] == 2 ? 1 : 0;
        }
        assertThat(heavyFirst / 2000.0).isCloseTo(0.9, within(0.03));
    }

    @Test
    void impossibleDrawsAreRefused() {
        assertThatThrownBy(() -> Sampler.weighted(new double[] {1, -1}, 1, true))
                .hasMessageContaining("weight 1 is -1.0");
        assertThatThrownBy(() -> Sampler.weighted(new double[] {1, 0}, 2, false))
                .hasMessage("2 draws without replacement from 1 positive weights are not possible");
    }
}
