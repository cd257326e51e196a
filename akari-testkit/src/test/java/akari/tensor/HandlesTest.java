package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.nn.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that is opened and closed: twice, in the wrong order, by another thread, and used afterwards. */
class HandlesTest {
    /**
     * @param open opens one more and gives what closes it
     * @param opened how many of them are in effect
     * @param anywhere whether any thread may close it; the others are told which
     */
    private record Kind(Opener open, Counter opened, boolean anywhere) {}

    private interface Opener {
        Runnable open();
    }

    private interface Counter {
        int count();
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put(
                "scope",
                new Kind(
                        () -> Tensors.scope()::close,
                        () -> {
                            int n = 0;
                            List<Scope> open = new ArrayList<>();
                            for (Scope s = Mode.current().scope; s != null; s = s.outer()) {
                                n++;
                                assertThat(open).doesNotContain(s);
                                open.add(s);
                            }
                            return n;
                        },
                        false));
        Tensor leaf = Tensors.ones(2).requiresGrad_();
        kinds.put(
                "hook of a leaf",
                hook(count -> leaf.registerHook(count), () -> leaf.sum().backward()));
        Tensor y = leaf.mul(2);
        kinds.put(
                "hook of a result",
                hook(count -> y.registerHook(count), () -> y.sum().backward(null, true)));
        Linear module = new Linear(2, 2);
        AtomicInteger forwards = new AtomicInteger();
        kinds.put(
                "hook of a module",
                new Kind(
                        () -> module.onForward((m, in, out) -> forwards.incrementAndGet()),
                        () -> {
                            forwards.set(0);
                            module.forward(Tensors.ones(1, 2));
                            return forwards.get();
                        },
                        true));
        return kinds;
    }

    private interface Registration {
        RemovableHandle of(Gradients.GradientHook hook);
    }

    private static Kind hook(Registration register, Runnable pass) {
        AtomicInteger calls = new AtomicInteger();
        Gradients.GradientHook same = g -> {
            calls.incrementAndGet();
            return null;
        };
        return new Kind(
                () -> register.of(same)::close,
                () -> {
                    calls.set(0);
                    pass.run();
                    return calls.get();
                },
                true);
    }

    @TestFactory
    Stream<DynamicTest> all() {
        return kinds().entrySet().stream().flatMap(e -> {
            Kind k = e.getValue();
            Map<String, Consumer<Kind>> ways = new LinkedHashMap<>();
            ways.put("twice", HandlesTest::twice);
            ways.put("in the wrong order", HandlesTest::inTheWrongOrder);
            ways.put("by another thread", HandlesTest::byAnotherThread);
            return ways.entrySet().stream()
                    .map(way -> DynamicTest.dynamicTest(
                            e.getKey() + " " + way.getKey(),
                            () -> way.getValue().accept(k)));
        });
    }

    private static void twice(Kind k) {
        Runnable first = k.open.open();
        Runnable second = k.open.open();
        assertThat(k.opened.count()).isEqualTo(2);
        second.run();
        second.run();
        assertThat(k.opened.count()).isEqualTo(1);
        Runnable third = k.open.open();
        second.run();
        assertThat(k.opened.count()).isEqualTo(2);
        third.run();
        first.run();
        first.run();
        assertThat(k.opened.count()).isZero();
    }

    private static void inTheWrongOrder(Kind k) {
        Runnable a = k.open.open();
        Runnable b = k.open.open();
        Runnable c = k.open.open();
        b.run();
        assertThat(k.opened.count()).isEqualTo(2);
        a.run();
        assertThat(k.opened.count()).isEqualTo(1);
        c.run();
        b.run();
        a.run();
        assertThat(k.opened.count()).isZero();
    }

    private static void byAnotherThread(Kind k) {
        Runnable a = k.open.open();
        var elsewhere = CompletableFuture.runAsync(a);
        if (k.anywhere) {
            elsewhere.join();
            assertThat(k.opened.count()).isZero();
        } else {
            assertThatThrownBy(elsewhere::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by the thread that opened it");
            assertThat(k.opened.count()).isEqualTo(1);
        }
        a.run();
        CompletableFuture.runAsync(a).join(); // closed already
        assertThat(k.opened.count()).isZero();
    }

    @Test
    void scopesThatCloseInTheWrongOrderReleaseTheirOwn() {
        Scope a = Tensors.scope();
        Tensor inA = Tensors.ones(3);
        Scope b = Tensors.scope();
        Tensor inB = Tensors.ones(3);
        Tensor kept = b.keep(Tensors.ones(3));
        a.close();
        assertThatThrownBy(inA::toFloats).hasMessageContaining("released by the end of a scope");
        assertThatThrownBy(kept::toFloats).hasMessageContaining("released by the end of a scope");
        assertThat(inB.toFloats()).hasSize(3);
        Tensor outside = b.keep(Tensors.ones(3));
        b.close();
        assertThatThrownBy(inB::toFloats).hasMessageContaining("released by the end of a scope");
        assertThat(outside.toFloats()).hasSize(3);
        assertThat(Tensors.ones(3).toFloats()).hasSize(3);
    }

    @Test
    void aScopeIsNotUsedByOthersNorAfterItsEnd() {
        Scope s = Tensors.scope();
        Tensor t = Tensors.ones(2);
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> s.keep(t)).join())
                .hasMessageContaining("by the thread that opened it");
        s.close();
        assertThatThrownBy(() -> s.keep(t))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after the scope was closed");
        assertThat(s).hasToString("Scope(the end of a scope, closed)");
    }

    /** Modes are blocks, which cannot end in the wrong order; an error ends them as well, and other threads do not see them. */
    @Test
    void modesEndWithTheirBlocks() {
        Map<BooleanSupplier, Consumer<Runnable>> modes = Map.of(
                () -> !Tensors.isGradEnabled(),
                Tensors::noGrad,
                Tensors::isInferenceModeEnabled,
                Tensors::inferenceMode,
                Tensors::isAutocastEnabled,
                body -> Tensors.autocast(DType.BFLOAT16, body));
        modes.forEach((isOn, mode) -> {
            assertThatThrownBy(() -> mode.accept(() -> {
                        assertThat(isOn.getAsBoolean()).isTrue();
                        assertThat(CompletableFuture.supplyAsync(isOn::getAsBoolean)
                                        .join())
                                .isFalse();
                        throw new UnsupportedOperationException("enough");
                    }))
                    .hasMessage("enough");
            assertThat(isOn.getAsBoolean()).isFalse();
        });
    }
}
