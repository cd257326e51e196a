package akari.processor;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * Writes {@code ShorterForms}, from which {@code akari.nn.Functional} inherits: for each function with {@code @Defaults} the calls that
 * leave out arguments from the right, and those that give nothing but its first flag, or its first constant of an enum. Where sizes are a {@code Shape} there
 * is a form with arrays and one with a single number for all of them; factors in an array may be a single one, too. A form that
 * {@code Tensors} has, or would be confused with, is not written: both classes may be imported together.
 */
@SupportedAnnotationTypes("akari.nn.Defaults")
public final class ShortForms extends AbstractProcessor {
    private static final String PACKAGE = "akari.nn";
    private static final String NAME = "ShorterForms";

    /** What else a type may be given as, and the expression that makes one of it. */
    private static final Map<String, Map<String, String>> OTHER_TYPES = Map.of(
            "Shape", Map.of("long", "Shape.of(%s)", "int[]", "Shape.of(%s)"),
            "long[]", Map.of("int[]", "Shape.of(%s).toArray()"),
            "double[]", Map.of("double", "new double[] {%s}"));

    private final Set<String> taken = new HashSet<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        List<ExecutableElement> methods = annotations.stream()
                .flatMap(a -> ElementFilter.methodsIn(round.getElementsAnnotatedWith(a)).stream())
                .toList();
        if (!methods.isEmpty()) {
            write(methods);
        }
        return true;
    }

    private void write(List<ExecutableElement> methods) {
        taken.clear();
        for (ExecutableElement m : ElementFilter.methodsIn(processingEnv
                .getElementUtils()
                .getAllMembers(processingEnv.getElementUtils().getTypeElement("akari.tensor.Tensors")))) {
            taken.add(signature(m.getSimpleName().toString(), types(m)));
        }
        methods.stream()
                .flatMap(m ->
                        ElementFilter.methodsIn(
                                Objects.requireNonNull(m.getEnclosingElement()).getEnclosedElements())
                                .stream())
                .filter(m -> m.getModifiers().contains(Modifier.PUBLIC))
                .forEach(m -> taken.add(signature(m.getSimpleName().toString(), types(m))));
        String forms = methods.stream().flatMap(this::forms).collect(joining("\n"));
        try (Writer out = processingEnv
                .getFiler()
                .createSourceFile(PACKAGE + "." + NAME, methods.toArray(Element[]::new))
                .openWriter()) {
            out.write("package " + PACKAGE + ";\n\nimport akari.core.Shape;\n\n"
                    + "/** Functions with arguments left out, which then have PyTorch's defaults; call them on {@link Functional}, which"
                    + " inherits them. */\npublic abstract sealed class " + NAME
                    + " extends akari.tensor.LayerFunctions permits LayerDefaults {\n    " + NAME + "() {}\n\n" + forms
                    + "}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<String> forms(ExecutableElement m) {
        List<? extends VariableElement> parameters = m.getParameters();
        List<String> defaults = defaults(m);
        int required = parameters.size() - defaults.size();
        List<String> out = new ArrayList<>();
        for (int n = parameters.size(); n >= required; n--) {
            out.addAll(variants(m, defaults, parameters.subList(0, n)));
        }
        Stream.<Predicate<TypeMirror>>of(t -> t.getKind() == TypeKind.BOOLEAN, this::isEnum)
                .flatMap(kind -> parameters.subList(required, parameters.size()).stream()
                        .filter(p -> kind.test(p.asType()))
                        .limit(1))
                .forEach(option -> out.addAll(variants(
                        m,
                        defaults,
                        Stream.concat(parameters.subList(0, required).stream(), Stream.of(option))
                                .toList())));
        return out.stream();
    }

    private boolean isEnum(TypeMirror type) {
        Element e = processingEnv.getTypeUtils().asElement(type);
        return e != null && e.getKind() == ElementKind.ENUM;
    }

    /** The call with these arguments: sizes as they are declared, and in each of their other types. */
    private List<String> variants(ExecutableElement m, List<String> defaults, List<? extends VariableElement> given) {
        List<String> out = new ArrayList<>();
        Stream.concat(
                        Stream.of("declared"),
                        given.stream()
                                .flatMap(p -> OTHER_TYPES.getOrDefault(plain(p), Map.of()).keySet().stream())
                                .distinct()
                                .sorted())
                .forEach(type -> {
                    List<String> types = given.stream()
                            .map(p ->
                                    OTHER_TYPES.getOrDefault(plain(p), Map.of()).containsKey(type) ? type : plain(p))
                            .toList();
                    if (taken.add(signature(m.getSimpleName().toString(), types))) {
                        out.add(form(m, defaults, given, type));
                    }
                });
        return out;
    }

    private String form(
            ExecutableElement m, List<String> defaults, List<? extends VariableElement> given, String type) {
        int required = m.getParameters().size() - defaults.size();
        List<String> declared = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (int i = 0; i < m.getParameters().size(); i++) {
            VariableElement p = m.getParameters().get(i);
            String name = p.getSimpleName().toString();
            Map<String, String> others = OTHER_TYPES.getOrDefault(plain(p), Map.of());
            String conversion = others.getOrDefault(type, "%s");
            if (given.contains(p)) {
                declared.add((others.containsKey(type) ? type : p.asType().toString()) + " " + name);
                passed.add(conversion.formatted(name));
            } else {
                String value = defaults.get(i - required);
                boolean number = value.matches("\\d+");
                leftOut.add("{@code " + name + " = " + value + "}");
                passed.add(
                        plain(p).equals("Shape")
                                ? number ? "Shape.of(" + value + ")" : conversion.formatted(value)
                                : value);
            }
        }
        return doc(m, leftOut) + "    public static " + m.getReturnType() + " " + m.getSimpleName() + "("
                + String.join(", ", declared) + ") {\n        return " + m.getEnclosingElement() + "."
                + m.getSimpleName() + "(" + String.join(", ", passed) + ");\n    }\n";
    }

    private String doc(ExecutableElement m, List<String> leftOut) {
        String text = processingEnv.getElementUtils().getDocComment(m);
        text = text == null ? "" : text.strip();
        int tags = text.startsWith("@") ? 0 : text.indexOf("\n @");
        String body = tags < 0 ? text : text.substring(0, tags);
        String all = body.strip() + (leftOut.isEmpty() ? "" : "\nWith " + String.join(", ", leftOut) + ".");
        return all.isBlank()
                ? ""
                : all.strip()
                        .lines()
                        .map(l -> "     * " + l.strip())
                        .collect(joining("\n", "    /**\n", "\n     */\n"));
    }

    private static List<String> defaults(ExecutableElement m) {
        return m.getAnnotationMirrors().stream()
                .filter(a -> a.getAnnotationType().asElement().getSimpleName().contentEquals("Defaults"))
                .flatMap(a -> a.getElementValues().values().stream())
                .flatMap(v -> v.getValue() instanceof List<?> l ? l.stream() : Stream.of(v))
                .map(v -> ((AnnotationValue) v).getValue().toString())
                .toList();
    }

    private List<String> types(ExecutableElement m) {
        return m.getParameters().stream().map(this::plain).toList();
    }

    /** Whole numbers count as one type: of two such forms a caller could not tell which one is called. */
    private static String signature(String name, List<String> types) {
        return name + types.stream().map(t -> t.equals("int") ? "long" : t).collect(toCollection(ArrayList::new));
    }

    /** A parameter's type without annotations, packages and type arguments. */
    private String plain(VariableElement p) {
        return StaticForms.plain(processingEnv, p);
    }
}
