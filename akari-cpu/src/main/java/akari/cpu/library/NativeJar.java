package akari.cpu.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import akari.errors.FileTrouble;
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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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
public record NativeJar(String artifact, String cache, String platform) {
    private static final System.Logger LOG = System.getLogger("akari.cpu");

    /** {@code linux-x86_64} and so on; null where nothing is published for this platform. */
    public static @Nullable String currentPlatform() {
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
    public static void environment(String name, String value) {
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
    public SymbolLookup load(List<String> files) throws IOException {
        try {
            Entry last = Entry.of(find(files.getLast()));
            // differs for every build of the library
            String name = "%s-%s-%x-%08x".formatted(cache, platform, last.bytes, last.checksum);
            NativeFolder folder = NativeFolder.of(name);
            return load(files, (file, url) -> {
                Entry entry = Entry.of(url);
                return folder.file(file, entry.bytes, entry.checksum, () -> stream(url))
                        .toString();
            });
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            SymbolLookup symbols = load(files, (file, url) -> Aside.of(file, stream(url)));
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the cache of native libraries cannot be used (" + reason(e) + "), so " + artifact
                            + " is unpacked at every start; let " + NativeFolder.VARIABLE
                            + " name a folder that only you can write to");
            return symbols;
        }
    }

    /** What to do about a library that does not load; nothing where its reason says enough. */
    public static String mend(Exception e, String jar) {
        return e instanceof FileNotFoundException ? ". Put " + jar + " on the class path or module path" : "";
    }

    public static @Nullable String reason(Exception e) {
        if (e instanceof FileSystemException f && f.getFile() != null) {
            return f.getFile() + ": " + FileTrouble.of(f);
        }
        return e instanceof IOException io ? FileTrouble.of(io) : e.getMessage();
    }

    private SymbolLookup load(List<String> files, Unpacking unpacking) throws IOException {
        SymbolLookup symbols = SymbolLookup.loaderLookup();
        for (String file : files) {
            URL url = find(file);
            String path = url.getProtocol().equals("file")
                    ? Path.of(URI.create(url.toString())).toString()
                    : unpacking.path(file, url);
            symbols = SymbolLookup.libraryLookup(path, Arena.global());
        }
        return symbols;
    }

    private static InputStream stream(URL url) throws IOException {
        return open(url).getInputStream();
    }

    private static URLConnection open(URL url) throws IOException {
        URLConnection c = url.openConnection();
        c.setUseCaches(false);
        return c;
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

    /** What the jar says of a library. */
    private record Entry(long bytes, long checksum) {

        static Entry of(URL library) throws IOException {
            URLConnection c = open(library);
            try (InputStream in = c.getInputStream()) {
                return new Entry(
                        c.getContentLengthLong(),
                        c instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : 0);
            }
        }
    }

    /** Gives the path to load a library from. */
    private interface Unpacking {
        String path(String file, URL library) throws IOException;
    }
}
