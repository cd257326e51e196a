package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.core.Shape;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final class Block extends Buffer {
        final AtomicInteger freed = new AtomicInteger();

        Block(long address) {
            super(address, 64);
        }

        @Override
        protected void free() {
            freed.incrementAndGet();
        }
    }

    private static View view(Buffer b) {
        return new View(b, DType.FLOAT32, Layout.contiguous(Shape.of(16)));
    }

    /** A call on another thread, which lasts until this is closed. */
    private static final class Underway implements AutoCloseable {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread;

        Underway(boolean virtual, View... views) throws InterruptedException {
            Runnable body = () -> {
                int call = Calls.enter(views);
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                } finally {
                    Calls.leave(call);
                }
            };
            thread = virtual
                    ? Thread.ofVirtual().start(body)
                    : Thread.ofPlatform().start(body);
            begun.await();
        }

        @Override
        public void close() throws InterruptedException {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void aBlockIsFreeAtOnceWhereNobodyComputesWithIt() throws InterruptedException {
        Block mine = new Block(4096);
        Block other = new Block(8192);
        try (Underway _ = new Underway(false, view(other))) {
            mine.release("test");
            assertThat(mine.freed).hasValue(1);
        }
        int call = Calls.enter(view(other));
        other.release("one's own call");
        assertThat(other.freed).hasValue(1);
        Calls.leave(call);
    }

    @Test
    void aBlockInUseIsFreeWhenItsLastCallHasEnded() throws InterruptedException {
        for (boolean virtual : new boolean[] {false, true}) {
            Block b = new Block(4096);
            try (Underway _ = new Underway(virtual, view(new Block(64)), null, view(b))) {
                try (Underway _ = new Underway(virtual, view(b))) {
                    b.release("test");
                    b.release("test");
                    Calls.poll();
                    assertThat(b.freed).hasValue(0);
                }
                Calls.poll();
                assertThat(b.freed).hasValue(0);
            }
            Calls.poll();
            assertThat(b.freed).hasValue(1);
        }
    }

    @Test
    void aCallThatComesLaterDelaysNothing() throws InterruptedException {
        Block b = new Block(4096);
        Underway first = new Underway(false, view(b));
        b.release("test");
        try (Underway _ = new Underway(false, view(new Block(4096)))) {
            first.close();
            Calls.poll();
            assertThat(b.freed).hasValue(1);
        }
    }

    @Test
    void aCallOnVeryManyBlocksCountsAsOneOnAll() throws InterruptedException {
        View[] many = new View[40];
        Arrays.setAll(many, i -> view(new Block(64L * (i + 1))));
        Block b = new Block(1 << 20);
        try (Underway _ = new Underway(false, many)) {
            b.release("test");
            assertThat(b.freed).hasValue(0);
        }
        Calls.poll();
        assertThat(b.freed).hasValue(1);
    }

    @Test
    void whatIsUnreachableWaitsForAllCalls() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        try (Underway _ = new Underway(false, view(new Block(64)))) {
            Calls.afterAll(() -> done.set(true));
            assertThat(done).isFalse();
        }
        assertThat(Calls.settle()).isTrue();
        assertThat(done).isTrue();
    }

    @Test
    void moreThreadsThanSlotsTakeTurns() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Thread[] threads = new Thread[600];
        for (int t = 0; t < threads.length; t++) {
            Block b = new Block(64L * (t + 1));
            threads[t] = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 20; i++) {
                    int call = Calls.enter(b);
                    Thread.yield();
                    Calls.leave(call);
                    calls.incrementAndGet();
                }
            });
        }
        for (Thread t : threads) {
            t.join();
        }
        assertThat(calls).hasValue(600 * 20);
    }

    /** A method that is not passed on would run its definition here, call by call, or none at all. */
    @Test
    void everyMethodOfABackendIsGuarded() {
        assertThat(declared(Guarded.class)).containsAll(required(Backend.class));
        assertThat(declared(Guarded.class.getDeclaredClasses()[0])).containsAll(required(Factorizations.class));
    }

    private static Set<String> required(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()))
                .map(CallsTest::signature)
                .collect(Collectors.toSet());
    }

    private static Set<String> declared(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .map(CallsTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(Method m) {
        return m.getName() + Arrays.toString(m.getParameterTypes());
    }
}
