package akari.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds oneDNN's shared library in the platform's jar, unpacks it once into the user's cache, and loads it.
 *
 * <p>The jar is a module that asks for classes nobody needs here, so it is never part of the module graph: its resources are found
 * through the class loader when it is on the class path, and else by looking for the file itself on the module path.
 */
final class OneDnnLibrary {
    private static final System.Logger LOG = System.getLogger("akari.cpu");

    /** The library's symbols, or nothing where it is missing or does not load. */
    static final @Nullable SymbolLookup SYMBOLS = load();

    private OneDnnLibrary() {}

    /** Shared libraries of one platform; helpers come first, so that the last one finds them already loaded. */
    private record Platform(String name, List<String> files) {
        static @Nullable Platform current() {
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            boolean arm = arch.equals("aarch64") || arch.equals("arm64");
            boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
            if (os.startsWith("linux") && (arm || x86)) {
                return new Platform(arm ? "linux-arm64" : "linux-x86_64", List.of("libgomp.so.1", "libdnnl.so.3"));
            }
            if (os.startsWith("mac") && arm) {
                return new Platform("macosx-arm64", List.of("libomp.dylib", "libdnnl.3.dylib"));
            }
            if (os.startsWith("mac") && x86) {
                return new Platform("macosx-x86_64", List.of("libiomp5.dylib", "libdnnl.3.dylib"));
            }
            return os.startsWith("windows") && x86 ? new Platform("windows-x86_64", List.of("dnnl.dll")) : null;
        }
    }

    private static @Nullable SymbolLookup load() {
        Platform platform = Platform.current();
        if (platform == null) {
            LOG.log(System.Logger.Level.INFO, "no oneDNN for this platform; computing in plain Java");
            return null;
        }
        try {
            waitPassively();
            SymbolLookup symbols = SymbolLookup.loaderLookup();
            URL library = find(platform, platform.files.getLast());
            Path folder = cache().resolve(name(platform, library));
            for (String file : platform.files) {
                symbols = SymbolLookup.libraryLookup(unpack(find(platform, file), folder, file), Arena.global());
            }
            return platform.name.startsWith("windows") ? symbols.or(systemOpenMp()) : symbols;
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "oneDNN does not load (" + e.getMessage() + "); computing in plain Java, which is slower. Put"
                            + " org.bytedeco:dnnl:3.13-1.5.14:" + platform.name + " on the class path or module path");
            return null;
        }
    }

    /**
     * OpenMP's threads otherwise spin between two calls, on the cores that the Java workers need. Read when the library loads, and
     * the user's own setting stays.
     */
    private static void waitPassively() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return; // Windows: its OpenMP spins shortly only
        }
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int)
                    linker.downcallHandle(setenv.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                            .invokeExact(arena.allocateFrom("OMP_WAIT_POLICY"), arena.allocateFrom("passive"), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv failed", e);
        }
    }

    private static SymbolLookup systemOpenMp() {
        return SymbolLookup.libraryLookup("vcomp140.dll", Arena.global());
    }

    /** Unpacks into {@code folder} what is not there yet. */
    private static Path unpack(URL url, Path folder, String file) throws IOException {
        if (url.getProtocol().equals("file")) {
            return Path.of(URI.create(url.toString()));
        }
        URLConnection from = open(url);
        try (InputStream in = from.getInputStream()) {
            Path target = folder.resolve(file);
            if (!Files.isRegularFile(target) || Files.size(target) != from.getContentLengthLong()) {
                Files.createDirectories(folder);
                // another process may do the same: both write aside, and the moves put equal files in place
                Path aside = Files.createTempFile(folder, file, ".part");
                try {
                    Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(aside);
                }
            }
            return target;
        }
    }

    private static URLConnection open(URL url) throws IOException {
        URLConnection c = url.openConnection();
        c.setUseCaches(false);
        return c;
    }

    /** A name that differs for every build of the library. */
    private static String name(Platform platform, URL library) throws IOException {
        URLConnection c = open(library);
        try (InputStream in = c.getInputStream()) {
            long hash = c instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : 0;
            return "onednn-%s-%x-%08x".formatted(platform.name, c.getContentLengthLong(), hash);
        }
    }

    private static URL find(Platform platform, String file) throws IOException {
        String resource = "org/bytedeco/dnnl/" + platform.name + "/" + file;
        ClassLoader loader = OneDnnLibrary.class.getClassLoader();
        URL url = loader == null ? null : loader.getResource(resource);
        if (url == null) {
            url = ClassLoader.getSystemResource(resource);
        }
        if (url != null) {
            return url;
        }
        String paths = System.getProperty("jdk.module.path", "");
        for (String element : paths.split(java.io.File.pathSeparator)) {
            if (element.isEmpty()) {
                continue;
            }
            Path path = Path.of(element);
            if (isJar(path, platform)) {
                return inside(path, resource);
            }
            if (Files.isDirectory(path)) {
                try (DirectoryStream<Path> jars = Files.newDirectoryStream(path, p -> isJar(p, platform))) {
                    for (Path jar : jars) {
                        return inside(jar, resource);
                    }
                }
            }
        }
        throw new FileNotFoundException("no " + resource + " on the class path or module path");
    }

    private static boolean isJar(Path path, Platform platform) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith("dnnl-") && name.endsWith("-" + platform.name + ".jar") && Files.isRegularFile(path);
    }

    private static URL inside(Path jar, String resource) throws IOException {
        return URI.create("jar:" + jar.toUri() + "!/" + resource).toURL();
    }

    /** The user's cache folder; a temporary folder where that cannot be written. */
    private static Path cache() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String home = System.getProperty("user.home");
        String set = os.startsWith("windows") ? System.getenv("LOCALAPPDATA") : System.getenv("XDG_CACHE_HOME");
        Path base = set != null && !set.isEmpty()
                ? Path.of(set)
                : Path.of(home, os.startsWith("mac") ? "Library/Caches" : ".cache");
        try {
            return Files.createDirectories(base.resolve("akari"));
        } catch (IOException e) {
            return Files.createTempDirectory("akari");
        }
    }
}
