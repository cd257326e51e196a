package akari.cli;

import akari.backend.Backend;
import akari.backend.Device;
import picocli.CommandLine.Option;

/** Options of every command that computes. */
final class Common {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of option names and values.")
    @SuppressWarnings("unused") // read by Settings before the options are parsed
    private String config = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One value, as a line of the file would give it.")
    @SuppressWarnings("unused") // read by Settings before the options are parsed
    private String[] set = {};

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu or cuda[:i] (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(names = "--quiet", description = "Print only results and errors.")
    boolean quiet;

    @Option(
            names = "--json",
            description = "One JSON object a line on standard output, everything else on standard error.")
    boolean json;

    Device device() {
        Device d = Device.of(device.equals("auto") ? "cpu" : device);
        Backend.of(d);
        return d;
    }
}
