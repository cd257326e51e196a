/** The CPU backend: oneDNN and compiled Vector API kernels. */
module akari.cpu {
    requires akari.core;
    requires jdk.incubator.vector;
    requires jdk.management;
    requires static org.jspecify;

    provides akari.backend.Backend with
            akari.cpu.CpuBackend;
}
