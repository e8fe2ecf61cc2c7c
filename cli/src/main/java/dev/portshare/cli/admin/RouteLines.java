package dev.portshare.cli.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code /api/routes} reports, for a terminal. */
public final class RouteLines {
    private RouteLines() {}

    /** A heading, and a line for each route. */
    public static List<String> of(Report report, Instant now) {
        Table table = new Table("<>><>><<");
        table.add("ROUTE", "LIVE", "HITS", "LAST HIT", "IN", "OUT", "BACKEND", "STATE");
        for (Report route : report.objects("routes")) {
            table.add(
                    route.text("name"),
                    Figures.count(route.number("active")),
                    Figures.count(route.number("hits")),
                    ago(route.time("last_hit"), now),
                    Figures.bytes(route.decimal("in")),
                    Figures.bytes(route.decimal("out")),
                    route.text("to"),
                    state(route, now));
            for (Report backend : route.objects("backends")) {
                table.add(
                        "",
                        Figures.count(backend.number("active")),
                        "",
                        "",
                        "",
                        "",
                        backend.text("backend"),
                        one(backend));
            }
        }
        return table.lines();
    }

    static String state(Report route, Instant now) {
        if (!route.is("in_force")) {
            return "not in the route file any more";
        }
        if (route.text("to").equals("reject")) {
            return "-";
        }
        Report backend = route.object("backend");
        String state = backend.text("state");
        return switch (state) {
            case "failing" ->
                "failing: " + backend.text("fault") + " " + ago(backend.time("last_fault"), now) + faults(route);
            case "unknown" -> "not needed yet";
            default -> state + faults(route);
        };
    }

    /** The state of one of several backends. */
    private static String one(Report backend) {
        String state = backend.text("state");
        return (state.equals("down") ? "down: " + backend.text("why") : state)
                + (backend.is("backup") ? ", backup" : "")
                + (backend.number("weight") == 1 ? "" : ", weight " + backend.number("weight"));
    }

    private static String faults(Report route) {
        long faults = route.number("faults");
        return faults == 0 ? "" : ", failed " + Figures.count(faults) + (faults == 1 ? " time" : " times");
    }

    static String ago(@Nullable Instant time, Instant now) {
        return time == null ? "never" : Figures.age(Duration.between(time, now)) + " ago";
    }
}
