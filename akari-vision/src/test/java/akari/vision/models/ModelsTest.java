package akari.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Init;
import akari.nn.Module;
import akari.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsTest {
    @Test
    void leNetHasTheKeysAndParametersOfTheReference() {
        Module lenet = Models.create("lenet", 10);

        assertThat(lenet.stateDict().keySet())
                .containsExactly(
                        "conv1.weight",
                        "conv1.bias",
                        "conv2.weight",
                        "conv2.bias",
                        "fc1.weight",
                        "fc1.bias",
                        "fc2.weight",
                        "fc2.bias",
                        "fc3.weight",
                        "fc3.bias");
        assertThat(lenet.parameters().stream().mapToLong(p -> p.numel()).sum()).isEqualTo(61_706);
        assertThat(lenet.forward(Tensors.zeros(2, 1, 28, 28)).shape()).isEqualTo(Shape.of(2, 10));
    }

    @Test
    void channelsAndClassesAreFree() {
        Module lenet = Models.find("lenet").create(3, 7);

        assertThat(lenet.forward(Tensors.zeros(1, 3, 28, 28)).shape()).isEqualTo(Shape.of(1, 7));
    }

    @Test
    void theNameAloneMeansThePublishedNumberOfClasses() {
        Models.list("*").forEach(name -> {
            long classes = Models.find(name).classes();
            Module model = Init.skipped(() -> Models.create(name));
            assertThat(List.copyOf(model.stateDict().values()).getLast().shape())
                    .as(name)
                    .isEqualTo(Shape.of(classes));
        });
        assertThat(Models.create("resnet18").stateDict().get("fc.weight").shape())
                .isEqualTo(Shape.of(1000, 512));
        assertThatThrownBy(() -> Models.create("resnet81")).hasMessageContaining("Did you mean resnet18?");
    }

    @Test
    void anotherImageSizeIsAnErrorThatNamesTheLayer() {
        Module lenet = Models.create("lenet", 10);

        assertThatThrownBy(() -> lenet.forward(Tensors.zeros(1, 1, 32, 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LeNet.fc1")
                .hasMessageContaining("the input has 576 features");
    }

    @Test
    void theRegistryKnowsWildcardsAndNearMisses() {
        assertThat(Models.list("*")).contains("lenet");
        assertThat(Models.list("le*")).contains("lenet");
        assertThat(Models.list("l?n?t")).contains("lenet");
        assertThat(Models.list("x*")).isEmpty();
        assertThatThrownBy(() -> Models.create("lennet", 10)).hasMessage("unknown model lennet. Did you mean lenet?");
        assertThat(Models.find("LeNet").input()).isEqualTo(Shape.of(1, 28, 28));
    }

    @Test
    void theSummaryCountsWhatTheReferenceCounts() {
        Module lenet = Models.create("lenet", 10);
        lenet.train();

        Summary s = Summary.of(lenet, Shape.of(1, 28, 28));

        assertThat(s.parameters()).isEqualTo(61_706);
        assertThat(s.multiplyAdds()).isEqualTo(416_520);
        assertThat(lenet.isTraining()).isTrue();
        Summary.Layer conv1 = s.layers().stream()
                .filter(l -> l.path().equals("conv1"))
                .findFirst()
                .orElseThrow();
        assertThat(conv1.output()).isEqualTo(Shape.of(1, 6, 28, 28));
        assertThat(conv1.parameters()).isEqualTo(156);
        assertThat(conv1.multiplyAdds()).isEqualTo(117_600);
        assertThat(s.layers().getFirst().path()).isEmpty();
        assertThat(s.layers().getFirst().output()).isEqualTo(Shape.of(1, 10));
        assertThat(s.table(1)).contains("61,706", "416,520", "conv1");
        assertThat(s.table(0)).contains("61,706").doesNotContain("conv1");
        assertThat(Summary.of(Models.create("lenet", 10).to(DType.FLOAT64), Shape.of(1, 28, 28))
                        .multiplyAdds())
                .isEqualTo(416_520);
    }
}
