package akari.cli;

import akari.train.Epoch;
import akari.train.Outcome;
import akari.train.Progress;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Training as lines of text: permanent epoch rows and, on a terminal, a live line below them. */
final class Terminal implements Progress {
    private static final int BAR = 12;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private final boolean live;
    private boolean drawn;
    private long drawnAt;

    /** @param live whether {@code out} is a terminal that may be redrawn */
    Terminal(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Whether standard output can redraw a line; {@code dumb} terminals print the codes instead. */
    static boolean redraws(@Nullable String term) {
        return System.console() != null
                && System.console().isTerminal()
                && term != null
                && !term.isBlank()
                && !term.equals("dumb");
    }

    @Override
    public void started(Plan plan) {
        out.println("Run     " + Text.clean(plan.folder()));
        out.println();
        out.println("epoch  train/loss  val/loss  val/top1      lr    img/s  time");
    }

    @Override
    public void step(Step s) {
        long now = System.nanoTime();
        if (!live || now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawnAt = now;
        drawn = true;
        out.print("\r\u001b[K" + line(s));
        out.flush();
    }

    static String line(Step s) {
        int half = (int) (2L * BAR * s.step() / s.steps());
        String bar = "━".repeat(half / 2) + (half % 2 == 1 ? "╸" : "") + "─".repeat(BAR - half / 2 - half % 2);
        return String.format(
                Locale.ROOT,
                "%5d/%d %s %d/%d loss %.2f | %,.0f img/s | data wait %.0f%% | mem %s | ETA %s",
                s.epoch(),
                s.epochs(),
                bar,
                s.step(),
                s.steps(),
                s.loss(),
                s.imagesPerSecond(),
                100 * s.dataWait(),
                Text.bytes(s.memory()),
                Text.time(s.etaSeconds()));
    }

    @Override
    public void epoch(Epoch e) {
        clear();
        out.printf(
                Locale.ROOT,
                "%5d  %10.4f  %8.4f  %8s  %.4f  %7.0f  %4s%s%n",
                e.number(),
                e.trainLoss(),
                e.valLoss(),
                Text.percent(e.valTop1()),
                e.lr(),
                e.imagesPerSecond(),
                Text.time(e.seconds()),
                e.best() ? "  ★" : "");
    }

    @Override
    public void warning(String text) {
        clear();
        out.println("! " + Text.clean(text));
    }

    @Override
    public void finished(Outcome o) {
        clear();
        if (o.interrupted()) {
            out.println("Stopped; everything is saved. Go on with: "
                    + Text.shell(System.getProperty("akari.command", "akari")) + " train --resume "
                    + Text.shell(o.folder().toString()));
            return;
        }
        out.println("Best    epoch " + o.bestEpoch() + ": val/top1 " + Text.percent(o.bestTop1())
                + (Double.isNaN(o.testTop1()) ? "" : " · test top-1 " + Text.percent(o.testTop1())));
    }

    private void clear() {
        if (drawn) {
            out.print("\r\u001b[K");
            drawn = false;
        }
    }
}
