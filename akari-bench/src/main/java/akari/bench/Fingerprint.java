package akari.bench;

import java.util.Locale;
import java.util.StringJoiner;

/** A result cut down to what fits on a line: its size, mean, root mean square and eight elements spread over it. */
record Fingerprint(int size, double mean, double rms, double[] samples) {
    private static final int SAMPLES = 8;

    static Fingerprint of(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float v : values) {
            sum += v;
            squares += (double) v * v;
        }
        var samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) samples[i] = values[(int) ((long) i * (values.length - 1) / (SAMPLES - 1))];
        return new Fingerprint(values.length, sum / values.length, Math.sqrt(squares / values.length), samples);
    }

    static Fingerprint parse(String line) {
        var words = line.split(" ");
        var samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) samples[i] = Double.parseDouble(words[3 + i]);
        return new Fingerprint(
                Integer.parseInt(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]), samples);
    }

    boolean agrees(Fingerprint other, double tolerance) {
        double allowed = tolerance * other.rms;
        boolean close =
                size == other.size && Math.abs(mean - other.mean) <= allowed && Math.abs(rms - other.rms) <= allowed;
        for (int i = 0; i < SAMPLES; i++) close &= Math.abs(samples[i] - other.samples[i]) <= allowed;
        return close;
    }

    @Override
    public String toString() {
        var line = new StringJoiner(" ").add(Integer.toString(size)).add(Double.toString(mean));
        line.add(Double.toString(rms));
        for (double s : samples) line.add(String.format(Locale.ROOT, "%.9g", s));
        return line.toString();
    }
}
