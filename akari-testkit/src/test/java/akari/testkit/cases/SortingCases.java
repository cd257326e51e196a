package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;

import akari.tensor.Tensor;
import java.util.List;

/** Where things are: extremes with their positions, order. */
final class SortingCases extends Family {
    SortingCases() {
        add("x.argmax()", d -> new Question("x.argmax()", Operand.of(ANY, d.full(0, 3)), Tensor::argmax));
        along(
                "torch.max(x, %s)",
                ANY, (x, dim) -> List.of(x.max(dim).values(), x.max(dim).indices()));
        along(
                "torch.min(x, %s)",
                ANY, (x, dim) -> List.of(x.min(dim).values(), x.min(dim).indices()));
        along("torch.argmax(x, %s)", ANY, (x, dim) -> List.of(x.argmax(dim)));
        along("torch.argmin(x, %s)", ANY, (x, dim) -> List.of(x.argmin(dim, false)));
    }
}
