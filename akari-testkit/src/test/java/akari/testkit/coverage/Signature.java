package akari.testkit.coverage;

import akari.core.DType;
import akari.tensor.Tensor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One overload of PyTorch's, as {@code (self, dim: int, keepdim: bool=False, *, dtype: Optional[dtype]=None) -> Tensor} tells it: the
 * parameters that must be given, all of them, and the calls that leave some out.
 */
record Signature(List<Kind> required, List<Kind> all, List<Form> shorter) {
    /** A call that gives these arguments and leaves out the rest. */
    record Form(List<Kind> kinds, List<String> names) {
        @Override
        public String toString() {
            return names.toString();
        }
    }

    /** What an argument is, as far as the text of a signature tells it. */
    enum Kind {
        TENSOR,
        TENSORS,
        NUMBER,
        NUMBERS,
        FLAG,
        TEXT,
        TYPE,
        OTHER
    }

    /** Options that are often the only one given, by name; where they are the first of their kind, Java can tell them by their type. */
    private static final Set<Kind> ALONE = Set.of(Kind.FLAG, Kind.TEXT, Kind.TYPE);

    /** Of keyword-only parameters these have no place in Akari's signatures: a generator comes last, a type first, the rest is not there. */
    private static final Set<String> LEFT_OUT = Set.of(
            "out",
            "device",
            "layout",
            "pin_memory",
            "requires_grad",
            "generator",
            "memory_format",
            "names",
            "non_blocking",
            "implicit",
            "cudnn_enable",
            "cudnn_enabled",
            "_stacklevel",
            "sparse_grad");

    /** Of functions of a network: deprecated, or an in-place form of its own. */
    private static final Set<String> LEFT_OUT_OF_LAYERS = Set.of("size_average", "reduce", "inplace");

    /** Of constructors: deprecated, of other devices, or not for a program's eyes; what is by name alone has a method. */
    private static final Set<String> LEFT_OUT_OF_CLASSES =
            Set.of("size_average", "reduce", "dtype", "last_epoch", "verbose", "foreach", "min_value", "max_value");

    /** The overloads of a name; those for named dimensions are not there. */
    static List<Signature> of(Name name, String text) {
        List<Signature> out = new ArrayList<>();
        for (String overload : text.split(" \\| ")) {
            int end = overload.lastIndexOf(") ->");
            String inside = end < 0 ? overload : overload.substring(0, end);
            if (inside.startsWith("(") && !overload.contains("ellipsis") && !overload.contains("*args")) {
                out.add(parsed(name, inside.substring(1).replaceAll("\\)$", "")));
            }
        }
        return out;
    }

    private static Signature parsed(Name name, String parameters) {
        List<Kind> required = new ArrayList<>();
        List<Kind> all = new ArrayList<>();
        List<Kind> options = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> requiredNames = new ArrayList<>();
        Set<Form> shorter = new LinkedHashSet<>();
        Set<String> leftOut = name.kind().equals("class")
                ? LEFT_OUT_OF_CLASSES
                : name.area().equals("torch.nn.functional") ? LEFT_OUT_OF_LAYERS : Set.of();
        boolean receiver = true;
        boolean byName = false;
        for (String p : split(parameters)) {
            String id = p.replaceAll("[:=].*", "").strip();
            byName |= id.equals("*");
            if (byName && name.kind().equals("class")) break;
            if (receiver && (id.equals("self") || id.equals("input"))) {
                all.add(Kind.TENSOR);
                required.add(Kind.TENSOR);
                names.add(id);
                requiredNames.add(id);
            } else if (!id.isEmpty()
                    && !id.equals("*")
                    && !LEFT_OUT.contains(id)
                    && !(id.equals("output_size") && p.contains("="))
                    && !leftOut.contains(id)) {
                Kind kind = kind(p);
                all.add(kind);
                names.add(id);
                if (id.equals("betas")) { // two numbers
                    all.add(kind);
                    names.add(id);
                }
                if (!p.contains("=") || p.contains("required")) {
                    required.add(kind);
                    requiredNames.add(id);
                } else {
                    if (!byName) shorter.add(new Form(List.copyOf(all), List.copyOf(names)));
                    if (ALONE.contains(kind) && !options.contains(kind)) {
                        shorter.add(new Form(with(required, kind), with(requiredNames, id)));
                    }
                    options.add(kind);
                }
            }
            receiver = false;
        }
        shorter.add(new Form(required, requiredNames));
        return new Signature(required, all, List.copyOf(shorter));
    }

