package akari.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One side of a race as the coordinator sees it: a {@link Worker} process, started once and asked again and again. */
final class Racer implements AutoCloseable {
    private static final double BLOCK_NANOS = 100e6;
    private static final long WARM_UP_NANOS = 30_000_000_000L;
    private static final int SETTLED_BLOCKS = 3;

    private final Side side;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final String version;
    private final List<Double> laps = new ArrayList<>();
    private Duration cpu = Duration.ZERO;
    private int repetitions = 1;
    private long peak = Peak.UNKNOWN;
    private boolean wrong;

    Racer(Side side, Contest contest, RaceSetting setting) {
        this.side = side;
        var command = new ArrayList<>(command(side, setting));
        command.addAll(List.of(
                side.toString(),
                contest.name(),
                Integer.toString(setting.threads()),
                setting.dtype().toString()));
        var builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        for (var name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            builder.environment().put(name, Integer.toString(setting.threads()));
        }
        if (side != Side.AKARI && setting.keepMemory()) {
            var never = Long.toString(Long.MAX_VALUE);
            builder.environment().putAll(Map.of("MALLOC_MMAP_THRESHOLD_", never, "MALLOC_TRIM_THRESHOLD_", never));
            builder.environment().put("MALLOC_ARENA_MAX", "1"); // only the main arena grows without bound
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the process for " + side, e);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        version = answer();
    }

    Side side() {
        return side;
    }

    /** Notes that what this side computes is wrong. */
    void foundWrong() {
        wrong = true;
    }

    Check check() {
        return Check.parse(ask("check"));
    }

    /**
     * Runs until no block of repetitions has been 2 % faster than the best before it for at least a second and three blocks:
     * compilers, caches and memory pools have then settled. Afterwards a block takes about a tenth of a second, or one
     * repetition. Returns the nanoseconds of a block.
     */
    double warmUp() {
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        long improved = start;
        int since = 0;
        while ((System.nanoTime() - improved < 1_000_000_000L || since < SETTLED_BLOCKS)
                && System.nanoTime() - start < WARM_UP_NANOS) {
            double nanos = block();
            since++;
            if (nanos < 0.98 * best) {
                best = nanos;
                improved = System.nanoTime();
                since = 0;
                repetitions = (int) Math.clamp(Math.round(BLOCK_NANOS / nanos), 1, 1 << 20);
            }
        }
        peak = Long.parseLong(ask("peak"));
        return best * repetitions;
    }

    /** Times one block of repetitions. */
    void lap() {
        var before = cpuTime();
        laps.add(block());
        cpu = cpu.plus(cpuTime()).minus(before);
    }

    /** What all laps took. */
    RaceOutcome.Laps laps() {
        var nanos = laps.stream().mapToDouble(d -> d).toArray();
        return new RaceOutcome.Laps(
                side, version, nanos, cpu.toNanos() / ((double) repetitions * nanos.length), peak, wrong);
    }

    private double block() {
        return Double.parseDouble(ask("run " + repetitions)) / repetitions;
    }

    private Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            commands.write("quit\n");
            commands.flush();
            if (process.waitFor(10, TimeUnit.SECONDS)) return;
        } catch (IOException e) {
            // it has ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private String ask(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw ended();
        }
        return answer();
    }

    private String answer() {
        try {
            for (String line; (line = answers.readLine()) != null; ) {
                if (line.startsWith("@")) return line.substring(1);
                System.err.println(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lost the process for " + side, e);
        }
        throw ended();
    }

    private IllegalStateException ended() {
        return new IllegalStateException("the process for " + side + " ended; what it said stands above.");
    }

    /** The same Java as this one; each side with what it needs on its path and no more. */
    private static List<String> command(Side side, RaceSetting setting) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var modules = System.getProperty("jdk.module.path", "");
        var classes = System.getProperty("java.class.path", "");
        switch (side) {
            case AKARI -> {
                command.addAll(List.of("-XX:+UseSerialGC", "-Dakari.threads=" + setting.threads()));
                var options = System.getenv("AKARI_JAVA_OPTS");
                if (options != null && !options.isBlank())
                    command.addAll(List.of(options.strip().split("\\s+")));
                if (modules.isEmpty()) {
                    command.addAll(
                            List.of("--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector"));
                    command.addAll(List.of("-cp", classes, Worker.class.getName()));
                } else {
                    command.addAll(
                            List.of("--enable-native-access=akari.core,akari.cpu", "-p", modules, "-cp", classes));
                    command.addAll(List.of("-m", "akari.bench/" + Worker.class.getName()));
                }
            }
            case PYTORCH, PYTORCH_CHANNELS_LAST, ONNXRUNTIME -> {
                // memory is freed explicitly: no cleaner threads, and no collections forced by JavaCPP's own limits
                for (var limit : List.of("nopointergc=true", "maxBytes=0", "maxPhysicalBytes=0")) {
                    command.add("-Dorg.bytedeco.javacpp." + limit);
                }
                var peer = System.getProperty("akari.peer.classpath", "");
                command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
                command.addAll(List.of("-cp", String.join(File.pathSeparator, peer, modules, classes)));
                command.add(Worker.class.getName());
            }
        }
        return command;
    }
}
