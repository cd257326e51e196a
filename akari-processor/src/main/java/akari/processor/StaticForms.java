package akari.processor;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * Writes {@code TensorFunctions}, from which {@code Tensors} inherits the static form of every operation: {@code relu(x)} beside
 * {@code x.relu()}. An operation is a public method of one of {@code Tensor}'s families; a function of {@code Tensors} that was
 * written by hand goes before the form with the same name and parameters.
 *
 * <p>A function of a list of tensors, {@code cat(List.of(x, y))}, has a form with the tensors themselves, {@code cat(x, y)}.
 *
 * <p>What {@code torch.nn.functional} has as well stands in {@code LayerFunctions}, from which {@code akari.nn.Functional} inherits too:
 * one member under two names, so that a program may import all of both classes.
 */
@SupportedAnnotationTypes("*")
public final class StaticForms extends AbstractProcessor {
    private static final String PACKAGE = "akari.tensor";
    private static final String NAME = "TensorFunctions";
    private static final String LAYERS = "LayerFunctions";

    /** Families, and methods of others, that are functions of {@code torch.nn.functional}. */
    private static final Set<String> OF_LAYERS =
            Set.of("Activations", "Convolutions", "Normalizations", "Distances", "linear", "bilinear");

    private static final Pattern OF_LAYERS_TOO = Pattern.compile("\\w*[dD]ropout_?|rrelu_?|\\w+Shuffle|\\w+Unshuffle");

    /** Interfaces of a tensor's state, which is asked of the tensor itself. */
    private static final Set<String> STATE = Set.of("Index", "Description", "Gradients");

    /** What PyTorch has as functions all the same, among a tensor's state and own methods. */
    private static final Set<String> FUNCTIONS = Set.of(
            "clone",
            "detach",
            "detach_",
            "isFloatingPoint",
            "isInference",
            "isNonzero",
            "isSameSize",
            "isSigned",
            "numel");

