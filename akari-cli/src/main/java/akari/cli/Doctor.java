package akari.cli;

import akari.backend.Backend;
import akari.backend.Device;
import akari.backend.MemoryStats;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = "Show what Akari runs on, what is missing, and how to mend it.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime rt = Runtime.getRuntime();
        Backend cpu = Backend.of(Device.CPU);
        MemoryStats memory = cpu.memory();
        boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean oneDnn = cpu.describe().startsWith("oneDNN");
        line(
                out,
                true,
                "JDK",
                System.getProperty("java.vendor") + " " + Runtime.version() + " · " + System.getProperty("java.home"));
        line(
                out,
                true,
                "System",
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + " · " + rt.availableProcessors()
                        + " processors");
        line(out, vector, "Vector", vector ? "jdk.incubator.vector" : "module jdk.incubator.vector is not loaded");
        if (!vector) {
            mend(out, "start java with --add-modules jdk.incubator.vector; without it kernels run scalar");
        }
        line(out, oneDnn, "CPU", cpu.describe());
        if (!oneDnn) {
            mend(
                    out,
                    System.getProperty("akari.cpu", "").equals("java")
                            ? "-Dakari.cpu=java asks for the plain-Java path; leave it out to use oneDNN"
                            : "put org.bytedeco:dnnl with this platform's classifier on the class path for oneDNN's speed");
        }
        line(
                out,
                true,
                "Threads",
                cpu.threads() + " of " + rt.availableProcessors() + " processors (-Dakari.threads=N changes it)");
        line(
                out,
                true,
                "Memory",
                String.format(
                        Locale.ROOT,
                        "tensors up to %s (-Dakari.memory.limit changes it) · Java heap up to %s",
                        Text.bytes(memory.limit()),
                        Text.bytes(rt.maxMemory())));
        return 0;
    }

    private static void line(PrintWriter out, boolean good, String what, String text) {
        out.printf(Locale.ROOT, "%s %-8s %s%n", good ? "✓" : "✗", what, text);
    }

    private static void mend(PrintWriter out, String how) {
        out.printf(Locale.ROOT, "  %-8s → %s%n", "", how);
    }
}
