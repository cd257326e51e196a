package akari.backend;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The backends of this process, each opened once. */
final class Backends {
    private static final Map<Device, Backend> OPEN = new ConcurrentHashMap<>();

    static {
        for (Backend b : ServiceLoader.load(Backend.class, Backend.class.getClassLoader())) {
            OPEN.putIfAbsent(b.device(), b);
        }
        if (!OPEN.containsKey(Device.CPU)) {
            OPEN.put(Device.CPU, new ReferenceBackend());
        }
    }

    private Backends() {}

    static Backend of(Device device) {
        Backend b = OPEN.get(device);
        if (b == null) {
            throw new IllegalArgumentException("device " + device + " is not available here; there is "
                    + OPEN.keySet().stream().map(Device::toString).sorted().collect(Collectors.joining(", ")));
        }
        return b;
    }
}
