package akari.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.bench.RaceOutcome.Laps;
import akari.bench.RaceOutcome.Quartiles;
import akari.bench.RaceSetting.Precision;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final RaceSetting ONE_THREAD = new RaceSetting(1, Precision.F32, false);

    @Test
    void ratioIsPeerOverOurs() {
        var outcome = new RaceOutcome(
                Contest.of("resnet18-train"),
                ONE_THREAD,
                new Laps(Side.AKARI, "ours", new double[] {1e6, 2e6, 9e6}, 2e6, 3 << 20, false),
                new Laps(Side.PYTORCH_CHANNELS_LAST, "peer", new double[] {4e6, 6e6, 9e6}, 5e6, 4 << 20, false));

        assertThat(outcome.ratio()).isEqualTo(3);
        assertThat(outcome.ratios()).isEqualTo(new Quartiles(2, 3, 3.5));
        assertThat(outcome.json())
                .contains(
                        "\"race\":\"resnet18-train\"",
                        "\"wanted\":1.40",
                        "\"memory_ratio\":0.75",
                        "\"ratio\":3.0000",
                        "\"ratio_cpu\":2.5000",
                        "\"median_ns\":2000000");
        assertThat(outcome.markdown())
                .startsWith("| resnet18-train | 1 | f32 | pytorch-channels-last | 2.000 ms | 6.000 ms | 3.00 | 1.40"
                        + " | 2.00 to 3.50 | 2.50 | 0.75 |");
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
            var first = Check.of(Side.AKARI.prepare(contest, ONE_THREAD));
            var second = Check.of(Side.AKARI.prepare(contest, ONE_THREAD));
            assertThat(first).hasToString(second.toString());
            assertThat(Check.parse(first.toString()).difference(second, contest, ONE_THREAD))
                    .isEmpty();
        }
    }

    @Test
    void networksHaveTheStateOfTheZoo() {
        for (var network : Network.values()) {
            assertThat(OurNetwork.create(network).namedParameters().keySet())
                    .containsExactlyInAnyOrderElementsOf(network.parameters().stream()
                            .filter(p -> p.kind() != NetworkParameter.Kind.STATISTIC)
                            .map(NetworkParameter::name)
                            .toList());
        }
    }

    @Test
    void messagesHaveTheWireFormat() {
        var message = new Protobuf()
                .integer(1, 300)
                .text(2, "ab")
                .message(3, new Protobuf().real(1, 1))
                .raw(4, new float[] {2});
        assertThat(message.toBytes())
                .containsExactly(
                        0x08, 0xAC, 0x02, 0x12, 2, 'a', 'b', 0x1A, 5, 0x0D, 0, 0, 0x80, 0x3F, 0x22, 4, 0, 0, 0, 0x40);
    }

    @Test
    void reportsKeepWhatIsWrittenByHand() {
        var old = "# x\n" + Report.KEPT + "\nby hand\n" + Report.KEPT_END + "\n";
        var text = Report.text(LocalDate.of(2026, 1, 2), "a machine", List.of(), List.of("x: it failed"), old);
        assertThat(text)
                .contains("2026-01-02: a machine", "Not run: x: it failed.")
                .endsWith(old.substring(4));
        assertThat(Report.text(LocalDate.EPOCH, "", List.of(), List.of(), "")).contains(Report.KEPT, Report.KEPT_END);
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
        assertThatThrownBy(() -> new Ours(new RaceSetting(1, Precision.BF16, false)).infer(Network.RESNET18, 1))
                .hasMessage("Akari's inference plans compute in f32. Race in f32.");
    }
}
