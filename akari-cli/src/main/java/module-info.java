/** The command line. */
module akari.cli {
    requires akari.train;
    requires akari.vision;
    requires info.picocli;
    requires org.snakeyaml.engine.v2;
    requires static org.jspecify;

    opens akari.cli to
            info.picocli;
}