    private static final Pattern CODE = Pattern.compile("\\{@code [^}]*}");

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (Element root : round.getRootElements()) {
            if (root instanceof TypeElement t && t.getQualifiedName().contentEquals(PACKAGE + ".Tensor")) {
                write(t);
            }
        }
        return false;
    }

    private void write(TypeElement tensor) {
        List<TypeElement> families = new ArrayList<>();
        for (TypeMirror family : tensor.getInterfaces()) {
            families.add(element(family));
        }
        List<TypeElement> classes = byHand();
        Set<String> taken = classes.stream()
                .flatMap(c -> ElementFilter.methodsIn(c.getEnclosedElements()).stream())
                .map(m -> m.getSimpleName()
                        + m.getParameters().stream().map(this::plain).toList().toString())
                .collect(toCollection(HashSet::new));
        List<ExecutableElement> operations = Stream.concat(families.stream(), Stream.of(tensor))
                .flatMap(owner -> ElementFilter.methodsIn(owner.getEnclosedElements()).stream()
                        .filter(m -> isOperation(owner, m)))
                .filter(m -> taken.add(m.getSimpleName()
                        + Stream.concat(
                                        Stream.of("Tensor"),
                                        m.getParameters().stream().map(this::plain))
                                .toList()
                                .toString()))
                .toList();
        String imports = families.stream().map(f -> "import " + f + ".*;\n").collect(joining());
        write(
                tensor,
                LAYERS,
                imports,
                "The operations of {@link Tensor} that are functions of {@code torch.nn.functional}, inherited by {@link Tensors}"
                        + " and by {@code akari.nn.Functional}.",
                "class " + LAYERS + " {\n    protected ",
                operations.stream().filter(StaticForms::ofLayers).map(this::form));
        write(
                tensor,
                NAME,
                imports,
                "The operations of {@link Tensor} as functions, inherited by {@link Tensors}.",
                "sealed class " + NAME + " extends " + LAYERS + " permits "
                        + classes.getLast().getSimpleName() + " {\n    ",
                Stream.concat(
                        operations.stream().filter(m -> !ofLayers(m)).map(this::form),
                        classes.stream()
                                .flatMap(c -> ElementFilter.methodsIn(c.getEnclosedElements()).stream())
                                .filter(StaticForms::ofTensors)
                                .map(this::listed)));
    }

    /** Whether a public function takes a list of tensors and nothing else. */
    private static boolean ofTensors(ExecutableElement m) {
        return m.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
                && m.getParameters().size() == 1
                && m.getParameters().getFirst().asType().toString().matches("java\\.util\\.List<[\\w.]*\\bTensor>");
    }

    /** {@code cat(x, y)} beside {@code cat(List.of(x, y))}. */
    private String listed(ExecutableElement m) {
        String name = m.getParameters().getFirst().getSimpleName().toString();
        return doc(m, "") + "    public static " + m.getReturnType() + " " + m.getSimpleName() + "(Tensor... " + name
                + ") {\n        NullArgument.check(" + name + ", \"" + name + "\");\n        return "
                + m.getEnclosingElement() + "." + m.getSimpleName() + "(Arrays.asList(" + name
                + "));\n    }\n";
    }

    private static boolean ofLayers(ExecutableElement m) {
        String name = m.getSimpleName().toString();
        return m.getEnclosingElement() instanceof TypeElement family
                        && OF_LAYERS.contains(family.getSimpleName().toString())
                || OF_LAYERS.contains(name)
                || OF_LAYERS_TOO.matcher(name).matches();
    }

    private void write(
            TypeElement tensor, String name, String imports, String text, String head, Stream<String> forms) {
        try (Writer out = processingEnv
                .getFiler()
                .createSourceFile(PACKAGE + "." + name, tensor)
                .openWriter()) {
            out.write("package " + PACKAGE
                    + ";\n\nimport akari.backend.*;\nimport akari.core.*;\nimport akari.errors.*;\n" + imports
                    + "import java.util.*;\nimport java.util.function.*;\n\n/** " + text + " */\npublic abstract "
                    + head + name
                    + "() {}\n\n" + forms.collect(joining("\n")) + "}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code Tensors} and what it inherits from, up to the class to be written, which an earlier build may have left there. */
    private List<TypeElement> byHand() {
        List<TypeElement> out = new ArrayList<>();
        TypeElement c = processingEnv.getElementUtils().getTypeElement(PACKAGE + ".Tensors");
        while (true) {
            out.add(c);
            TypeMirror above = c.getSuperclass();
            if (above.getKind() != TypeKind.DECLARED
                    || element(above).getSimpleName().contentEquals(NAME)) {
                return out;
            }
            c = element(above);
        }
    }

    private static boolean isOperation(TypeElement owner, ExecutableElement m) {
        boolean family = owner.getKind().isInterface()
                && !STATE.contains(owner.getSimpleName().toString());
        return m.getModifiers().contains(Modifier.PUBLIC)
                && !m.getModifiers().contains(Modifier.STATIC)
                && (family || FUNCTIONS.contains(m.getSimpleName().toString()));
    }

    private String form(ExecutableElement m) {
        List<? extends VariableElement> parameters = m.getParameters();
        String self = parameters.stream().anyMatch(p -> p.getSimpleName().contentEquals("input")) ? "self" : "input";
        String generics = m.getTypeParameters().stream()
                .map(p -> p + p.getBounds().stream().map(TypeMirror::toString).collect(joining(" & ", " extends ", "")))
                .collect(joining(", "));
        String call = self + "." + m.getSimpleName()
                + parameters.stream().map(VariableElement::toString).collect(joining(", ", "(", ")"));
        return doc(m, self) + "    public static "
                + (generics.isEmpty() ? "" : "<" + generics + "> ")
                + m.getReturnType() + " " + m.getSimpleName() + "("
                + Stream.concat(Stream.of("Tensor " + self), parameters.stream().map(p -> declared(m, p)))
                        .collect(joining(", "))
                + ") {\n        "
                + (m.getReturnType().getKind() == TypeKind.VOID ? "" : "return ")
                + call + ";\n    }\n";
    }

    private static String declared(ExecutableElement m, VariableElement p) {
        String type = p.asType().toString();
        if (m.isVarArgs() && p.equals(m.getParameters().getLast()) && type.endsWith("[]")) {
            type = type.substring(0, type.length() - 2) + "...";
        }
        return type + " " + p.getSimpleName();
    }

    /** The method's own text, in which {@code this} has a name now and a link to a neighbour has to name Tensor. */
    private String doc(ExecutableElement m, String self) {
        String twin = (m.getModifiers().contains(Modifier.STATIC) ? "Tensors#" : "Tensor#")
                + m.getSimpleName()
                + m.getParameters().stream().map(this::plain).collect(joining(", ", "(", ")"));
        String text = processingEnv.getElementUtils().getDocComment(m);
        if (text == null) {
            return "    /** {@link " + twin + "} as a function. */\n";
        }
        text = CODE.matcher(text.strip())
                        .replaceAll(
                                code -> Matcher.quoteReplacement(code.group().replaceAll("\\bthis\\b", self)))
                        .replaceAll("@(link|linkplain|see) +#", "@$1 Tensor#")
                + "\n@see " + twin;
        return text.lines().map(l -> "     * " + l.strip()).collect(joining("\n", "    /**\n", "\n     */\n"));
    }

    /** A parameter's type without annotations, packages and type arguments. */
    private String plain(VariableElement p) {
        return plain(processingEnv, p);
    }

    static String plain(ProcessingEnvironment environment, VariableElement p) {
        return environment
                .getTypeUtils()
                .erasure(p.asType())
                .toString()
                .replaceAll("@[\\w.]+ ?|\\b[a-z]\\w*\\.", "")
                .replace("...", "[]");
    }

    private TypeElement element(TypeMirror type) {
        return (TypeElement) processingEnv.getTypeUtils().asElement(type);
    }
}
