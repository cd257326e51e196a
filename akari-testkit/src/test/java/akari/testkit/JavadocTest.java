package akari.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type, constant, constructor and method that users see has a comment; one that overrides another has that one's. */
class JavadocTest {
    private final List<String> bare = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"akari-core", "akari-nn", "akari-optim", "akari-data", "akari-train", "akari-vision"})
    void everyMemberHasAComment(String module) throws IOException {
        Path sources = Path.of("..", module, "src", "main", "java");
        for (String packageName : exported(sources.resolve("module-info.java"))) {
            try (Stream<Path> files = Files.list(sources.resolve(packageName.replace('.', '/')))) {
                check(files.filter(f -> f.toString().endsWith(".java")).sorted().toList());
            }
        }
        assertThat(bare).as("members without a comment").isEmpty();
    }

    @Test
    void seesWhatUsersSee(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("Seen.java");
        Files.writeString(file, """
                /***/
                public final class Seen extends Hidden<Seen> {
                    /** Said. */
                    public static final int SAID = 0;
                    public enum Kind { ONE }
                    protected Seen() {}
                    private Seen(int a) {}
                    void inside() {}
                    @Override public String toString() { return ""; }
                    public interface Inner {
                        void implicit();
                        private void own() {}
                    }
                    /** Said. */
                    public record Pair(int a, int b) {
                        public Pair {}
                        public Pair(int a) { this(a, a); }
                        public int a() { return a; }
                    }
                }
                abstract class Hidden<T> {
                    public void inherited() {}
                }
                class Unseen {
                    public void own() {}
                }
                """);
        check(List.of(file));
        assertThat(bare)
                .containsExactly(
                        "Seen.java:2 Seen",
                        "Seen.java:5 Kind",
                        "Seen.java:5 ONE",
                        "Seen.java:6 constructor",
                        "Seen.java:10 Inner",
                        "Seen.java:11 implicit",
                        "Seen.java:17 constructor",
                        "Seen.java:22 inherited");
    }

    /** The packages that a module exports to everybody. */
    private static List<String> exported(Path moduleInfo) throws IOException {
        Sources parsed = Sources.of(List.of(moduleInfo));
        return parsed.units.getFirst().getModule().getDirectives().stream()
                .filter(d -> d instanceof ExportsTree e && e.getModuleNames() == null)
                .map(d -> ((ExportsTree) d).getPackageName().toString())
                .toList();
    }

    /** Adds {@code file:line name} of what lacks a comment in the files of one package. */
    private void check(List<Path> files) throws IOException {
        Sources sources = Sources.of(files);
        Map<String, TreePath> hidden = new HashMap<>();
        List<TreePath> seen = new ArrayList<>();
        for (CompilationUnitTree unit : sources.units) {
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree c) {
                    TreePath path = new TreePath(new TreePath(unit), c);
                    if (isShown(c.getModifiers())) {
                        seen.add(path);
                    } else {
                        hidden.put(c.getSimpleName().toString(), path);
                    }
                }
            }
        }
        Set<String> inherited = new HashSet<>();
        for (int i = 0; i < seen.size(); i++) {
            // the members of a hidden class are those of the public classes that extend it
            supertypes((ClassTree) seen.get(i).getLeaf())
                    .filter(name -> hidden.containsKey(name) && inherited.add(name))
                    .forEach(name -> seen.add(hidden.get(name)));
            check(seen.get(i), sources);
        }
    }

    private void check(TreePath type, Sources sources) {
        ClassTree c = (ClassTree) type.getLeaf();
        if (isShown(c.getModifiers())) {
            check(type, c.getSimpleName().toString(), sources);
        }
        boolean implicit = c.getKind() == Tree.Kind.INTERFACE || c.getKind() == Tree.Kind.ANNOTATION_TYPE;
        for (Tree member : c.getMembers()) {
            TreePath path = new TreePath(type, member);
            if (member instanceof ClassTree inner && (implicit || isShown(inner.getModifiers()))) {
                check(path, sources);
            } else if (member instanceof VariableTree v && (implicit || isShown(v.getModifiers()))) {
                check(path, v.getName().toString(), sources);
            } else if (member instanceof MethodTree m && (implicit && !isPrivate(m) || isShown(m.getModifiers()))) {
                boolean constructor = m.getName().contentEquals("<init>");
                if (!overrides(m) && !(c.getKind() == Tree.Kind.RECORD && isOfComponents(m, c))) {
                    check(path, constructor ? "constructor" : m.getName().toString(), sources);
                }
            }
        }
    }

    private void check(TreePath path, String name, Sources sources) {
        DocCommentTree comment = sources.docs.getDocCommentTree(path);
        if (comment == null
                || comment.getFullBody().isEmpty() && comment.getBlockTags().isEmpty()) {
            bare.add(sources.place(path) + " " + name);
        }
    }

    private static boolean isShown(ModifiersTree modifiers) {
        return modifiers.getFlags().contains(Modifier.PUBLIC)
                || modifiers.getFlags().contains(Modifier.PROTECTED);
    }

    private static boolean isPrivate(MethodTree m) {
        return m.getModifiers().getFlags().contains(Modifier.PRIVATE);
    }

    private static boolean overrides(MethodTree m) {
        return m.getModifiers().getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
    }

    /** Whether this is the record's own constructor or an accessor: its parameters' comment says it all. */
    private static boolean isOfComponents(MethodTree m, ClassTree type) {
        return m.getReturnType() == null
                ? m.getBody().getStatements().stream()
                        .noneMatch(s -> s.toString().startsWith("this("))
                : m.getParameters().isEmpty()
                        && type.getMembers().stream()
                                .anyMatch(f -> f instanceof VariableTree v
                                        && v.getName().equals(m.getName())
                                        && !v.getModifiers().getFlags().contains(Modifier.STATIC));
    }

    private static Stream<String> supertypes(ClassTree c) {
        return Stream.concat(Stream.ofNullable(c.getExtendsClause()), c.getImplementsClause().stream())
                .map(t -> (t instanceof ParameterizedTypeTree p ? p.getType() : t).toString());
    }

    /** Parsed files: the syntax alone, so it takes no dependencies and little time. */
    private record Sources(List<CompilationUnitTree> units, DocTrees docs) {
        static Sources of(List<Path> files) throws IOException {
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
                JavacTask task = (JavacTask)
                        javac.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
                List<CompilationUnitTree> units = new ArrayList<>();
                task.parse().forEach(units::add);
                return new Sources(units, DocTrees.instance(task));
            }
        }

        String place(TreePath path) {
            CompilationUnitTree unit = path.getCompilationUnit();
            long start = docs.getSourcePositions().getStartPosition(unit, path.getLeaf());
            Path file = Path.of(unit.getSourceFile().toUri());
            return file.getFileName() + ":" + unit.getLineMap().getLineNumber(start);
        }
    }
}
