package akari.nn;

import static org.assertj.core.api.Assertions.assertThat;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeepsNothingTest {
    /** Of a package like Akari's own, and a class that says nothing of itself. */
    private static final class Keeper extends Module {
        private final Linear a = new Linear(4, 4);
        private final Linear b = new Linear(4, 4);
        private Tensor between = Tensors.zeros(1);

        @Override
        protected Tensor compute(Tensor x) {
            between = a.forward(x);
            return b.forward(between.relu());
        }
    }

    @Test
    void whoSaysNothingMayKeepWhatItLikesWhateverItsPackage() {
        Keeper keeper = new Keeper();
        Sequential net = new Sequential(new Linear(4, 4), keeper);
        Tensor x = Tensors.ones(2, 4);
        net.forward(x).sum().backward();
        assertThat(keeper.between.toFloats()).hasSize(8);
        Tensors.noGrad(() -> net.forward(x));
        assertThat(keeper.between.toFloats()).hasSize(8);
    }

    /** Every layer of this module is trusted; whoever adds one decides. */
    @Test
    void ownLayersSayIt() throws Exception {
        URL here = Module.class.getResource("Module.class");
        Path folder = Path.of(here.toURI()).getParent();
        try (var files = Files.list(folder)) {
            List<String> silent = files.map(f -> f.getFileName().toString())
                    .filter(f -> f.matches("\\w+\\.class"))
                    .map(f -> type("akari.nn." + f.substring(0, f.length() - 6)))
                    .filter(c -> Module.class.isAssignableFrom(c) && !Modifier.isAbstract(c.getModifiers()))
                    .filter(c -> !c.isAnnotationPresent(KeepsNothing.class))
                    .map(Class::getSimpleName)
                    .toList();
            assertThat(silent).isEmpty();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
