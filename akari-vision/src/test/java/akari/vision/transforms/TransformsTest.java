package akari.vision.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static final Normalize NORMALIZE =
            new Normalize(new double[] {0.4, 0.5, 0.6}, new double[] {0.2, 0.3, 0.7});

    /** All 256 bytes in each of three channels. */
    private static Tensor allBytes() {
        byte[] bytes = new byte[3 * 256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return Tensors.upload(DType.UINT8, Shape.of(3, 16, 16), MemorySegment.ofArray(bytes));
    }

    private static Tensor counting(int h, int w) {
        return Tensors.arange((long) h * w).reshape(1, h, w).to(DType.UINT8);
    }

    @Test
    void toFloatScalesBytesAndLeavesFloats() {
        Tensor floats = new ToFloat().apply(allBytes());

        assertThat(floats.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(floats.shape()).isEqualTo(Shape.of(3, 16, 16));
        float[] values = floats.toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo((i & 255) / 255f);
        }
        assertThat(new ToFloat().apply(floats)).isSameAs(floats);
        assertThatThrownBy(() -> new ToFloat().apply(Tensors.arange(3))).hasMessageContaining("int64");
    }

    @Test
    void normalizeStandardisesEachChannel() {
        Tensor out = NORMALIZE.apply(Tensors.full(DType.FLOAT64, 0.75, 2, 3, 1, 1));

        assertThat(out.toDoubles())
                .containsExactly(
                        new double[] {1.75, 0.25 / 0.3, 0.15 / 0.7, 1.75, 0.25 / 0.3, 0.15 / 0.7}, within(1e-12));
        assertThatThrownBy(() -> NORMALIZE.apply(Tensors.zeros(1, 8, 8)))
                .hasMessageContaining("3 channels")
                .hasMessageContaining("[1, 8, 8]");
        assertThatThrownBy(() -> NORMALIZE.apply(allBytes())).hasMessageContaining("put ToFloat before it");
        assertThatThrownBy(() -> new Normalize(new double[] {0}, new double[] {0}))
                .hasMessageContaining("positive std");
    }

    @Test
    void theFusedPassEqualsItsTwoStepsToTheBit() {
        Compose fused = new Compose(new ToFloat(), NORMALIZE);
        Tensor batch = Tensors.stack(List.of(allBytes(), allBytes()), 0);

        assertThat(fused.apply(allBytes()).toFloats())
                .containsExactly(
                        NORMALIZE.apply(new ToFloat().apply(allBytes())).toFloats());
        assertThat(fused.apply(batch).get(1).toFloats())
                .containsExactly(fused.apply(allBytes()).toFloats());
        Tensor floats = Tensors.rand(3, 2, 2);
        assertThat(fused.apply(floats).toFloats())
                .containsExactly(NORMALIZE.apply(floats).toFloats());
        assertThatThrownBy(() -> fused.apply(counting(2, 2))).hasMessageContaining("3 channels");
    }

    @Test
    void composeSplitsAtTheLastStepThatNeedsSingleImages() {
        Compose all = new Compose(new Resize(4, 4), new RandomHorizontalFlip(), new ToFloat(), NORMALIZE);

        assertThat(all.batched()).isFalse();
        assertThat(all.perImage().toString()).contains("Resize").contains("RandomHorizontalFlip");
        assertThat(all.perBatch().toString()).contains("ToFloat").doesNotContain("Flip");
        assertThat(all.perBatch().batched()).isTrue();
        assertThat(new Compose(new ToFloat()).perImage().isEmpty()).isTrue();
    }

    @Test
    void flipsMirrorAboutHalfOfTheImages() {
        Tensor image = counting(2, 3);

        assertThat(new RandomHorizontalFlip(1).apply(image).toLongs()).containsExactly(2, 1, 0, 5, 4, 3);
        assertThat(new RandomHorizontalFlip(0).apply(image)).isSameAs(image);
        int flipped = 0;
        for (int seed = 0; seed < 1000; seed++) {
            flipped += new RandomHorizontalFlip().apply(image, new Generator(seed)) == image ? 0 : 1;
        }
        assertThat(flipped).isBetween(440, 560);
        assertThatThrownBy(() -> new RandomHorizontalFlip(1.5)).hasMessageContaining("1.5");
    }

    @Test
    void cropsComeFromEveryPlaceOfThePaddedImage() {
        Tensor image = counting(3, 3).add(1).to(DType.UINT8);
        RandomCrop crop = new RandomCrop(3, 3, 1);

        Set<Long> centres = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            Tensor out = crop.apply(image, new Generator(seed));
            assertThat(out.shape()).isEqualTo(Shape.of(1, 3, 3));
            assertThat(out.dtype()).isEqualTo(DType.UINT8);
            centres.add(out.toLongs()[4]);
        }
        assertThat(centres).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(crop.apply(image, new Generator(5)).toLongs())
                .containsExactly(crop.apply(image, new Generator(5)).toLongs());
        assertThat(new RandomCrop(3, 3, 0).apply(image).toLongs()).containsExactly(image.toLongs());
        assertThatThrownBy(() -> new RandomCrop(6, 3, 1).apply(image)).hasMessageContaining("[1, 3, 3]");
    }
}
