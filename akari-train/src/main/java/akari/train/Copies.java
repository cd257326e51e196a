package akari.train;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;

/** What some tensors held at a moment, to go back to. */
final class Copies {
    private final List<Tensor> tensors;
    private final List<Tensor> copies;

    /** Copies them now. */
    Copies(List<Tensor> tensors) {
        this.tensors = tensors;
        this.copies = tensors.stream()
                .map(t -> Tensors.outlive(Tensors.noGrad(() -> t.clone())))
                .toList();
    }

    /** Copies them anew. */
    void take() {
        copy(tensors, copies);
    }

    void restore() {
        copy(copies, tensors);
    }

    private static void copy(List<Tensor> from, List<Tensor> to) {
        Tensors.noGrad(() -> {
            for (int i = 0; i < from.size(); i++) {
                to.get(i).copy_(from.get(i));
            }
        });
    }
}
