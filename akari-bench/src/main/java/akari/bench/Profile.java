package akari.bench;

import akari.backend.Backend;
import akari.core.Device;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where a training step of a network goes: {@code tools/profile NETWORK BATCH [THREADS]}, as {@code wrn_16_4 64}.
 *
 * <p>A stand-in for the backend takes the time of each of its methods; what a step takes beyond them is the framework's.
 */
public final class Profile {
    private static final int WARM_UP = 10;
    private static final int STEPS = 10;

    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private boolean optimising;

    private Profile() {}

    /** Profiles; see the class. */
    public static void main(String[] args) {
        if (args.length < 2) {
            System.err.println(
                    "✗ no network and batch are named. Usage: tools/profile NETWORK BATCH [THREADS], as wrn_16_4 64");
            System.exit(2);
        }
        Backend.of(Device.CPU).threads(args.length > 2 ? Integer.parseInt(args[2]) : 1);
        var profile = new Profile();
        profile.install();
        System.out.print(profile.run(Network.valueOf(args[0].toUpperCase(Locale.ROOT)), Integer.parseInt(args[1])));
        System.exit(0);
    }

    /** Backends are found once and for all, so this takes the place of the one found; tools/profile opens their package. */
    @SuppressWarnings("unchecked")
    private void install() {
        var real = Backend.of(Device.CPU);
        var timed = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (_, method, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        nanos.merge(
                                optimising ? "optimiser" : kind(method.getName()),
                                System.nanoTime() - start,
                                Long::sum);
                    }
                });
        try {
            var open = Class.forName("akari.backend.Backends").getDeclaredField("OPEN");
            open.setAccessible(true);
            ((Map<Device, Backend>) open.get(null)).put(Device.CPU, timed);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot take the backend's place", e);
        }
    }

    private static String kind(String method) {
        if (method.startsWith("convolution")) return "convolution";
        if (method.startsWith("batchNorm")) return "norm";
        if (method.toLowerCase(Locale.ROOT).contains("pool")) return "pool";
        return switch (method) {
            case "pointwise", "reduce", "softmax", "softmaxGradient", "gather", "scatter", "random" -> "elementwise";
            case "matmul" -> "linear";
            case "allocate", "upload", "download", "memory" -> "memory";
            default -> "other backend calls";
        };
    }

    private String run(Network network, int batch) {
        var training = new OurTraining(network, batch, RaceSetting.Precision.F32);
        for (int i = 0; i < WARM_UP; i++) training.run();
        nanos.clear();
        long start = System.nanoTime();
        for (int i = 0; i < STEPS; i++) {
            var _ = training.differentiate();
            optimising = true;
            training.update();
            optimising = false;
        }
        long all = System.nanoTime() - start;
        nanos.put("framework", all - nanos.values().stream().mapToLong(n -> n).sum());
        var table = new StringBuilder("| " + network + ", batch " + batch + " | ms | share |\n| --- | --- | --- |\n");
        nanos.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(e -> table.append(row(e.getKey(), e.getValue(), all)));
        return table.append(row("step", all, all)).toString();
    }

    private static String row(String name, long nanos, long all) {
        return String.format(Locale.ROOT, "| %s | %.2f | %.1f %% |%n", name, nanos / 1e6 / STEPS, 100.0 * nanos / all);
    }
}
