package akari.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.StringWriter;
import java.util.List;

/** Tables for machines (RFC 4180, lines end in a newline): whatever a name holds stays in its cell. */
final class Csv {
    private final StringWriter text = new StringWriter();
    private final CsvWriter writer =
            CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(text);

    Csv row(List<String> cells) {
        writer.writeRecord(cells);
        return this;
    }

    Csv row(String... cells) {
        return row(List.of(cells));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
