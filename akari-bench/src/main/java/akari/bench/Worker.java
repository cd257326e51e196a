package akari.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The process in which one side of a race runs: {@code Worker SIDE RACE THREADS DTYPE}.
 *
 * <p>It reads commands from standard input, a line each, and answers each on one line that starts with {@code @}:
 * {@code run N} does the work N times and answers with the nanoseconds that they took together, {@code peak} answers with the
 * peak of its resident memory since the work was set up, {@code check} sets the work up afresh and answers with a {@link Check}
 * of it, {@code quit} ends. The first line, before any command, is the version of the library.
 */
final class Worker {
    private Worker() {}

    public static void main(String[] args) throws IOException {
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what a library prints must not be taken for an answer
        var side = Side.of(args[0]);
        var contest = Contest.of(args[1]);
        var setting = new RaceSetting(Integer.parseInt(args[2]), RaceSetting.Precision.of(args[3]), false);
        answers.println("@" + side.version(setting));
        var work = side.prepare(contest, setting);
        var peak = Peak.start();
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = commands.readLine()) != null && !line.equals("quit"); ) {
            switch (line) {
                case "peak" -> answers.println("@" + peak.bytes());
                case "check" -> answers.println("@" + Check.of(side.prepare(contest, setting)));
                default -> answers.println("@" + time(work, Integer.parseInt(line.substring("run ".length()))));
            }
        }
        System.exit(0); // a library's idle threads must not keep the process
    }

    private static long time(Work work, int repetitions) {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) work.run();
        return System.nanoTime() - start;
    }
}
