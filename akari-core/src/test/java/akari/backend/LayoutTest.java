package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    private static Layout contiguous(long... sizes) {
        return Layout.contiguous(Shape.of(sizes));
    }

    /** The positions of all elements in row-major order. */
    private static List<Long> positions(Layout layout) {
        List<Long> out = new ArrayList<>();
        Samples.each(layout.shape(), i -> out.add(Samples.position(layout, i)));
        return out;
    }

    @Test
    void contiguousAndChannelsLast() {
        assertThat(contiguous(2, 3, 4).strides()).containsExactly(12, 4, 1);
        Layout nhwc = Layout.channelsLast(Shape.of(2, 3, 4, 5));
        assertThat(nhwc.strides()).containsExactly(60, 1, 15, 3);
        assertThat(nhwc.isChannelsLast()).isTrue();
        assertThat(nhwc.isContiguous()).isFalse();
        assertThat(nhwc.isDense()).isTrue();
        assertThat(contiguous(2, 3, 4, 5).isChannelsLast()).isFalse();
        assertThat(Layout.channelsLast(Shape.of(2, 3)).isContiguous()).isTrue();
        assertThat(Layout.channelsLast(Shape.of(2, 3, 4)).strides()).containsExactly(12, 1, 3);
        // with one channel or one pixel the two are the same
        assertThat(contiguous(2, 1, 4, 5).isChannelsLast()).isTrue();
        assertThat(Layout.channelsLast(Shape.of(2, 7, 1, 1)).isContiguous()).isTrue();
        assertThat(contiguous(0, 3).isContiguous()).isTrue();
        assertThat(contiguous().isContiguous()).isTrue();
    }

    @Test
    void denseMeansEveryPositionOnce() {
        assertThat(contiguous(3, 4).permute(1, 0).isDense()).isTrue();
        assertThat(contiguous(2, 3, 4).permute(2, 0, 1).isDense()).isTrue();
        assertThat(contiguous(3, 4).slice(1, 0, 2, 1).isDense()).isFalse();
        assertThat(contiguous(3, 1).expand(Shape.of(3, 4)).isDense()).isFalse();
        assertThat(contiguous(3, 4).slice(0, 1, 2, 1).isDense()).isTrue();
    }

    @Test
    void likeKeepsTheOrderOfMemory() {
        Shape other = Shape.of(7, 3, 9, 9);
        assertThat(Layout.channelsLast(Shape.of(2, 3, 4, 5)).like(other)).isEqualTo(Layout.channelsLast(other));
        assertThat(contiguous(2, 3, 4, 5).like(other)).isEqualTo(Layout.contiguous(other));
        assertThat(contiguous(4, 3).permute(1, 0).like(Shape.of(3, 4)).strides())
                .containsExactly(1, 3);
        assertThat(contiguous(4, 3, 2)
                        .permute(1, 2, 0)
                        .slice(0, 0, 2, 1)
                        .like(Shape.of(2, 2, 4))
                        .strides())
                .containsExactly(2, 1, 4);
        assertThat(contiguous(3, 1).expand(Shape.of(3, 4)).like(Shape.of(3, 4))).isEqualTo(contiguous(3, 4));
        assertThat(contiguous(1, 3, 1, 1).expand(Shape.of(2, 3, 4, 4)).like(Shape.of(2, 3, 4, 4)))
                .isEqualTo(contiguous(2, 3, 4, 4));
    }

    @Test
    void views() {
        Layout x = contiguous(3, 4);
        assertThat(positions(x.transpose(0, 1))).containsExactly(0L, 4L, 8L, 1L, 5L, 9L, 2L, 6L, 10L, 3L, 7L, 11L);
        assertThat(positions(x.slice(1, 1, 2, 2))).containsExactly(1L, 3L, 5L, 7L, 9L, 11L);
        assertThat(positions(x.select(0, -1))).containsExactly(8L, 9L, 10L, 11L);
        assertThat(x.select(0, 1).shape()).isEqualTo(Shape.of(4));
        assertThat(x.unsqueeze(-1).shape()).isEqualTo(Shape.of(3, 4, 1));
        assertThat(x.unsqueeze(1).squeeze(1)).isEqualTo(x);
        assertThat(x.squeeze(0)).isEqualTo(x);
        assertThat(positions(x.select(1, 2).unsqueeze(0).expand(Shape.of(2, 3))))
                .containsExactly(2L, 6L, 10L, 2L, 6L, 10L);
        assertThat(contiguous().expand(Shape.of(2, 2)).strides()).containsExactly(0, 0);
        assertThat(x.slice(0, 3, 0, 1).numel()).isZero();
        assertThat(x.at(5).end()).isEqualTo(17);
        assertThat(contiguous(0, 4).end()).isZero();
    }

    @Test
    void mistakesAreNamed() {
        Layout x = contiguous(3, 4);
        assertThatThrownBy(() -> x.expand(Shape.of(4)))
                .hasMessageContaining("from  [3, 4]")
                .hasMessageContaining("to    [   4]");
        assertThatThrownBy(() -> x.expand(Shape.SCALAR)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> x.expand(Shape.of(2, 4))).hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> x.permute(0, 0)).hasMessageContaining("repeats dimension 0");
        assertThatThrownBy(() -> x.permute(0)).hasMessageContaining("needs 2 dimensions");
        assertThatThrownBy(() -> x.slice(0, 2, 2, 1)).hasMessageContaining("out of range");
        assertThatThrownBy(() -> x.select(1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> x.reshape(Shape.of(5))).hasMessageContaining("12 elements");
        assertThatThrownBy(() -> Layout.of(Shape.of(2), new long[] {-1}, 0)).hasMessageContaining("negative stride");
        assertThatThrownBy(() -> Layout.of(Shape.of(2), new long[0], 0)).hasMessageContaining("do not match");
    }

    @Test
    void reshapeIsAViewWhereverStridesAllow() {
        Layout x = contiguous(4, 6);
        assertThat(x.reshape(Shape.of(2, 2, 3, 2))).isEqualTo(contiguous(2, 2, 3, 2));
        assertThat(x.transpose(0, 1).reshape(Shape.of(24))).isNull();
        assertThat(x.transpose(0, 1).reshape(Shape.of(6, 2, 2)).strides()).containsExactly(1, 12, 6);
        assertThat(x.slice(1, 0, 4, 1).reshape(Shape.of(4, 2, 2)).strides()).containsExactly(6, 2, 1);
        assertThat(x.slice(1, 0, 4, 1).reshape(Shape.of(2, 8))).isNull();
        assertThat(x.slice(1, 0, 3, 2).reshape(Shape.of(12)).strides()).containsExactly(2);
        assertThat(x.slice(1, 0, 3, 1).reshape(Shape.of(6, 1, 2))).isNull();
        assertThat(contiguous(1).expand(Shape.of(6)).reshape(Shape.of(2, 3)).strides())
                .containsExactly(0, 0);
        assertThat(contiguous(2, 1, 3).reshape(Shape.of(6, 1)).shape()).isEqualTo(Shape.of(6, 1));
        assertThat(contiguous().reshape(Shape.of(1, 1)).shape()).isEqualTo(Shape.of(1, 1));
        assertThat(contiguous(0, 3).reshape(Shape.of(5, 0)).numel()).isZero();
        assertThat(x.slice(0, 1, 1, 1).slice(1, 2, 1, 1).reshape(Shape.SCALAR).offset())
                .isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomLayouts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            long[] sizes = new long[1 + random.nextInt(5)];
            for (int d = 0; d < sizes.length; d++) {
                sizes[d] = new long[] {1, 2, 2, 3, 4}[random.nextInt(5)];
            }
            Layout x = Samples.layout(random, Shape.of(sizes));
            List<Long> at = positions(x);
            Set<Long> distinct = new HashSet<>(at);

            assertThat(x.overlaps()).as("%s overlaps", x).isFalse();
            assertThat(distinct).hasSameSizeAs(at);
            assertThat(x.end()).isEqualTo(at.stream().mapToLong(i -> i).max().orElseThrow() + 1);
            assertThat(x.isDense()).as("%s is dense", x).isEqualTo(x.end() - x.offset() == x.numel());
            assertThat(x.isContiguous())
                    .as("%s is contiguous", x)
                    .isEqualTo(at.equals(positions(Layout.contiguous(x.shape()).at(x.offset()))));
            assertThat(x.isChannelsLast())
                    .as("%s is channels-last", x)
                    .isEqualTo(
                            at.equals(positions(Layout.channelsLast(x.shape()).at(x.offset()))));
            Layout like = x.like(x.shape());
            assertThat(like.isDense()).as("%s like %s", like, x).isTrue();
            for (int i = 1; i < at.size(); i++) {
                assertThat(Long.signum(at.get(i) - at.get(i - 1)))
                        .isEqualTo(Long.signum(
                                positions(like).get(i) - positions(like).get(i - 1)));
            }

            Shape target = regrouped(random, x.numel());
            Layout y = x.reshape(target);
            if (y != null) {
                assertThat(positions(y)).as("%s reshaped to %s", x, target).isEqualTo(at);
            } else {
                assertThat(viewExists(at, target))
                        .as("%s has a view as %s", x, target)
                        .isFalse();
            }
        }
    }

    /** A random factorisation of n, with ones thrown in. */
    private static Shape regrouped(Random random, long n) {
        List<Long> sizes = new ArrayList<>();
        while (n > 1) {
            long f = 1 + random.nextInt((int) n);
            if (n % f == 0) {
                sizes.add(f);
                n /= f;
            }
        }
        return Shape.of(sizes.stream().mapToLong(i -> i).toArray());
    }

    /** Whether any strides put the elements of {@code target} at these positions: the strides follow from the unit indices. */
    private static boolean viewExists(List<Long> at, Shape target) {
        Layout rowMajor = Layout.contiguous(target);
        long[] strides = new long[target.rank()];
        for (int d = 0; d < strides.length; d++) {
            strides[d] = target.get(d) == 1 ? 0 : at.get((int) rowMajor.stride(d)) - at.getFirst();
            if (strides[d] < 0) {
                return false;
            }
        }
        return positions(Layout.of(target, strides, at.getFirst())).equals(at);
    }
}
