package akari.testkit.coverage;

import akari.core.DType;
import akari.vision.models.Models;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Finds by reflection what in Akari bears a name of PyTorch: {@code torch.count_nonzero} is {@code Tensors.countNonzero}. Underscores
 * and capitals make no difference, the trailing underscore of an in-place form does.
 */
final class Twins {
    private static final List<String> PACKAGES = List.of(
            "akari.tensor",
            "akari.core",
            "akari.nn",
            "akari.optim",
            "akari.data",
            "akari.vision",
            "akari.vision.models",
            "akari.vision.transforms",
            "akari.vision.datasets",
            "akari.testkit",
            "java.util");

    private static final Map<Class<?>, List<String>> MEMBERS = new ConcurrentHashMap<>();

    private Twins() {}

    /** The twin of a name by rule, as {@code Class.member}. */
    static Optional<String> byRule(Name name) {
        return switch (name.area()) {
            case "torch" ->
                constant(name.last())
                        .or(() -> member(
                                name.last(), "Tensors", "Tensor", "Autograd", "Generator", "DType", "Functional"))
                        .or(() -> type("akari.tensor", name.last()));
            case "torch.Tensor" -> member(name.last(), "Tensor");
            case "torch.nn" -> type("akari.nn", name.last());
            case "torch.nn.functional" -> member(name.last(), "Functional", "Tensor");
            case "torch.nn.init" -> member(name.last(), "Init").or(() -> member(name.last() + "_", "Init"));
            case "torch.nn.Module" -> member(name.last(), "Module");
            case "torch.nn.Sequential" -> member(name.last(), "Sequential");
            case "torch.nn.utils" -> member(name.last(), "Clip", "Functional", "Module");
            case "torch.optim", "torch.optim.lr_scheduler", "torch.optim.swa_utils" -> type("akari.optim", name.last());
            case "torch.optim.Optimizer" -> member(name.last(), "Optimizer");
            case "torch.optim.lr_scheduler._LRScheduler" -> member(name.last(), "Scheduler");
            case "torch.utils.data", "torch.utils.data.sampler" -> type("akari.data", name.last());
            case "torch.utils.checkpoint" -> member(name.last(), "Checkpoint", "Autograd");
            case "torch.autograd", "torch.autograd.functional" ->
                member(name.last(), "Autograd", "Derivatives", "Tensors", "Tensor")
                        .or(() -> type("akari.tensor", name.last()));
            case "torch.autograd.Function" -> member(name.last(), "AutogradFunction");
            case "torch.autograd.function.FunctionCtx" -> member(name.last(), "AutogradFunction$Context");
            case "torchvision.models" -> model(name.last()).or(() -> type("akari.vision.models", name.last()));
            case "torchvision.models.resnet" -> type("akari.vision.models", name.last());
            case "torchvision.transforms" -> type("akari.vision.transforms", name.last());
            case "torchvision.transforms.functional" -> member(name.last(), "Images");
            case "torchvision.datasets" -> type("akari.vision.datasets", name.last());
            default -> Optional.empty();
        };
    }

    /** Whether this twin, {@code Class} or {@code Class.member}, exists and is public. */
    static boolean exists(String twin) {
        int dot = twin.indexOf('.');
        if (dot < 0) return PACKAGES.stream().anyMatch(p -> named(p, twin).isPresent());
        String member = twin.substring(dot + 1);
        return PACKAGES.stream()
                .flatMap(p -> named(p, twin.substring(0, dot)).stream())
                .anyMatch(c -> members(c).anyMatch(member::equals)
                        || Arrays.stream(c.getFields())
                                .anyMatch(f -> f.getName().equals(member)));
    }

    private static Optional<String> constant(String name) {
        return Arrays.stream(DType.values())
                .filter(t -> t.toString().equals(name))
                .map(t -> "DType." + t.name())
                .findFirst();
    }

    private static Optional<String> model(String name) {
        return Models.list("*").contains(name) ? Optional.of("Models.create(\"" + name + "\")") : Optional.empty();
    }

    private static Optional<String> member(String name, String... classes) {
        String squashed = squashed(name);
        return Arrays.stream(classes)
                .flatMap(c -> PACKAGES.stream().flatMap(p -> named(p, c).stream()))
                .flatMap(c -> members(c)
                        .filter(m -> squashed(m).equals(squashed))
                        .sorted(Comparator.comparing(m -> !m.equals(name))) // t before T
                        .map(m -> c.getSimpleName() + "." + m))
                .findFirst();
    }

    private static String squashed(String name) {
        String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
        return name.endsWith("_") && !name.startsWith("__") ? plain + "_" : plain;
    }

    /** Public methods of a class, then its nested types. Not its constants: a formula FILL is no function. */
    private static Stream<String> members(Class<?> c) {
        return MEMBERS.computeIfAbsent(c, Twins::read).stream();
    }

    private static List<String> read(Class<?> c) {
        return Stream.of(
                        Arrays.stream(c.getMethods())
                                .filter(m -> m.getDeclaringClass() != Object.class)
                                .map(Method::getName),
                        Arrays.stream(c.getClasses()).map(Class::getSimpleName))
                .flatMap(names -> names.distinct().sorted())
                .toList();
    }

    private static Optional<String> type(String inPackage, String name) {
        return named(inPackage, name).map(Class::getSimpleName);
    }

    static Optional<Class<?>> named(String inPackage, String name) {
        try {
            Class<?> c = Class.forName(inPackage + "." + name, false, Twins.class.getClassLoader());
            return Modifier.isPublic(c.getModifiers()) ? Optional.of(c) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty(); // also where only the capitals differ, on some file systems
        }
    }
}
