package dev.portshare.cli.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** What {@code /api/status} reports, for a terminal. */
public final class StatusLines {
    private StatusLines() {}

    /** A few lines. */
    public static List<String> of(Report status, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(title(status, now));
        line(lines, "listening", String.join(", ", status.texts("listening")));
        connections(lines, status);
        traffic(lines, status);
        Report close = status.object("close");
        String refusals = status.texts("refusals").stream()
                .filter(reason -> close.number(reason) > 0)
                .map(reason -> reason + " " + Figures.count(close.number(reason)))
                .collect(Collectors.joining(", "));
        line(lines, "refused", refusals.isEmpty() ? "none" : refusals);
        Report backends = status.object("backends");
        if (backends.number("several") > 0) {
            boolean isWhole = backends.number("up") == backends.number("several");
            line(
                    lines,
                    "backends",
                    Figures.count(backends.number("up")) + " of " + Figures.count(backends.number("several"))
                            + " get connections" + (isWhole ? "" : ": portshare routes tells of the others"));
        }
        if (status.has("mapped")) {
            mapped(lines, status.object("mapped"));
        }
        for (Report gate : status.objects("gates")) {
            long addresses = gate.number("addresses");
            line(
                    lines,
                    "gate",
                    gate.text("opens") + ", open for " + Figures.count(addresses)
                            + (addresses == 1 ? " address" : " addresses"));
        }
        process(lines, status);
        reloads(lines, status.object("reloads"), now);
        if (status.number("log_lines_dropped") > 0) {
            line(
                    lines,
                    "log",
                    Figures.count(status.number("log_lines_dropped"))
                            + " lines dropped: whoever reads it is too slow, or the disk is full");
        }
        return lines;
    }

    /** The first three lines of {@code portshare top}. */
    static List<String> top(Report status, Instant now) {
        List<String> lines = new ArrayList<>(List.of(title(status, now)));
        connections(lines, status);
        traffic(lines, status);
        return lines;
    }

    private static String title(Report status, Instant now) {
        Instant started = Objects.requireNonNullElse(status.time("started"), now);
        return "portshare " + status.text("version") + " is " + status.text("state") + ", for "
                + Figures.age(Duration.between(started, now)) + " now, as process " + status.text("pid");
    }

    private static void connections(List<String> lines, Report status) {
        Report connections = status.object("connections");
        line(
                lines,
                "connections",
                Figures.count(connections.number("active")) + " live, "
                        + Figures.count(connections.number("accepted")) + " accepted ("
                        + String.format(
                                Locale.ROOT,
                                "%.1f/s",
                                status.object("per_second").decimal("accepted"))
                        + "), " + Figures.count(connections.number("refused")) + " refused");
    }

    private static void mapped(List<String> lines, Report mapped) {
        long shared = mapped.number("shared");
        line(
                lines,
                "mapped",
                Figures.count(mapped.number("in_use")) + " addresses in use, " + Figures.count(mapped.number("idle"))
                        + " remembered"
                        + (shared == 0
                                ? ""
                                : "; used up for " + Figures.count(shared) + " connections, which share one"));
    }

    private static void traffic(List<String> lines, Report status) {
        Report perSecond = status.object("per_second");
        line(
                lines,
                "traffic",
                "in " + Figures.rate(perSecond.decimal("in")) + ", out " + Figures.rate(perSecond.decimal("out"))
                        + "; since the start in " + Figures.bytes(status.decimal("in")) + ", out "
                        + Figures.bytes(status.decimal("out")));
    }

    private static void process(List<String> lines, Report status) {
        Report process = status.object("process");
        double lag = status.objects("loops").stream()
                .mapToDouble(loop -> loop.decimal("lag_ms"))
                .max()
                .orElse(0);
        line(
                lines,
                "process",
                "memory " + Figures.bytes(process.decimal("resident")) + ", heap "
                        + Figures.bytes(process.decimal("heap_used")) + " of "
                        + Figures.bytes(process.decimal("heap_limit")) + ", open files "
                        + Figures.count(process.number("open_files")) + " of "
                        + Figures.count(process.number("open_files_limit")) + ", longest wait "
                        + String.format(Locale.ROOT, "%.1f ms", lag));
    }

    private static void reloads(List<String> lines, Report reloads, Instant now) {
        String inForce = "in force since " + RouteLines.ago(reloads.time("in_force_since"), now);
        line(
                lines,
                "routes",
                reloads.is("last_failed")
                        ? inForce + "; the last reload was REFUSED: portshare reload says why"
                        : inForce);
    }

    private static void line(List<String> lines, String what, String value) {
        lines.add(String.format(Locale.ROOT, "%-12s %s", what, value));
    }
}
