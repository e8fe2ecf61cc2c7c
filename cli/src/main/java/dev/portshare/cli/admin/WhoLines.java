package dev.portshare.cli.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code /api/who} reports, for a terminal. */
public final class WhoLines {
    private WhoLines() {}

    /** Whom the address stands for, where it does, and the connections that have it. None: nobody knows it. */
    public static List<String> of(Report report) {
        List<String> lines = new ArrayList<>();
        boolean isMapped = report.has("mapped");
        if (isMapped) {
            lines.add(mapped(report.object("mapped")));
        }
        List<Report> connections = report.objects("connections");
        if (!connections.isEmpty()) {
            lines.addAll(table(connections));
        } else if (isMapped) {
            lines.add("no live connection has " + report.text("address"));
        }
        long more = report.number("matching") - connections.size();
        if (more > 0) {
            lines.add("and " + Figures.count(more) + " more");
        }
        return lines;
    }

    private static String mapped(Report mapped) {
        String address = mapped.text("as");
        if (!mapped.has("src")) {
            return address + " is shared by all clients for whom mapped.pool had no other";
        }
        String client = address + " stands for " + mapped.text("src");
        if (mapped.is("fixed")) {
            return client + ", always (mapped.map)";
        }
        long seconds = mapped.number("remembered_seconds");
        return seconds < 0 ? client : client + ", for another " + Figures.age(Duration.ofSeconds(seconds));
    }

    private static List<String> table(List<Report> connections) {
        Table table = new Table("<<<<>");
        table.add("CLIENT", "SEEN AS", "ROUTE", "BACKEND", "AGE");
        for (Report connection : connections) {
            table.add(
                    connection.text("src"),
                    connection.text("seen"),
                    connection.text("route"),
                    connection.text("backend"),
                    Figures.age(Duration.ofMillis(connection.number("ms"))));
        }
        return table.lines();
    }
}
