package dev.portshare;

import dev.portshare.telemetry.Totals;

/** What a portshare is doing, in a line for people: systemctl status shows it. */
final class StatusLine {
    private StatusLine() {}

    static String serving(Totals totals, long refusedInTheLastMinute) {
        String line = "serving: " + connections(totals) + ", " + grouped(totals.accepted()) + " since start";
        return refusedInTheLastMinute == 0
                ? line
                : line + ", " + grouped(refusedInTheLastMinute) + " refused in the last minute";
    }

    static String draining(Totals totals) {
        return "draining: " + connections(totals) + " left, no new ones";
    }

    private static String connections(Totals totals) {
        return grouped(totals.active()) + (totals.active() == 1 ? " connection" : " connections");
    }

    /** With commas between thousands. */
    static String grouped(long number) {
        StringBuilder digits = new StringBuilder().append(number);
        for (int i = digits.length() - 3; i > 0; i -= 3) {
            digits.insert(i, ',');
        }
        return digits.toString();
    }
}
