package akari.cpu.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Conversions;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.Views;
import akari.cpu.machine.SystemMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void vectorsGiveTheBitsOfTheRule() {
        int n = (1 << 17) + 13;
        Random random = new Random(1);
        int[] bits = random.ints(n).toArray();
        for (int i = 0; i < 1 << 16; i++) {
            bits[i] = i << 16 | (random.nextBoolean() ? 0x8000 : random.nextInt(1 << 16));
        }
        View wide = Views.contiguous(DType.FLOAT32, n);
        View narrow = Views.contiguous(DType.BFLOAT16, n);
        MemorySegment.copy(bits, 0, SystemMemory.ALL, ValueLayout.JAVA_INT, wide.address(), n);
        Bfloat16.narrow(wide.address(), narrow.address(), n);
        for (int i = 0; i < n; i++) {
            short got = SystemMemory.ALL.get(ValueLayout.JAVA_SHORT, narrow.address() + 2L * i);
            assertThat(got).isEqualTo(Conversions.toBfloat16(Float.intBitsToFloat(bits[i])));
        }
        Bfloat16.widen(narrow.address(), wide.address(), n);
        for (int i = 0; i < n; i++) {
            short from = SystemMemory.ALL.get(ValueLayout.JAVA_SHORT, narrow.address() + 2L * i);
            assertThat(SystemMemory.ALL.get(ValueLayout.JAVA_INT, wide.address() + 4L * i))
                    .isEqualTo(from << 16);
        }
    }
}
