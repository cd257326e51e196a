package akari.bench;

import akari.backend.Backend;
import akari.core.Device;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Races the single operations of {@link RaceTable} against PyTorch, at one and two threads: {@code tools/ops-race [REGEX] [--threads N]
 * [--rounds N]}. The table is sorted by ratio, worst first; a result that differs is marked.
 *
 * <p>Akari runs here, PyTorch in a process of its own; both take turns, and each repeats in a loop of its own, so that the way from
 * here to there is not timed. PyTorch's malloc keeps what it is given back: kernels are compared, not page faults.
 */
public final class OpRace {
    private static final double LAP_NANOS = 8e6;
    private static final double WARM_NANOS = 100e6;
    private static final double PATIENCE_NANOS = 400e6;

    private final List<RaceCase> cases;
    private final int rounds;
    private final Writer commands;
    private final BufferedReader answers;
    private final Map<String, Tensor> operands = new HashMap<>();

    private OpRace(List<RaceCase> cases, int rounds, Process peer) {
        this.cases = cases;
        this.rounds = rounds;
        commands = peer.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Medians in nanoseconds. */
    private record Line(String name, double ours, double peer, String remark) {
        double ratio() {
            return peer / ours;
        }

        String text() {
            return String.format(
                    Locale.ROOT, "%-28s %7.2f× %12.1f %12.1f %s%n", name, ratio(), ours / 1e3, peer / 1e3, remark);
        }
    }

    public static void main(String[] args) throws IOException {
        var name = Pattern.compile("");
        var threads = List.of(1, 2);
        int rounds = 5;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--threads" -> threads = List.of(Integer.parseInt(args[++i]));
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                default -> name = Pattern.compile(args[i]);
            }
        }
        var wanted = name;
        var cases = RaceTable.ALL.stream()
                .filter(c -> wanted.matcher(c.name()).find())
                .toList();
        var peer = start(threads.getLast());
        try {
            var race = new OpRace(cases, rounds, peer);
            race.warmUp();
            for (int t : threads) race.run(t);
        } finally {
            peer.destroy();
        }
    }

    private static Process start(int threads) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var classes = List.of(
                System.getProperty("akari.peer.classpath", ""),
                System.getProperty("jdk.module.path", ""),
                jars(System.getProperty("jdk.module.path", "")),
                System.getProperty("java.class.path", ""));
        for (var limit : List.of("nopointergc=true", "maxBytes=0", "maxPhysicalBytes=0")) {
            command.add("-Dorg.bytedeco.javacpp." + limit);
        }
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.addAll(List.of(String.join(File.pathSeparator, classes), OpPeer.class.getName()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        for (var variable : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            builder.environment().put(variable, Integer.toString(threads));
        }
        for (var variable : List.of("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")) {
            builder.environment().put(variable, Long.toString(Long.MAX_VALUE));
        }
        return builder.start();
    }

    /** The module path's folders as a class path wants them. */
    private static String jars(String modules) {
        return Arrays.stream(modules.split(File.pathSeparator))
                .filter(path -> Files.isDirectory(Path.of(path)))
                .map(path -> path + "/*")
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String ask(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
            for (String line; (line = answers.readLine()) != null; ) {
                if (line.startsWith("@!")) throw new IllegalStateException("PyTorch refuses " + line.substring(2));
                if (line.startsWith("@")) return line.substring(1);
                System.err.println(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lost PyTorch's process", e);
        }
        throw new IllegalStateException("PyTorch's process ended; what it said stands above.");
    }

    /** Each case for a while, so that the loops of all are compiled when the first is timed. */
    private void warmUp() {
        var filler = Tensors.zeros(1 << 20);
        for (int i = 0; i < 500; i++) filler.add(1); // the first results of each size cost page faults
        for (var c : cases) {
            var in = tensors(c);
            long start = System.nanoTime();
            try {
                for (int i = 0; i < 1000 && System.nanoTime() - start < WARM_NANOS; i++) {
                    var _ = c.ours().apply(in);
                }
            } catch (RuntimeException e) {
                throw new IllegalStateException(c.name(), e);
            }
        }
    }

    private void run(int threads) {
        Backend.of(Device.CPU).threads(threads);
        ask("threads " + threads);
        var lines = new ArrayList<Line>();
        for (var c : cases) {
            var line = race(c, threads);
            System.err.print(line.text());
            lines.add(line);
        }
        lines.sort(Comparator.comparingDouble(Line::ratio));
        System.out.printf(
                Locale.ROOT,
                "%n%-28s %8s %12s %12s   (%d threads)%n",
                "operation",
                "ratio",
                "Akari µs",
                "PyTorch µs",
                threads);
        for (var line : lines) System.out.print(line.text());
        System.out.printf(
                Locale.ROOT,
                "%d operations; %d below 0.5×, %d below 1×%n",
                lines.size(),
                lines.stream().filter(l -> l.ratio() < 0.5).count(),
                lines.stream().filter(l -> l.ratio() < 1).count());
    }

    private Line race(RaceCase c, int threads) {
        var in = tensors(c);
        var question = new StringBuilder("case " + c.torch());
        for (var operand : c.operands()) question.append('|').append(operand);
        ask(question.toString());
        double theirs = Double.parseDouble(ask("sum"));
        double mine = c.ours().apply(in).to(akari.core.DType.FLOAT64).sum().item();
        boolean same = Math.abs(theirs - mine) <= 1e-3 * Math.abs(theirs) + 1e-1
                || Double.isNaN(theirs) == Double.isNaN(mine) && Double.isNaN(mine);
        int n = settled(c, in);
        int m = repetitions(peer(1));
        m = repetitions(peer(m));
        var ours = new double[rounds];
        var peer = new double[rounds];
        collect();
        for (int i = 0; i < rounds; i++) {
            if (threads > 1) pause();
            ours[i] = ours(c, in, n);
            peer[i] = peer(m);
        }
        return new Line(c.name(), median(ours), median(peer), same ? "" : "differs: " + mine + " for " + theirs);
    }

    /** Runs until no lap has been faster than the best before for a while; compilers have then done their work. */
    private static int settled(RaceCase c, Tensor[] in) {
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        int n = 1;
        for (int since = 0; since < 4 && System.nanoTime() - start < PATIENCE_NANOS; since++) {
            double nanos = ours(c, in, n);
            since = nanos < 0.95 * best ? 0 : since;
            best = Math.min(best, nanos);
            n = repetitions(best);
        }
        return n;
    }

    private static int repetitions(double nanos) {
        return (int) Math.clamp(LAP_NANOS / nanos, 1, 10_000);
    }

    private static double ours(RaceCase c, Tensor[] in, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            var _ = c.ours().apply(in);
        }
        return (double) (System.nanoTime() - start) / times;
    }

    private double peer(int times) {
        return Double.parseDouble(ask("run " + times)) / times;
    }

    /** Gives the results of earlier laps back to the pool. */
    private static void collect() {
        System.gc();
        pause();
    }

    /** PyTorch's idle threads spin for a while. */
    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private Tensor[] tensors(RaceCase c) {
        var tensors = new Tensor[c.operands().size()];
        for (int i = 0; i < tensors.length; i++) {
            int stream = i + 1;
            var operand = c.operands().get(i);
            tensors[i] = operands.computeIfAbsent(
                    stream + operand.toString(),
                    k -> Tensors.of(operand.dtype(), operand.values(stream), Shape.of(operand.shape())));
        }
        return tensors;
    }
}
