package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhiloxTest {
    private static final int N = 200_000;

    private static double[] draw(Distribution kind, DType t, double a, double b) {
        View v = Samples.zeros(t, N);
        Samples.BACKEND.random(kind, 42, 7, a, b, v);
        return Samples.values(v);
    }

    private static double mean(double[] x) {
        return Arrays.stream(x).average().orElseThrow();
    }

    private static double moment(double[] x, double centre, int power) {
        return Arrays.stream(x).map(v -> Math.pow(v - centre, power)).average().orElseThrow();
    }

    @Test
    void knownAnswers() {
        // the three vectors published with Random123
        int[] w = new int[4];
        Philox.block(0, 0, 0, w);
        assertThat(w).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        Philox.block(-1, -1, -1, w);
        assertThat(w).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        Philox.block(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL, w);
        assertThat(w).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void wordsToNumbers() {
        assertThat(Philox.uniform(0)).isZero();
        assertThat(Philox.uniform(-1)).isEqualTo(1 - 0x1p-24f);
        assertThat(Philox.uniform(-1, -1)).isEqualTo(1 - 0x1p-53);
        assertThat(Philox.uniform(0x80000000, 0)).isEqualTo(0.5);
        assertThat(Philox.below(10, -1)).isEqualTo(9);
        assertThat(Philox.below(10, -1, -1)).isEqualTo(9);
        assertThat(Philox.below(1L << 62, 0x80000000, 0)).isEqualTo(1L << 61);
        assertThat(Philox.blocks(DType.FLOAT32, 9)).isEqualTo(3);
        assertThat(Philox.blocks(DType.FLOAT64, 9)).isEqualTo(5);
        assertThat(Philox.blocks(DType.BOOL, 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void uniform(DType t) {
        double[] x = draw(Distribution.UNIFORM, t, -1, 3);
        assertThat(Arrays.stream(x).min().orElseThrow()).isBetween(-1.0, -0.999);
        assertThat(Arrays.stream(x).max().orElseThrow()).isBetween(2.999, Math.nextDown(3.0));
        assertThat(mean(x)).isCloseTo(1, within(0.015));
        assertThat(moment(x, 1, 2)).isCloseTo(16 / 12.0, within(0.015));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void normal(DType t) {
        double[] x = draw(Distribution.NORMAL, t, 2, 3);
        assertThat(mean(x)).isCloseTo(2, within(0.03));
        assertThat(moment(x, 2, 2)).isCloseTo(9, within(0.15));
        assertThat(moment(x, 2, 3) / 27).isCloseTo(0, within(0.03));
        assertThat(moment(x, 2, 4) / 81).isCloseTo(3, within(0.1));
        double pairs = 0;
        for (int i = 0; i < N; i += 2) {
            pairs += (x[i] - 2) * (x[i + 1] - 2) / 9;
        }
        assertThat(pairs / (N / 2)).isCloseTo(0, within(0.015));
    }

    @Test
    void bernoulliAndIntegers() {
        assertThat(mean(draw(Distribution.BERNOULLI, DType.BOOL, 0.3, 0))).isCloseTo(0.3, within(0.005));
        assertThat(draw(Distribution.BERNOULLI, DType.FLOAT32, 1, 0)).containsOnly(1);
        assertThat(draw(Distribution.BERNOULLI, DType.FLOAT32, 0, 0)).containsOnly(0);
        for (DType t : new DType[] {DType.UINT8, DType.INT64, DType.FLOAT32}) {
            double[] x = draw(Distribution.INTEGER, t, 3, 8);
            for (int k = 3; k < 8; k++) {
                double value = k;
                assertThat(Arrays.stream(x).filter(v -> v == value).count() / (double) N)
                        .isCloseTo(0.2, within(0.005));
            }
        }
        double[] wide = draw(Distribution.INTEGER, DType.INT64, -0x1p52, 0x1p52);
        assertThat(mean(wide)).isCloseTo(0, within(0x1p44));
        assertThat(moment(wide, 0, 2)).isCloseTo(0x1p104 / 3, within(0x1p97));
    }

    @Test
    void elementsDependOnTheirRowMajorPlaceAlone() {
        View plain = Samples.zeros(DType.FLOAT32, 5, 7);
        View turned = Samples.zeros(DType.FLOAT32, 7, 5);
        turned = turned.with(turned.layout().transpose(0, 1));
        Samples.BACKEND.random(Distribution.NORMAL, 1, 3, 0, 1, plain);
        Samples.BACKEND.random(Distribution.NORMAL, 1, 3, 0, 1, turned);
        assertThat(Samples.values(turned)).containsExactly(Samples.values(plain));

        // a second fill goes on where the first one ended
        View head = Samples.zeros(DType.FLOAT32, 8);
        View tail = Samples.zeros(DType.FLOAT32, 27);
        Samples.BACKEND.random(Distribution.NORMAL, 1, 3, 0, 1, head);
        Samples.BACKEND.random(Distribution.NORMAL, 1, 3 + Philox.blocks(DType.FLOAT32, 8), 0, 1, tail);
        assertThat(Samples.values(head)).containsExactly(Arrays.copyOf(Samples.values(plain), 8));
        assertThat(Samples.values(tail)).containsExactly(Arrays.copyOfRange(Samples.values(plain), 8, 35));
    }
}
