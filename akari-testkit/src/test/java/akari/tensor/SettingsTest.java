package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** System properties are checked where they are read: the first use of a tensor says which one is wrong and what is allowed. */
class SettingsTest {
    private static final Map<String, String> WRONG = new LinkedHashMap<>();

    static {
        WRONG.put("akari.memory.limit=garbage", "bytes, or a number with k, m or g");
        WRONG.put("akari.memory.limit=0", "bytes, or a number with k, m or g");
        WRONG.put("akari.memory.limit=-5g", "bytes, or a number with k, m or g");
        WRONG.put("akari.threads=abc", "from 1 to 1024");
        WRONG.put("akari.threads=", "from 1 to 1024");
        WRONG.put("akari.threads=1.5", "from 1 to 1024");
        WRONG.put("akari.threads=0", "at least 1 thread is needed, and at most 1024");
        WRONG.put("akari.threads=-1", "at least 1 thread is needed, and at most 1024");
        WRONG.put("akari.threads=100000", "at least 1 thread is needed, and at most 1024");
        WRONG.put("akari.cpu=nonsense", "write java, or leave it out");
        WRONG.put("akari.cpu=Java", "write java, or leave it out");
        WRONG.put("akari.algorithms=fastest", "default, strict or tuned:FILE");
        WRONG.put("akari.algorithms=tuned:", "default, strict or tuned:FILE");
        WRONG.put("akari.cpu.eager=yes", "write false or true");
    }

    public static void main(String[] args) {
        int threads = 0;
        for (String setting : WRONG.keySet()) {
            String name = setting.substring(0, setting.indexOf('='));
            String before = System.getProperty(name);
            System.setProperty(name, setting.substring(name.length() + 1));
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(Tensors.ones(2));
                } catch (Throwable e) {
                    System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
                }
            }
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
            threads = Math.max(threads, Thread.activeCount());
        }
        System.out.println("at last " + Tensors.ones(2).sum().item() + ", before that " + threads + " threads");
    }

    @Test
    void aWrongSettingIsNamedAndTheNextTryIsAsGoodAsTheFirst() throws Exception {
        Fork fork = Fork.of(SettingsTest.class, List.of());
        assertThat(fork.exit()).as("%s", fork.said()).isZero();
        List<String> lines = fork.said()
                .lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator"))
                .toList();
        int i = 0;
        for (Map.Entry<String, String> wrong : WRONG.entrySet()) {
            for (int again = 0; again < 2; again++) {
                assertThat(lines.get(i++))
                        .startsWith("IllegalArgumentException " + wrong.getKey())
                        .contains(wrong.getValue());
            }
        }
        assertThat(lines.subList(i, lines.size())).containsExactly("at last 2.0, before that 1 threads");
    }

    @Test
    void withoutTheVectorApiPlainJavaComputesAndSaysSo() throws Exception {
        Fork fork = Fork.of(Sum.class, false, 60, List.of());
        assertThat(fork.exit()).as("%s", fork.said()).isZero();
        assertThat(fork.said()).contains("--add-modules jdk.incubator.vector").contains("sum 3.0");
        assertThat(fork.said().lines().filter(line -> line.contains("--add-modules")))
                .hasSize(1);
    }

    @Test
    void aLimitThatIsTooSmallIsNamedWithItsMend() throws Exception {
        Fork fork = Fork.of(Sum.class, List.of("-Dakari.memory.limit=1m"), "1000000");
        assertThat(fork.exit()).isNotZero();
        assertThat(fork.said()).contains("java.lang.OutOfMemoryError: ones: ").contains("akari.memory.limit=SIZE");
    }

    static final class Sum {
        private Sum() {}

        public static void main(String[] args) {
            long n = args.length == 0 ? 3 : Long.parseLong(args[0]);
            for (int i = 0; i < 2; i++) {
                System.out.println("sum " + Tensors.ones(n).sum().item());
            }
        }
    }
}
