package akari.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void sizesCountFromBothEnds() {
        Shape s = Shape.of(2, 3, 4);
        assertThat(s.rank()).isEqualTo(3);
        assertThat(s.get(0)).isEqualTo(2);
        assertThat(s.get(-1)).isEqualTo(4);
        assertThat(s.axis(-3)).isZero();
        assertThat(s.numel()).isEqualTo(24);
        assertThat(Shape.SCALAR.numel()).isEqualTo(1);
        assertThat(Shape.SCALAR.axis(-1)).isZero();
        assertThat(s.with(1, 7)).isEqualTo(Shape.of(2, 7, 4)).hasToString("[2, 7, 4]");
        assertThat(s).isEqualTo(Shape.of(2, 3, 4)).hasSameHashCodeAs(Shape.of(2, 3, 4));
    }

    @Test
    void dimensionOutOfRangeIsNamed() {
        assertThatThrownBy(() -> Shape.of(2, 3).get(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dimension 2")
                .hasMessageContaining("[2, 3]");
    }

    @Test
    void callersArrayIsNotKept() {
        long[] sizes = {2, 3};
        Shape s = Shape.of(sizes);
        sizes[0] = 9;
        s.toArray()[1] = 9;
        assertThat(s).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void broadcastAlignsAtTheEnd() {
        assertThat(Shape.broadcast(Shape.of(4, 1, 3), Shape.of(5, 1))).isEqualTo(Shape.of(4, 5, 3));
        assertThat(Shape.broadcast(Shape.SCALAR, Shape.of(2))).isEqualTo(Shape.of(2));
        assertThat(Shape.broadcast(Shape.of(1), Shape.of(0))).isEqualTo(Shape.of(0));
        assertThatThrownBy(() -> Shape.broadcast(Shape.of(2, 3), Shape.of(2, 4)))
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2, 4]")
                .hasMessageContaining("dimension -1");
    }
}