    private static <T> List<T> with(List<T> list, T last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    /** At commas outside of brackets. */
    private static List<String> split(String parameters) {
        List<String> out = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= parameters.length(); i++) {
            char c = i == parameters.length() ? ',' : parameters.charAt(i);
            depth += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
            if (c == ',' && depth == 0) {
                out.add(parameters.substring(from, i).strip());
                from = i + 1;
            }
        }
        return out;
    }

    private static Kind kind(String parameter) {
        String type = parameter.replaceAll("^[^:]*:? ?", "").replaceAll("=.*", "");
        if (parameter.startsWith("*tensors") || parameter.startsWith("*matrices")) return Kind.TENSORS;
        boolean list = parameter.startsWith("*")
                || type.contains("size")
                || type.contains("Sequence")
                || type.contains("List");
        if (type.contains("Tensor")) {
            return type.contains("Number")
                    ? Kind.OTHER
                    : type.matches(".*(Tuple|List|Sequence).*") ? Kind.TENSORS : Kind.TENSOR;
        }
        if (type.contains("bool")) return Kind.FLAG;
        if (type.contains("dtype")) return Kind.TYPE;
        if (type.contains("str") && !type.contains("int")) return Kind.TEXT;
        if (list) return Kind.NUMBERS;
        return type.matches(".*(int|float|Number|SymInt).*") ? Kind.NUMBER : Kind.OTHER;
    }

    /** Whether one of the methods takes the required arguments, and one takes all, in this order. */
    String missing(List<? extends Executable> methods) {
        if (methods.stream().noneMatch(m -> takes(m, required))) return "no overload takes " + required;
        if (methods.stream().noneMatch(m -> takes(m, all))) return "no overload takes " + all;
        return "";
    }

    /** The calls with some arguments left out that none of the methods takes. */
    List<Form> missingForms(List<? extends Executable> methods) {
        return shorter.stream()
                .filter(f -> methods.stream().noneMatch(m -> takes(m, f.kinds())))
                .toList();
    }

    private static boolean takes(Executable m, List<Kind> kinds) {
        List<Kind> own = new ArrayList<>();
        if (m instanceof Method && !Modifier.isStatic(m.getModifiers())) own.add(Kind.TENSOR);
        for (Parameter p : m.getParameters()) own.add(kind(p.getType()));

        if (m.isVarArgs() && own.size() == kinds.size() + 1) own.removeLast();
        if (own.size() != kinds.size()) return false;
        if (own.contains(Kind.TYPE) && kinds.contains(Kind.TYPE)) { // before sizes, which are varargs
            own.remove(Kind.TYPE);
            own.add(kinds.indexOf(Kind.TYPE), Kind.TYPE);
        }
        for (int i = 0; i < own.size(); i++) {
            if (!fits(own.get(i), kinds.get(i), m.isVarArgs() && i == own.size() - 1)) return false;
        }
        return true;
    }

    private static boolean fits(Kind own, Kind wanted, boolean varArgs) {
        return own == wanted
                || own == Kind.OTHER
                || wanted == Kind.OTHER
                || own == Kind.NUMBERS && wanted == Kind.NUMBER && varArgs
                || own == Kind.NUMBER && wanted == Kind.NUMBERS;
    }

    private static Kind kind(Class<?> type) {
        if (type == Tensor.class) return Kind.TENSOR;
        if (type == boolean.class || type == Boolean.class) return Kind.FLAG;
        if (type == DType.class) return Kind.TYPE;
        if (type == String.class || type.isEnum()) return Kind.TEXT;
        if (List.class.isAssignableFrom(type) || type == Tensor[].class) return Kind.TENSORS;
        if (type.isArray() || type.getSimpleName().equals("Shape")) return Kind.NUMBERS;
        return type.isPrimitive() || Number.class.isAssignableFrom(type) ? Kind.NUMBER : Kind.OTHER;
    }

    /** {@code name(Tensor, int, boolean)}, for messages. */
    static String show(Method m) {
        return m.getName()
                + Arrays.stream(m.getParameterTypes()).map(Class::getSimpleName).toList();
    }
}
