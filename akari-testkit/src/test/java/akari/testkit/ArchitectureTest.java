package akari.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house: what may depend on what, what is exported, how things are named. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("akari");

    private static final Map<String, ModuleDescriptor> MODULES = modules();

    /** Users' packages. */
    private static final Set<String> EXPORTED = MODULES.values().stream()
            .filter(m -> !m.name().equals("akari.testkit"))
            .flatMap(m -> m.exports().stream())
            .filter(e -> !e.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(toSet());

    /** What users see of the engine all the same: what other modules of Akari build on and no package but the tensors' can hold. */
    private static final List<String> SEEN = List.of(
            // one pass over an optimiser's state, for akari.optim
            "Tensors.fused",
            // the activation behind a normalisation, for akari.nn's layers; and its static form
            "Normalizations.batchNorm",
            "LayerFunctions.batchNorm");

    @Test
    void dependenciesPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy("akari.core..", "akari.errors..", "akari.formula..", "akari.backend..")
                .layer("cpu")
                .definedBy("akari.cpu..")
                .layer("tensor")
                .definedBy("akari.tensor..")
                .layer("nn")
                .definedBy("akari.nn..")
                .layer("optim")
                .definedBy("akari.optim..")
                .layer("data")
                .definedBy("akari.data..")
                .layer("vision")
                .definedBy("akari.vision..")
                .layer("train")
                .definedBy("akari.train..")
                .layer("cli")
                .definedBy("akari.cli..")
                .whereLayer("cpu")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("tensor")
                .mayOnlyBeAccessedByLayers("nn", "optim", "data", "vision", "train", "cli")
                .whereLayer("nn")
                .mayOnlyBeAccessedByLayers("vision", "train", "cli")
                .whereLayer("optim")
                .mayOnlyBeAccessedByLayers("train", "cli")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("vision", "train", "cli")
                .whereLayer("vision")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void whatAProgramHoldsPrintsItself() throws ReflectiveOperationException {
        List<String> silent = new ArrayList<>();
        for (JavaClass c : CLASSES) {
            boolean held = c.getModifiers().contains(JavaModifier.PUBLIC)
                    && List.of("akari.tensor", "akari.nn").contains(c.getPackageName())
                    && !c.isInterface()
                    && !c.isAssignableTo(Throwable.class)
                    && c.getMethods().stream()
                            .map(JavaMember::getModifiers)
                            .anyMatch(m -> m.contains(JavaModifier.PUBLIC) && !m.contains(JavaModifier.STATIC));
            if (held && c.reflect().getMethod("toString").getDeclaringClass() == Object.class) {
                silent.add(c.getName());
            }
        }
        assertThat(silent).as("classes that print as Name@1f2e").isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("akari.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** A package is taken in at one look, but for the two that users import whole: tensors and modules. */
    @Test
    void packagesStaySmall() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getPackageName, counting()));
        assertThat(sizes.keySet().removeAll(List.of("akari.tensor", "akari.nn")))
                .isTrue();
        assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(60));
    }

    @Test
    void theCpuBackendExportsNothing() {
        assertThat(MODULES.get("akari.cpu").exports()).isEmpty();
        assertThat(MODULES.get("akari.cpu").provides())
                .extracting(ModuleDescriptor.Provides::service)
                .containsExactly("akari.backend.Backend");
    }

    @Test
    void librariesRequireTheJdkAkariAndOneLapack() {
        MODULES.values().stream()
                .filter(module ->
                        !module.name().equals("akari.cli") && !module.name().equals("akari.testkit"))
                .forEach(module -> assertThat(module.requires())
                        .as(module.name())
                        .extracting(ModuleDescriptor.Requires::name)
                        .allMatch(name -> name.matches("(akari|java|jdk)\\..*|org\\.jspecify")
                                || module.name().equals("akari.core") && name.equals("arpack.combined.all")));
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils?|Manager)")
                .orShould()
                .haveNameMatching(".*\\.(Abstract[A-Z].*|.*[a-z]Base)")
                .check(CLASSES);
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .areNotAnonymousClasses()
                .should()
                .haveNameNotMatching("get[A-Z].*")
                .check(CLASSES);
    }

    @Test
    void classesAreAbstractOrFinal() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .orShould()
                .haveModifier(JavaModifier.ABSTRACT)
                .check(CLASSES);
    }

    /** One word, one thing. */
    @Test
    void noTwoClassesHaveOneName() {
        Map<String, List<String>> names = CLASSES.stream()
                .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
        assertThat(names).hasSizeGreaterThan(400);
        assertThat(names.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    }

    @Test
    void theEngineIsForAkariAlone() {
        assertThat(MODULES.get("akari.core").exports())
                .filteredOn(e -> !e.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder("akari.core", "akari.formula");
        assertThat(MODULES.get("akari.core").exports())
                .filteredOn(ModuleDescriptor.Exports::isQualified)
                .allSatisfy(e -> assertThat(e.targets()).allMatch(t -> t.startsWith("akari.")));
    }

    @Test
    void usersSeeNothingOfTheEngine() {
        List<String> seen = new ArrayList<>();
        for (JavaClass c : CLASSES) {
            if (EXPORTED.contains(c.getPackageName()) && isOpen(c)) {
                if (Stream.concat(c.getAllRawSuperclasses().stream(), c.getAllRawInterfaces().stream())
                        .anyMatch(ArchitectureTest::isEngine)) {
                    seen.add(c.getName());
                }
                c.getAllMembers().stream()
                        .filter(m -> m.getOwner().equals(c) || !isOpen(m.getOwner()))
                        .filter(m -> isOpen(m.getModifiers())
                                && m.getAllInvolvedRawTypes().stream().anyMatch(ArchitectureTest::isEngine))
                        .forEach(m -> seen.add(c.getSimpleName() + "." + m.getName()));
            }
        }
        assertThat(EXPORTED)
                .contains("akari.core", "akari.tensor", "akari.nn", "akari.optim", "akari.data", "akari.train");
        assertThat(seen).containsExactlyInAnyOrderElementsOf(SEEN);
    }

    private static boolean isEngine(JavaClass c) {
        String in = c.getBaseComponentType().getPackageName();
        return in.equals("akari.backend") || in.equals("akari.errors");
    }

    /** Whether users may name it. */
    private static boolean isOpen(JavaClass c) {
        return isOpen(c.getModifiers())
                && c.getEnclosingClass().map(ArchitectureTest::isOpen).orElse(true);
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    /** What a user may print says what it is, never a name and a hash code. */
    @Test
    void objectsSayWhatTheyAre() {
        assertThat(CLASSES.stream()
                        .filter(c -> EXPORTED.contains(c.getPackageName())
                                && c.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(c -> !c.isInterface() && !c.isEnum() && !c.isAssignableTo(Throwable.class))
                        .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                        .filter(ArchitectureTest::hasObjects)
                        .filter(c -> !says(c))
                        .map(JavaClass::getName))
                .isEmpty();
    }

    private static boolean hasObjects(JavaClass c) {
        return c.getMethods().stream()
                .anyMatch(m -> m.getModifiers().contains(JavaModifier.PUBLIC)
                        && !m.getModifiers().contains(JavaModifier.STATIC));
    }

    /** A record's own text will do unless it would show an array's hash code. */
    private static boolean says(JavaClass c) {
        if (c.isRecord()) {
            return c.getFields().stream()
                            .noneMatch(f -> f.getRawType().isArray()
                                    && !f.getModifiers().contains(JavaModifier.STATIC))
                    || c.getMethods().stream()
                            .anyMatch(m -> m.getName().equals("toString")
                                    && !m.getMethodCallsFromSelf().isEmpty());
        }
        return c.getAllMethods().stream()
                .anyMatch(m -> m.getName().equals("toString") && !m.getOwner().isEquivalentTo(Object.class));
    }

    @Test
    void packagesAreNullMarked() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.isAnnotatedWith(NullMarked.class))
                        .as(p.getName())
                        .isTrue());
    }

    @Test
    void onlyTheCommandLineTalksToTheConsole() {
        noClasses()
                .that()
                .resideOutsideOfPackages("akari.cli..", "akari.testkit..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    /** The descriptors on the class path, by name. */
    private static Map<String, ModuleDescriptor> modules() {
        try {
            return Collections.list(ArchitectureTest.class.getClassLoader().getResources("module-info.class")).stream()
                    .map(ArchitectureTest::read)
                    .filter(module -> module.name().startsWith("akari."))
                    .collect(toMap(ModuleDescriptor::name, module -> module));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModuleDescriptor read(URL url) {
        try (var in = url.openStream()) {
            return ModuleDescriptor.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
