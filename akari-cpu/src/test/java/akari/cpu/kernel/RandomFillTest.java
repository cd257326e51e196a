package akari.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Distribution;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fills shared among threads, bit by bit those of the reference. */
class RandomFillTest {
    static Stream<Arguments> kindsAndTypes() {
        return Stream.of(
                        new Distribution.Uniform(0.3, 1.7),
                        new Distribution.Normal(0.3, 1.7),
                        new Distribution.LogNormal(0.3, 0.5),
                        new Distribution.Bernoulli(0.3),
                        new Distribution.Exponential(1.7),
                        new Distribution.Geometric(0.3),
                        new Distribution.Cauchy(0.3, 1.7),
                        new Distribution.Whole(-3, 100),
                        new Distribution.Whole(-3, 1 << 20))
                .flatMap(k -> Stream.of(DType.values()).map(t -> Arguments.of(k, t)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void theSameOnAnyNumberOfThreads(Distribution kind, DType type) {
        for (int threads = 1; threads <= 3; threads++) {
            RandomFill draws = new RandomFill(new Workers(threads));
            for (long n : new long[] {0, 1, 5, 257, 40_003}) {
                View got = Views.contiguous(type, n);
                View want = Views.contiguous(type, n);
                draws.fill(kind, 42, 1L << 40, got);
                Views.REFERENCE.random(kind, 42, 1L << 40, want);
                assertThat(Views.read(got)).as("%d threads", threads).isEqualTo(Views.read(want));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void theSameInAnyLayout(Distribution kind, DType type) {
        RandomFill draws = new RandomFill(new Workers(2));
        View plain = Views.contiguous(type, 37, 51);
        View turned = Views.contiguous(type, 51, 37);
        turned = turned.with(turned.layout().transpose(0, 1));
        draws.fill(kind, 7, 3, plain);
        draws.fill(kind, 7, 3, turned);
        assertThat(Views.read(turned)).isEqualTo(Views.read(plain));
    }
}
