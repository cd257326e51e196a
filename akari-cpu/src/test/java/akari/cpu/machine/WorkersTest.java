package akari.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    @Test
    void everyBlockRunsOnce() {
        Workers workers = new Workers(3);
        for (int tasks : new int[] {0, 1, 2, 3, 100}) {
            AtomicIntegerArray hits = new AtomicIntegerArray(tasks);
            for (int round = 0; round < 200; round++) {
                workers.run(tasks, hits::incrementAndGet);
            }
            for (int i = 0; i < tasks; i++) {
                assertThat(hits.get(i)).isEqualTo(200);
            }
        }
        workers.threads(1);
    }

    @Test
    void blocksRunOnSeveralThreads() {
        Workers workers = new Workers(2);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        workers.run(2, i -> {
            seen.add(Thread.currentThread());
            both.countDown();
            try {
                assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(seen).hasSize(2).contains(Thread.currentThread());
        workers.threads(1);
    }

    @Test
    void aCallWithinABodyRunsInline() {
        Workers workers = new Workers(2);
        workers.run(4, i -> {
            Thread outer = Thread.currentThread();
            workers.run(4, j -> assertThat(Thread.currentThread()).isSameAs(outer));
        });
        workers.threads(1);
    }

    @Test
    void exceptionsReachTheCaller() {
        Workers workers = new Workers(2);
        assertThatThrownBy(() -> workers.run(50, i -> {
                    if (i == 17) {
                        throw new IllegalArgumentException("block 17");
                    }
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block 17");
        AtomicInteger ran = new AtomicInteger();
        workers.run(50, i -> ran.incrementAndGet());
        assertThat(ran).hasValue(50);
        workers.threads(1);
    }

    @Test
    void callersShareTheHelpersWhileTheirNumberChanges() throws Exception {
        Workers workers = new Workers(4);
        try (var callers = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> sums = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                sums.add(callers.submit(() -> {
                    AtomicInteger sum = new AtomicInteger();
                    for (int round = 0; round < 500; round++) {
                        workers.run(8, sum::addAndGet);
                    }
                    return sum.get();
                }));
            }
            for (int n = 1; n < 40; n++) {
                workers.threads(n % 4 + 1);
            }
            for (Future<Integer> f : sums) {
                assertThat(f.get()).isEqualTo(500 * 28);
            }
        }
        workers.threads(1);
        assertThatThrownBy(() -> workers.threads(0)).hasMessageContaining("at least 1");
    }
}
