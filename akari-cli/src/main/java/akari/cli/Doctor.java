package akari.cli;

import akari.backend.Backend;
import akari.core.Device;
import akari.core.MemoryStats;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

final class Doctor extends Command {
    Doctor() {
        super("doctor", "Show what Akari runs on, what is missing, and how to mend it.", List.of(), List.of());
    }

    /** One thing looked at. */
    private record Finding(
            boolean good,
            String what,
            String text,
            @Nullable String mend) {}

    @Override
    int run(Given given) {
        PrintStream out = System.out;
        for (Finding f : findings()) {
            if (given.get(JSON)) {
                new JsonProgress(out).print("check", f.what, "ok", f.good, "text", f.text, "mend", f.mend);
                continue;
            }
            if (f.good && given.get(QUIET)) {
                continue;
            }
            out.printf(Locale.ROOT, "%s %-8s %s%n", f.good ? "✓" : "✗", f.what, Text.clean(f.text));
            if (f.mend != null) {
                out.printf(Locale.ROOT, "  %-8s → %s%n", "", f.mend);
            }
        }
        return 0;
    }

    private static List<Finding> findings() {
        Runtime rt = Runtime.getRuntime();
        Backend cpu = Backend.of(Device.CPU);
        MemoryStats memory = cpu.memory();
        boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean oneDnn = cpu.describe().startsWith("oneDNN");
        return List.of(
                new Finding(
                        true,
                        "JDK",
                        System.getProperty("java.vendor") + " " + Runtime.version() + " · "
                                + System.getProperty("java.home"),
                        null),
                new Finding(
                        true,
                        "System",
                        System.getProperty("os.name") + " " + System.getProperty("os.arch") + " · "
                                + rt.availableProcessors() + " processors",
                        null),
                new Finding(
                        vector,
                        "Vector",
                        vector ? "jdk.incubator.vector" : "module jdk.incubator.vector is not loaded",
                        vector
                                ? null
                                : "start java with --add-modules jdk.incubator.vector; without it kernels run scalar"),
                new Finding(oneDnn, "CPU", cpu.describe(), oneDnn ? null : oneDnnMend()),
                new Finding(
                        true,
                        "Threads",
                        cpu.threads() + " of " + rt.availableProcessors()
                                + " processors (-Dakari.threads=N changes it)",
                        null),
                new Finding(
                        true,
                        "Memory",
                        String.format(
                                Locale.ROOT,
                                "tensors up to %s (-Dakari.memory.limit changes it) · Java heap up to %s",
                                Text.bytes(memory.limit()),
                                Text.bytes(rt.maxMemory())),
                        null));
    }

    private static String oneDnnMend() {
        return System.getProperty("akari.cpu", "").equals("java")
                ? "-Dakari.cpu=java asks for the plain-Java path; leave it out to use oneDNN"
                : "put org.bytedeco:dnnl with this platform's classifier on the class path for oneDNN's speed";
    }
}
