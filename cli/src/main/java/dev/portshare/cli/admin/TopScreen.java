package dev.portshare.cli.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Draws {@code portshare top}: lines as wide as the terminal at most, with what the terminal needs to set them off. */
final class TopScreen {
    private static final String BOLD = "\033[1m";
    private static final String INVERSE = "\033[7m";
    private static final String PLAIN = "\033[0m";
    /** The lines above and below the table: three of figures, the heading, and the last one. */
    static final int OTHER_LINES = 5;

    private static final int LONGEST_NAME = 36;
    private static final int SHORTEST_NAME = 10;

    private TopScreen() {}

    /**
     * What is known.
     *
     * @param connections of {@code /api/connections}
     * @param routes      of {@code /api/routes}, and what they moved a second
     */
    record Data(Report status, Report connections, List<RouteRate> routes, Instant now) {}

    /** A route and its rates in bytes a second. */
    record RouteRate(Report route, double in, double out) {}

    static List<String> draw(TopView view, Data data, Terminal.Size size) {
        List<String> lines = new ArrayList<>();
        StatusLines.top(data.status(), data.now()).forEach(line -> lines.add(cut(line, size.columns())));
        List<String> table = view.showsRoutes() ? routes(data) : connections(data, size.columns());
        int cursor = view.showsRoutes() ? -1 : view.cursor(data.connections().objects("connections"));
        lines.add(BOLD + cut(table.getFirst(), size.columns()) + PLAIN);
        List<String> rows = table.subList(1, table.size());
        for (int i = 0; i < Math.min(rows.size(), size.rows() - OTHER_LINES); i++) {
            String row = cut(rows.get(i), size.columns());
            lines.add(i == cursor ? INVERSE + padded(row, size.columns()) + PLAIN : row);
        }
        while (lines.size() < size.rows() - 1) {
            lines.add("");
        }
        lines.add(INVERSE + padded(cut(bottom(view, data), size.columns()), size.columns()) + PLAIN);
        // A terminal of two lines shows two.
        return lines.subList(Math.max(0, lines.size() - size.rows()), lines.size());
    }

    /**
     * With all that is known where there is room; else without the backend, which the route tells, with shorter names, and without
     * what stands for clients.
     */
    private static List<String> connections(Data data, int columns) {
        List<String> lines = connections(data, LONGEST_NAME, true, true);
        if (width(lines) > columns) {
            lines = connections(data, LONGEST_NAME, false, true);
        }
        if (width(lines) > columns) {
            lines = connections(data, nameLength(data, columns, true), false, true);
        }
        if (width(lines) > columns) {
            lines = connections(data, nameLength(data, columns, false), false, false);
        }
        return lines;
    }

    private static int nameLength(Data data, int columns, boolean withStandIn) {
        int others = width(connections(data, 0, false, withStandIn));
        return Math.clamp(columns - others, SHORTEST_NAME, LONGEST_NAME);
    }

    private static int width(List<String> lines) {
        return lines.stream().mapToInt(String::length).max().orElse(0);
    }

    private static List<String> connections(Data data, int longestName, boolean withBackend, boolean withStandIn) {
        Table table = new Table(withBackend ? "<<<>>>><" : "<<<>>>>");
        row(table, withBackend, "CLIENT", cut("SNI", longestName), "ROUTE", "IN/s", "OUT/s", "MOVED", "AGE", "BACKEND");
        for (Report connection : data.connections().objects("connections")) {
            String route = connection.text("route");
            row(
                    table,
                    withBackend,
                    client(connection, withStandIn),
                    cut(connection.text("sni"), longestName),
                    route.equals("-") ? "(" + connection.text("state") + ")" : route,
                    Figures.bytes(connection.decimal("in_per_second")),
                    Figures.bytes(connection.decimal("out_per_second")),
                    Figures.bytes(connection.decimal("in") + connection.decimal("out")),
                    Figures.age(Duration.ofMillis(connection.number("ms"))).replaceFirst("^(\\d+ \\w+) .*", "$1"),
                    connection.text("backend"));
        }
        return table.lines();
    }

    private static String client(Report connection, boolean withStandIn) {
        String client = connection.text("src");
        return withStandIn && connection.has("as") ? client + " as " + connection.text("as") : client;
    }

    private static void row(Table table, boolean withLast, String... words) {
        table.add(withLast ? words : Arrays.copyOf(words, words.length - 1));
    }

    private static List<String> routes(Data data) {
        Table table = new Table("<>><>><<");
        table.add("ROUTE", "LIVE", "HITS", "LAST HIT", "IN", "OUT", "BACKEND", "STATE");
        for (RouteRate rated : data.routes()) {
            Report route = rated.route();
            table.add(
                    route.text("name"),
                    Figures.count(route.number("active")),
                    Figures.count(route.number("hits")),
                    RouteLines.ago(route.time("last_hit"), data.now()),
                    Figures.rate(rated.in()),
                    Figures.rate(rated.out()),
                    route.text("to"),
                    RouteLines.state(route, data.now()));
        }
        return table.lines();
    }

    private static String bottom(TopView view, Data data) {
        if (view.asksToKill() >= 0) {
            Report doomed = view.doomed(data.connections().objects("connections"));
            String whose = doomed == null
                    ? ""
                    : " of " + doomed.text("src") + " to " + doomed.text("backend") + " (" + doomed.text("sni") + ")";
            return "end connection " + view.asksToKill() + whose + "? y: yes, any other key: no";
        }
        if (!view.message().isEmpty()) {
            return view.message();
        }
        if (view.isTyping()) {
            return "search: " + view.filter() + "_   Enter: keep, Esc: show all";
        }
        String paused = view.isPaused() ? "PAUSED  " : "";
        if (view.showsRoutes()) {
            return paused + "c connections  space pause  q quit";
        }
        String found = view.filter().isEmpty()
                ? ""
                : Figures.count(data.connections().number("matching")) + " with \"" + view.filter() + "\"  ";
        return paused
                + found
                + String.format(
                        Locale.ROOT,
                        "by %s (1-%d, left, right)  x end one  / search  r routes  space pause  q quit",
                        view.order(),
                        TopView.ORDERS.size());
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "~";
    }

    private static String padded(String line, int columns) {
        return line + " ".repeat(Math.max(0, columns - line.length()));
    }
}
