package akari.cpu.dnn;

import akari.cpu.library.NativeJar;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** oneDNN's shared library, out of the platform's jar. */
public final class OneDnnLibrary {
    private static final System.Logger LOG = System.getLogger("akari.cpu");

    /** The library's symbols, or nothing where it is missing or does not load. */
    public static final @Nullable SymbolLookup SYMBOLS = load();

    private OneDnnLibrary() {}

    private static List<String> files(String platform) {
        return switch (platform) {
            case "macosx-arm64" -> List.of("libomp.dylib", "libdnnl.3.dylib");
            case "macosx-x86_64" -> List.of("libiomp5.dylib", "libdnnl.3.dylib");
            case "windows-x86_64" -> List.of("dnnl.dll");
            default -> List.of("libgomp.so.1", "libdnnl.so.3");
        };
    }

    private static @Nullable SymbolLookup load() {
        String platform = NativeJar.currentPlatform();
        if (platform == null) {
            LOG.log(System.Logger.Level.INFO, "no oneDNN for this platform; computing in plain Java");
            return null;
        }
        try {
            // OpenMP's threads otherwise spin between two calls, on the cores that the Java workers need (on Windows
            // shortly only)
            NativeJar.environment("OMP_WAIT_POLICY", "passive");
            SymbolLookup symbols = new NativeJar("dnnl", "onednn", platform).load(files(platform));
            return platform.startsWith("windows") ? symbols.or(systemOpenMp()) : symbols;
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "oneDNN does not load (" + NativeJar.reason(e) + "); computing in plain Java, which is slower"
                            + NativeJar.mend(e, "org.bytedeco:dnnl:3.13-1.5.14:" + platform));
            return null;
        }
    }

    private static SymbolLookup systemOpenMp() {
        return SymbolLookup.libraryLookup("vcomp140.dll", Arena.global());
    }
}
