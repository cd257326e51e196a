package akari.cli;

import akari.train.Epoch;
import akari.train.Outcome;
import akari.train.Progress;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Training as JSON, an object a line. Accuracies are in percent, as a person would say them. */
final class Json implements Progress {
    private final PrintStream out;

    Json(PrintStream out) {
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

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Double d when !Double.isFinite(d) -> "null"; // JSON has no NaN
            case Number n -> n.toString();
            case Boolean b -> b.toString();
            case List<?> l -> l.stream().map(Json::text).toList().toString();
            case Map<?, ?> m -> object(m);
            default -> quote(value.toString());
        };
    }

    private static String object(Map<?, ?> m) {
        StringBuilder s = new StringBuilder("{");
        m.forEach((k, v) -> s.append(s.length() > 1 ? "," : "")
                .append(quote(k.toString()))
                .append(':')
                .append(text(v)));
        return s.append('}').toString();
    }

    private static String quote(String s) {
        StringBuilder q = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            switch (c) {
                case '"' -> q.append("\\\"");
                case '\\' -> q.append("\\\\");
                case '\n' -> q.append("\\n");
                case '\t' -> q.append("\\t");
                case '\r' -> q.append("\\r");
                default -> q.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return q.append('"').toString();
    }
}
