package akari.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Buffer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final long MB = 1 << 20;

    @Test
    void blocksAreAlignedAndDisjointWhateverIsHandedBack() {
        Pool pool = new Pool(256 * MB, 128 * MB);
        Random random = new Random(1);
        TreeMap<Long, Buffer> live = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) == 0 && !live.isEmpty()) {
                Long key = live.ceilingKey(random.nextLong(live.lastKey() + 1));
                live.remove(key).release("test");
                continue;
            }
            long bytes = random.nextInt(100) == 0
                    ? random.nextInt((int) (3 * MB))
                    : random.nextInt(1 << random.nextInt(4, 14));
            Buffer b = pool.allocate(bytes);
            assertThat(b.bytes()).isEqualTo(bytes);
            assertThat(b.address() % 64).isZero();
            Map.Entry<Long, Buffer> below = live.floorEntry(b.address());
            Map.Entry<Long, Buffer> above = live.ceilingEntry(b.address());
            assertThat(below == null || below.getKey() + below.getValue().bytes() <= b.address())
                    .isTrue();
            assertThat(above == null || b.address() + Math.max(1, bytes) <= above.getKey())
                    .isTrue();
            live.put(b.address(), b);
        }
        long held = live.values().stream().mapToLong(Buffer::bytes).sum();
        assertThat(pool.stats().inUse()).isBetween(held, held + held / 7 + 64L * live.size());
        live.values().forEach(b -> b.release("test"));
        assertThat(pool.stats().inUse()).isZero();
    }

    @Test
    void sizesRoundUpByAnEighthAtMost() {
        Pool pool = new Pool(1024 * MB, 512 * MB);
        for (long bytes = 1; bytes < 64 * MB; bytes = bytes * 17 / 16 + 1) {
            Buffer b = pool.allocate(bytes);
            assertThat(pool.stats().inUse()).isBetween(bytes, Math.max(bytes + 64, bytes + bytes / 8 + 1));
            if (bytes >= 2 * MB) {
                assertThat(b.address() % (2 * MB)).isZero();
            }
            b.release("test");
        }
    }

    @Test
    void theBlockReleasedLastIsHandedOutFirst() {
        Pool pool = new Pool(64 * MB, 32 * MB);
        Buffer a = pool.allocate(1000);
        Buffer b = pool.allocate(1000);
        long first = a.address();
        a.release("x");
        assertThat(pool.allocate(990).address()).isEqualTo(first);
        b.release("x");
        b.release("again");
        assertThatThrownBy(b::address).isInstanceOf(IllegalStateException.class).hasMessageContaining("released by x");
        assertThat(pool.stats().inUse()).isEqualTo(1024);
        assertThat(pool.stats().peak()).isEqualTo(2048);
    }

    @Test
    void unreachableBlocksComeBack() {
        Pool pool = new Pool(64 * MB, 16 * MB);
        for (int step = 0; step < 400; step++) {
            pool.allocate(MB).touch();
        }
        assertThat(pool.stats().reserved()).isLessThanOrEqualTo(16 * MB);
        assertThat(pool.stats().forcedCollections()).isBetween(1L, 40L);
    }

    @Test
    void theThresholdFollowsWhatSurvives() {
        Pool pool = new Pool(512 * MB, 16 * MB);
        List<Buffer> held = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            held.add(pool.allocate(MB));
        }
        assertThat(held).hasSize(256);
        assertThat(pool.stats().forcedCollections()).isLessThanOrEqualTo(6);
    }

    @Test
    void theLimitIsAClearError() {
        Pool pool = new Pool(32 * MB, 16 * MB);
        List<Buffer> held = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        held.add(pool.allocate(4 * MB));
                    }
                })
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("tensor of 4.0 MB")
                .hasMessageContaining("32.0 MB in use of a limit of 32.0 MB")
                .hasMessageContaining("8 × 4.0 MB")
                .hasMessageContaining("akari.memory.limit");
        assertThat(held).hasSize(8);
        held.removeLast().release("test");
        assertThat(pool.allocate(4 * MB).bytes()).isEqualTo(4 * MB);
    }

    @Test
    void cachedBlocksOfOtherSizesMakeRoom() {
        Pool pool = new Pool(32 * MB, 32 * MB);
        pool.allocate(12 * MB).release("test");
        Buffer other = pool.allocate(26 * MB);
        assertThat(pool.stats().reserved()).isEqualTo(26 * MB);
        assertThat(pool.stats().forcedCollections()).isZero();
        other.release("test");
    }

    @Test
    void aBlockThatIsSomewhatTooLargeServes() {
        Pool pool = new Pool(64 * MB, 64 * MB);
        pool.allocate(20 * MB).release("test");
        Buffer smaller = pool.allocate(12 * MB);
        assertThat(pool.stats().reserved()).isEqualTo(20 * MB);
        assertThat(pool.stats().inUse()).isEqualTo(12 * MB);
        Buffer tiny = pool.allocate(4 * MB);
        assertThat(pool.stats().reserved()).isEqualTo(24 * MB);
        smaller.release("test");
        tiny.release("test");
        assertThat(pool.stats().inUse()).isZero();
        assertThat(pool.allocate(20 * MB).bytes()).isEqualTo(20 * MB);
        assertThat(pool.stats().reserved()).isEqualTo(24 * MB);
    }

    @Test
    void eightThreadsNeverShareABlock() throws Exception {
        Pool pool = new Pool(512 * MB, 8 * MB);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            long mark = t + 1;
            tasks.add(() -> {
                Random random = new Random(mark);
                Buffer[] mine = new Buffer[16];
                for (int i = 0; i < 20_000; i++) {
                    int slot = random.nextInt(mine.length);
                    Buffer old = mine[slot];
                    if (old != null) {
                        assertThat(SystemMemory.ALL.get(ValueLayout.JAVA_LONG, old.address()))
                                .isEqualTo(mark << 32 | slot);
                        if (random.nextBoolean()) {
                            old.release("test");
                        }
                    }
                    Buffer b = pool.allocate(8L << random.nextInt(14));
                    SystemMemory.ALL.set(ValueLayout.JAVA_LONG, b.address(), mark << 32 | slot);
                    mine[slot] = b;
                }
                for (Buffer b : mine) {
                    if (b != null) {
                        b.release("test");
                    }
                }
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var f : threads.invokeAll(tasks)) {
                f.get();
            }
        }
        // the half that nobody released comes back with the collector, which takes its own time
        for (int i = 0; i < 200 && pool.stats().inUse() > 0; i++) {
            System.gc();
            Thread.sleep(10);
            pool.allocate(8).release("test");
        }
        assertThat(pool.stats().inUse()).isZero();
    }

    @Test
    void slabsWhoseBlocksAreAllFreeMakeRoom() {
        Pool pool = new Pool(64 * MB, 64 * MB);
        List<Buffer> small = new ArrayList<>();
        for (int i = 0; i < 60 * 1024; i++) {
            small.add(pool.allocate(1000));
        }
        Buffer held = small.removeFirst();
        small.forEach(b -> b.release("test"));
        Buffer large = pool.allocate(32 * MB);
        assertThat(pool.stats().forcedCollections()).isLessThanOrEqualTo(1);
        assertThat(held.address()).isPositive();
        large.release("test");
        // and the other way round
        for (int i = 0; i < 60 * 1024; i++) {
            small.set(i % small.size(), pool.allocate(30_000));
            small.get(i % small.size()).release("test");
        }
        assertThat(pool.stats().inUse()).isEqualTo(1024);
    }

    @Test
    void aSlabThatIsHalfInUseStays() {
        Pool pool = new Pool(16 * MB, 16 * MB);
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 14 * 1024; i++) {
            all.add(pool.allocate(1024));
        }
        for (int i = 0; i < all.size(); i++) {
            if (i % 64 != 0) {
                all.get(i).release("test");
            } else {
                SystemMemory.ALL.set(ValueLayout.JAVA_INT, all.get(i).address(), i);
            }
        }
        assertThatThrownBy(() -> pool.allocate(8 * MB)).isInstanceOf(OutOfMemoryError.class);
        for (int i = 0; i < 13 * 1024; i++) {
            Buffer b = pool.allocate(1024);
            SystemMemory.ALL.set(ValueLayout.JAVA_INT, b.address(), -1);
            all.set(i, i % 64 == 0 ? all.get(i) : b);
        }
        for (int i = 0; i < all.size(); i += 64) {
            assertThat(SystemMemory.ALL.get(ValueLayout.JAVA_INT, all.get(i).address()))
                    .isEqualTo(i);
        }
    }

    @Test
    void anInterruptedThreadCollectsAndStaysInterrupted() {
        Pool pool = new Pool(32 * MB, 16 * MB);
        Thread.currentThread().interrupt();
        for (int i = 0; i < 100; i++) {
            pool.allocate(4 * MB).touch();
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void threadsThatMeetAtTheLimitAllGetTheirShare() throws Exception {
        Pool pool = new Pool(64 * MB, 64 * MB);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            tasks.add(() -> {
                for (int i = 0; i < 150; i++) {
                    pool.allocate(random.nextInt((int) (8 * MB))).touch();
                    pool.allocate(random.nextInt(40_000)).touch();
                }
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var f : threads.invokeAll(tasks)) {
                f.get();
            }
        }
        assertThat(pool.stats().reserved()).isLessThanOrEqualTo(64 * MB);
    }

    @Test
    void sizesAreParsed() {
        assertThat(Pool.parse("123")).isEqualTo(123);
        assertThat(Pool.parse("2k")).isEqualTo(2048);
        assertThat(Pool.parse(" 3G ")).isEqualTo(3L << 30);
        for (String bad : List.of("", "g", "-1", "12q", "99999999999g")) {
            assertThatThrownBy(() -> Pool.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("akari.memory.limit=" + bad);
        }
    }
}
