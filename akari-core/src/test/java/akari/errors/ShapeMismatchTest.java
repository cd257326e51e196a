package akari.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.Shape;
import org.junit.jupiter.api.Test;

class ShapeMismatchTest {
    @Test
    void lastDimensionsAreAligned() {
        assertThatThrownBy(() -> Shape.broadcast(Shape.of(64, 3, 32, 7), Shape.of(3, 16, 7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("""
                        shapes do not broadcast: 32 against 16 at dimension -2
                          first   [64, 3, 32, 7]
                          second  [    3, 16, 7]
                                          ^^
                        sizes must be equal, or one of them 1: unsqueeze(dim) inserts a dimension of size 1""");
        assertThatThrownBy(() -> Shape.broadcast(Shape.of(2, 3), Shape.of(100, 4, 5)))
                .hasMessageStartingWith("""
                        shapes do not broadcast: 3 against 5 at dimension -1
                          first   [     2, 3]
                          second  [100, 4, 5]
                                        ^  ^
                        """);
    }

    @Test
    void marksOfTheirOwn() {
        assertThat(ShapeMismatch.of("matmul: the inner sizes 40 and 5 differ")
                        .row("left", Shape.of(2, 3, 40), -1)
                        .row("right", Shape.of(5, 6), -2)
                        .fix("transpose one"))
                .hasMessage("""
                        matmul: the inner sizes 40 and 5 differ
                          left   [2, 3, 40]
                                        ^^
                          right  [   5,  6]
                                     ^
                        transpose one""");
    }

    @Test
    void firstDimensionsAndNotes() {
        assertThat(ShapeMismatch.of("op: x")
                        .fromLeft()
                        .row("input", Shape.of(2, 3, 4), "float32")
                        .row("index", Shape.of(10), "int64", 0)
                        .row("none", Shape.SCALAR)
                        .fix("so"))
                .hasMessage("""
                        op: x
                          input  [ 2, 3, 4]  float32
                          index  [10]  int64
                                  ^^
                          none   []
                        so""");
    }
}
