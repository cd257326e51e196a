package akari.cli;

import akari.train.Epoch;
import akari.train.Outcome;
import akari.train.Progress;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Training as JSON, an object a line. Accuracies are in percent, as a person would say them. */
final class JsonProgress implements Progress {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final PrintStream out;

    JsonProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(Plan p) {
        print(
                "event",
                "start",
                "data",
                p.data(),
                "train",
                p.trainSize(),
                "val",
                p.valSize(),
                "test",
                p.testSize(),
                "classes",
                p.classes(),
                "model",
                p.model(),
                "parameters",
                p.parameters(),
                "epochs",
                p.epochs(),
                "run",
                p.folder());
    }

    @Override
    public void epoch(Epoch e) {
        print(
                "event",
                "epoch",
                "epoch",
                e.number(),
                "train_loss",
                e.trainLoss(),
                "val_loss",
                e.valLoss(),
                "val_top1",
                percent(e.valTop1()),
                "lr",
                e.lr(),
                "images_per_second",
                e.imagesPerSecond(),
                "seconds",
                e.seconds(),
                "best",
                e.best());
    }

    @Override
    public void warning(String text) {
        print("event", "warning", "text", text);
    }

    @Override
    public void finished(Outcome o) {
        if (o.interrupted()) {
            print("event", "interrupted", "run", o.folder().toString());
        } else {
            print(
                    "event",
                    "done",
                    "test_top1",
                    percent(o.testTop1()),
                    "val_top1",
                    percent(o.bestTop1()),
                    "best_epoch",
                    o.bestEpoch(),
                    "run",
                    o.folder().toString());
        }
    }

    /** One object of the given names and values, in that order. */
    void print(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> o = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            o.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        out.println(text(o));
        out.flush();
    }

    private static double percent(double share) {
        return Math.round(share * 10000) / 100.0;
    }

    /** A value as JSON text, in the order of lists and maps. NaN and infinities, which JSON lacks, are null. */
    static String text(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator to = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(to, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator to, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case Boolean b -> to.writeBoolean(b);
            case Integer n -> to.writeNumber(n);
            case Long n -> to.writeNumber(n);
            case Double d when Double.isFinite(d) -> to.writeNumber(d);
            case Double _ -> to.writeNull();
            case List<?> list -> {
                to.writeStartArray();
                list.forEach(v -> write(to, v));
                to.writeEndArray();
            }
            case Map<?, ?> map -> {
                to.writeStartObject();
                map.forEach((k, v) -> {
                    to.writeName(k.toString());
                    write(to, v);
                });
                to.writeEndObject();
            }
            default -> to.writeString(value.toString());
        }
    }
}
