package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PhiloxTest {
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
        assertThat(Philox.below(0, 0x80000000, 1)).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(Philox.open(new int[] {0, 0, -1, -1}, 0)).isEqualTo(0x1p-54);
        assertThat(Philox.open(new int[] {0, 0, -1, -1}, 1)).isLessThan(1);
    }

    @Test
    void blocksUsed() {
        Distribution normal = new Distribution.Normal(0, 1);
        assertThat(normal.blocks(DType.FLOAT32, 9)).isEqualTo(3);
        assertThat(normal.blocks(DType.FLOAT64, 9)).isEqualTo(5);
        assertThat(normal.blocks(DType.BFLOAT16, 0)).isZero();
        assertThat(new Distribution.Exponential(1).blocks(DType.FLOAT32, 9)).isEqualTo(5);
        assertThat(new Distribution.Whole(0, 1 << 16).blocks(DType.INT32, 9)).isEqualTo(3);
        assertThat(new Distribution.Whole(0, (1 << 16) + 1).blocks(DType.INT32, 9))
                .isEqualTo(5);
        assertThat(new Distribution.Whole(0, 10).blocks(DType.INT64, 9)).isEqualTo(5);
    }

    @Test
    void elementsDependOnTheirRowMajorPlaceAlone() {
        Distribution normal = new Distribution.Normal(0, 1);
        View plain = Samples.zeros(DType.FLOAT32, 5, 7);
        View turned = Samples.zeros(DType.FLOAT32, 7, 5);
        turned = turned.with(turned.layout().transpose(0, 1));
        Samples.BACKEND.random(normal, 1, 3, plain);
        Samples.BACKEND.random(normal, 1, 3, turned);
        assertThat(Samples.values(turned)).containsExactly(Samples.values(plain));

        // a second fill goes on where the first one ended
        View head = Samples.zeros(DType.FLOAT32, 8);
        View tail = Samples.zeros(DType.FLOAT32, 27);
        Samples.BACKEND.random(normal, 1, 3, head);
        Samples.BACKEND.random(normal, 1, 3 + normal.blocks(DType.FLOAT32, 8), tail);
        assertThat(Samples.values(head)).containsExactly(Arrays.copyOf(Samples.values(plain), 8));
        assertThat(Samples.values(tail)).containsExactly(Arrays.copyOfRange(Samples.values(plain), 8, 35));
    }
}
