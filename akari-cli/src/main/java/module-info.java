/** The command line. */
module akari.cli {
    requires akari.train;
    requires akari.vision;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires org.snakeyaml.engine.v2;
    requires tools.jackson.core;
    requires static org.jspecify;
}
