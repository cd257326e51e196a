package akari.testkit.cases;

import akari.tensor.Tensors;
import java.util.List;

/** Tensors from nothing or like another one. */
final class CreationCases extends Family {
    CreationCases() {
        add("torch.arange(i, j, k)", d -> {
            int start = d.between(-5, 5);
            int step = d.between(1, 3);
            int end = start + d.between(0, 12);
            return new Question(
                    format("torch.arange(%d, %d, %d)", start, end, step),
                    _ -> List.of(Tensors.arange(start, end, step)));
        });
        unary("torch.zeros_like(x)", Domain.ANY, Tensors::zerosLike);
        unary("torch.ones_like(x)", Domain.ANY, Tensors::onesLike);
    }
}
