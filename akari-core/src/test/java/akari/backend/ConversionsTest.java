package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionsTest {
    @Test
    void everyBfloat16ComesBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float v = Conversions.fromBfloat16((short) bits);
            short back = Conversions.toBfloat16(v);
            int expected = Float.isNaN(v) ? bits | 0x40 : bits;
            assertThat(back & 0xffff).isEqualTo(expected);
        }
    }

    @Test
    void bfloat16RoundsToTheNearestAndHalvesToEven() {
        Random random = new Random(1);
        for (int k = 0; k < 100_000; k++) {
            float v = Float.intBitsToFloat(random.nextInt());
            if (!Float.isFinite(v)) {
                continue;
            }
            int down = Float.floatToRawIntBits(v) & 0xffff0000;
            double low = Float.intBitsToFloat(down);
            // the next one away from zero; beyond the largest it is 2^128
            float next = Float.intBitsToFloat(down + 0x10000);
            double high = Float.isInfinite(next) ? Math.copySign(0x1p128, v) : next;
            double toLow = Math.abs(v - low);
            double toHigh = Math.abs(high - v);
            boolean even = (down >>> 16 & 1) == 0;
            boolean goesDown = toLow < toHigh || toLow == toHigh && even;
            float got = Conversions.fromBfloat16(Conversions.toBfloat16(v));
            assertThat(got).isEqualTo(goesDown ? (float) low : next);
        }
    }

    @Test
    void integersWrapAndWhatFitsNoIntegerBecomesTheSmallest() {
        assertThat(Conversions.toInteger(DType.INT8, 300.9)).isEqualTo(44);
        assertThat(Conversions.toInteger(DType.INT8, -129)).isEqualTo(127);
        assertThat(Conversions.toInteger(DType.UINT8, -1.5)).isEqualTo(255);
        assertThat(Conversions.toInteger(DType.INT16, 1e30)).isZero();
        assertThat(Conversions.toInteger(DType.INT32, -0x1p31 - 0.5)).isEqualTo(Integer.MIN_VALUE);
        assertThat(Conversions.toInteger(DType.INT32, 0x1p31)).isEqualTo(Integer.MIN_VALUE);
        assertThat(Conversions.toInteger(DType.INT32, Double.NaN)).isEqualTo(Integer.MIN_VALUE);
        assertThat(Conversions.toInteger(DType.INT64, 1e30)).isEqualTo(Long.MIN_VALUE);
        assertThat(Conversions.toInteger(DType.UINT8, 0x1p40 + 7)).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void roundIsWhatMemoryHolds(DType t) {
        View one = Samples.zeros(t, 1);
        Random random = new Random(2);
        for (int k = 0; k < 1000; k++) {
            double v = random.nextGaussian() * Math.pow(10, random.nextInt(14) - 4);
            Memory.set(t, one.address(), v);
            assertThat(Memory.get(t, one.address())).isEqualTo(Conversions.round(t, v));
        }
    }

    @Test
    void promotionIsSymmetricAndKeepsTheHigherCategory() {
        for (DType a : DType.values()) {
            assertThat(DType.promote(a, a)).isEqualTo(a);
            for (DType b : DType.values()) {
                DType c = DType.promote(a, b);
                assertThat(DType.promote(b, a)).isEqualTo(c);
                assertThat(c.category()).isEqualTo(Math.max(a.category(), b.category()));
            }
        }
        assertThat(DType.promote(DType.UINT8, DType.INT8)).isEqualTo(DType.INT16);
        assertThat(DType.promote(DType.FLOAT16, DType.BFLOAT16)).isEqualTo(DType.FLOAT32);
    }
}
