package akari.backend;

import akari.core.Device;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The backends of this process, each opened once. */
final class Backends {
    private static final System.Logger LOG = System.getLogger("akari.backend");
    private static final Map<Device, Backend> OPEN = new ConcurrentHashMap<>();

    private Backends() {}

    static Backend of(Device device) {
        Backend b = OPEN.get(device);
        if (b == null) {
            open();
            b = OPEN.get(device);
        }
        if (b == null) {
            throw new IllegalArgumentException("device " + device + " is not available here; there is "
                    + OPEN.keySet().stream().map(Device::toString).sorted().collect(Collectors.joining(", ")));
        }
        return b;
    }

    /** Not while the class is loaded: who mistook a setting is told so by every call, in the same words. */
    private static synchronized void open() {
        if (OPEN.containsKey(Device.CPU)) {
            return; // which comes last
        }
        Backend cpu = null;
        for (ServiceLoader.Provider<Backend> p :
                ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).stream()
                        .toList()) {
            Backend b = opened(p);
            if (b == null) {
                continue;
            }
            if (!b.device().equals(Device.CPU)) {
                OPEN.putIfAbsent(b.device(), new Guarded(b));
            } else if (cpu == null) {
                cpu = b;
            }
        }
        OPEN.put(Device.CPU, new Guarded(cpu == null ? new ReferenceBackend() : cpu));
    }

    private static @Nullable Backend opened(ServiceLoader.Provider<Backend> p) {
        try {
            return p.get();
        } catch (ServiceConfigurationError e) {
            if (e.getCause() instanceof RuntimeException told) {
                throw told;
            }
            if (e.getCause() instanceof NoClassDefFoundError missing
                    && String.valueOf(missing.getMessage()).contains("jdk/incubator/vector")) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the Vector API is not there, so plain Java computes, many times slower: start java with"
                                + " --add-modules jdk.incubator.vector");
                return null;
            }
            throw e;
        }
    }
}
