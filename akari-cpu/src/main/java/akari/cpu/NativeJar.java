package akari.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
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
 * The jar of one platform's shared libraries, which are unpacked once into the user's cache and loaded from there.
 *
 * <p>Such a jar is a module that asks for classes nobody needs here, so it is never part of the module graph: its resources are found
 * through the class loader when it is on the class path, and else by looking for the file itself on the module path.
 *
 * @param artifact its name without version and platform, which is that of the folder within as well
 * @param cache the name of the folder that its libraries are unpacked to begins so
 */
record NativeJar(String artifact, String cache, String platform) {

    /** {@code linux-x86_64} and so on; null where nothing is published for this platform. */
    static @Nullable String currentPlatform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        if (os.startsWith("linux") && (arm || x86)) {
            return arm ? "linux-arm64" : "linux-x86_64";
        }
        if (os.startsWith("mac") && (arm || x86)) {
            return arm ? "macosx-arm64" : "macosx-x86_64";
        }
        return os.startsWith("windows") && x86 ? "windows-x86_64" : null;
    }

    /** Sets a variable that a library reads when it loads, unless the user has set it; does nothing on Windows. */
    static void environment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int)
                    linker.downcallHandle(setenv.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                            .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv failed", e);
        }
    }

    /** Loads {@code files}, helpers first, so that the last one finds them already loaded; gives the last one's symbols. */
    SymbolLookup load(List<String> files) throws IOException {
        SymbolLookup symbols = SymbolLookup.loaderLookup();
        Path folder = folder().resolve(name(find(files.getLast())));
        for (String file : files) {
            symbols = SymbolLookup.libraryLookup(unpack(find(file), folder, file), Arena.global());
        }
        return symbols;
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
    private String name(URL library) throws IOException {
        URLConnection c = open(library);
        try (InputStream in = c.getInputStream()) {
            long hash = c instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : 0;
            return "%s-%s-%x-%08x".formatted(cache, platform, c.getContentLengthLong(), hash);
        }
    }

    private URL find(String file) throws IOException {
        String resource = "org/bytedeco/" + artifact + "/" + platform + "/" + file;
        ClassLoader loader = NativeJar.class.getClassLoader();
        URL url = loader == null ? null : loader.getResource(resource);
        if (url == null) {
            url = ClassLoader.getSystemResource(resource);
        }
        if (url != null) {
            return url;
        }
        String paths = System.getProperty("jdk.module.path", "");
        for (String element : paths.split(File.pathSeparator)) {
            if (element.isEmpty()) {
                continue;
            }
            Path path = Path.of(element);
            if (isJar(path)) {
                return inside(path, resource);
            }
            if (Files.isDirectory(path)) {
                try (DirectoryStream<Path> jars = Files.newDirectoryStream(path, this::isJar)) {
                    for (Path jar : jars) {
                        return inside(jar, resource);
                    }
                }
            }
        }
        throw new FileNotFoundException("no " + resource + " on the class path or module path");
    }

    private boolean isJar(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(artifact + "-") && name.endsWith("-" + platform + ".jar") && Files.isRegularFile(path);
    }

    private static URL inside(Path jar, String resource) throws IOException {
        return URI.create("jar:" + jar.toUri() + "!/" + resource).toURL();
    }

    /** The user's cache folder; a temporary folder where that cannot be written. */
    private static Path folder() throws IOException {
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
