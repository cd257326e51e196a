package akari.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.bench.Outcome.Laps;
import akari.bench.Outcome.Quartiles;
import akari.bench.Setting.Precision;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final Setting ONE_THREAD = new Setting(1, Precision.F32, false);

    @Test
    void ratioIsPeerOverOurs() {
        var outcome = new Outcome(
                Contest.of("add-16m"),
                ONE_THREAD,
                new Laps("ours", new double[] {1e6, 2e6, 9e6}, 2e6),
                new Laps("peer", new double[] {4e6, 6e6, 9e6}, 5e6));

        assertThat(outcome.ratio()).isEqualTo(3);
        assertThat(outcome.ratios()).isEqualTo(new Quartiles(2, 3, 3.5));
        assertThat(outcome.json())
                .contains("\"race\":\"add-16m\"", "\"ratio\":3.0000", "\"ratio_cpu\":2.5000", "\"median_ns\":2000000");
        assertThat(outcome.markdown())
                .startsWith("| add-16m | 1 | f32 | 2.000 ms | 6.000 ms | 3.00 | 2.00 to 3.50 | 2.50 |");
    }

    @Test
    void fingerprintsSurviveTheLineAndTellResultsApart() {
        var values = Numbers.uniform(5, 1000, 2);
        var print = Fingerprint.of(values);
        assertThat(Fingerprint.parse(print.toString()).agrees(print, 1e-7)).isTrue();

        values[999] += 0.01f;
        assertThat(Fingerprint.of(values).agrees(print, 1e-4)).isFalse();
        assertThat(Fingerprint.of(Numbers.uniform(5, 999, 2)).agrees(print, 1)).isFalse();

        values[999] = Float.NaN;
        assertThat(Fingerprint.of(values).agrees(print, 1)).isFalse();
    }

    @Test
    void everyRaceGivesTheSameResultTwice() {
        for (var name : new String[] {"gelu-1m", "matmul-1024", "lenet-train"}) {
            var contest = Contest.of(name);
            var first = Fingerprint.of(Side.AKARI.prepare(contest, ONE_THREAD).result());
            var second = Fingerprint.of(Side.AKARI.prepare(contest, ONE_THREAD).result());
            assertThat(first.agrees(second, 0)).as(name).isTrue();
        }
    }

    @Test
    void unknownNamesAreNamed() {
        assertThatThrownBy(() -> Contest.of("add"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown race add")
                .hasMessageContaining("lenet-train");
        assertThatThrownBy(() -> Precision.of("f16"))
                .hasMessageContaining("f16")
                .hasMessageContaining("bf16");
        assertThatThrownBy(() -> new Ours(new Setting(1, Precision.BF16, false)))
                .hasMessageContaining("bf16");
    }
}
