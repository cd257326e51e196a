package akari.testkit.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import akari.nn.Functional;
import akari.nn.Init;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What PyTorch lets one leave out, Akari lets one leave out: for each overload of PyTorch's there is a call with the required arguments
 * alone, one for each number of further arguments in order, and one for each option that is often the only one given and that Java
 * can tell by its type. The same holds for the constructors of layers, losses, optimisers, schedules and loaders. Where one is missing {@code forms.txt} says why.
 */
class ShortFormsTest {
    private static final Set<String> AREAS = Set.of(
            "torch",
            "torch.Tensor",
            "torch.nn",
            "torch.nn.functional",
            "torch.nn.init",
            "torch.optim",
            "torch.optim.lr_scheduler",
            "torch.utils.data");

    @Test
    void whatPyTorchLetsOneLeaveOutMayBeLeftOut() {
        Map<String, String> reasons = SignatureTest.reasons("forms.txt");
        Map<String, Collection<String>> problems = problems();
        assertThat(reasons.keySet())
                .as("reasons that nothing needs")
                .filteredOn(n -> !problems.containsKey(n))
                .isEmpty();
        problems.keySet().removeAll(reasons.keySet());
        assertThat(problems.entrySet().stream().map(e -> "\n" + e.getKey() + " " + e.getValue()))
                .as("calls that no overload takes")
                .isEmpty();
    }

    private static Map<String, Collection<String>> problems() {
        Map<String, Collection<String>> out = new TreeMap<>();
        Map<String, String> signatures = Coverage.signatures();
        Set<String> ofLayers = signatures.keySet().stream()
                .filter(n -> n.startsWith("torch.nn.functional."))
                .map(n -> n.replace(".nn.functional", ""))
                .collect(Collectors.toSet());
        for (Coverage.Row row : Coverage.rows()) {
            Name name = row.name();
            if (name.tier().equals("C")
                    || !AREAS.contains(name.area())
                    || row.twin().isEmpty()
                    || ofLayers.contains(name.full())) {
                continue;
            }
            List<? extends Executable> methods =
                    name.kind().equals("class") && !name.area().equals("torch")
                            ? constructors(name)
                            : methods(name, row.twin().get());
            if (methods.isEmpty()) continue;
            List<String> missing = new ArrayList<>();
            for (Signature s : Signature.of(name, signatures.get(name.full()))) {
                s.missingForms(methods).forEach(f -> missing.add(f.toString()));
            }
            if (!missing.isEmpty()) {
                out.put(name.full(), missing.stream().distinct().toList());
            }
        }
        return out;
    }

    private static List<Constructor<?>> constructors(Name name) {
        return Twins.named("akari." + name.area().split("\\.")[name.area().contains("utils.data") ? 2 : 1], name.last())
                .map(c -> List.of(c.getConstructors()))
                .orElse(List.of());
    }

    /** Public methods of a twin's name, of tensors and static. */
    private static List<Method> methods(Name name, String twin) {
        Stream<Class<?>> classes = switch (name.area()) {
            case "torch.Tensor" -> Stream.of(Tensor.class);
            case "torch.nn.init" -> Stream.of(Init.class);
            default -> Stream.of(Tensor.class, Tensors.class, Functional.class);
        };
        String member = twin.substring(twin.indexOf('.') + 1);
        return !twin.matches("(Tensors?|Functional|Init)\\..*")
                ? List.of()
                : classes.flatMap(c -> Stream.of(c.getMethods()))
                        .filter(m -> m.getName().equals(member))
                        .toList();
    }
}
