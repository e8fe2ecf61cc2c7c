package dev.portshare.telemetry;

import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the ends of one event loop's connections, on that loop alone: nothing is locked. */
public final class Counters implements ConnectionObserver {
    /** What stands for a route or a protocol that there is not, as in the log. */
    public static final String NONE = "-";

    private static final Histogram HEAD =
            new Histogram(0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);
    private static final Histogram DURATION =
            new Histogram(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800, 7200, 43200, 86400);

    private final ConnectionObserver next;
    private final Map<String, Closes> byRoute = new HashMap<>();
    private final Map<String, Histogram> heads = new HashMap<>();
    private final Map<String, Histogram> durations = new HashMap<>();

    /** Tells {@code next} of each connection as well. */
    public Counters(ConnectionObserver next) {
        this.next = next;
    }

    /** A sum of none. */
    Counters() {
        this(_ -> {});
    }

    @Override
    public void closed(ConnectionRecord connection) {
        next.closed(connection);
        of(orNone(connection.route())).count(connection);
        String protocol = orNone(connection.protocol());
        if (connection.headNanos() >= 0) {
            histogram(heads, HEAD, protocol).count(connection.headNanos());
        }
        histogram(durations, DURATION, protocol).count(connection.nanos());
    }

    @Override
    public void opened(long id, Endpoint client, String what) {
        next.opened(id, client, what);
    }

    /** Adds what {@code other} has counted. */
    void add(Counters other) {
        other.byRoute.forEach((route, closes) -> of(route).add(closes));
        other.heads.forEach(
                (protocol, heads) -> histogram(this.heads, HEAD, protocol).add(heads));
        other.durations.forEach((protocol, durations) ->
                histogram(this.durations, DURATION, protocol).add(durations));
    }

    private Closes of(String route) {
        Closes closes = byRoute.get(route);
        if (closes == null) {
            closes = new Closes();
            byRoute.put(route, closes);
        }
        return closes;
    }

    private static Histogram histogram(Map<String, Histogram> histograms, Histogram like, String protocol) {
        Histogram histogram = histograms.get(protocol);
        if (histogram == null) {
            histogram = like.another();
            histograms.put(protocol, histogram);
        }
        return histogram;
    }

    static String orNone(@Nullable String name) {
        return name == null ? NONE : name;
    }

    /** How connections ended, under the name of each route, or "-". */
    public Map<String, Closes> byRoute() {
        return byRoute;
    }

    /** From accept to the decision, under each protocol. */
    public Map<String, Histogram> heads() {
        return heads;
    }

    /** From accept to the end, under each protocol, or "-". */
    public Map<String, Histogram> durations() {
        return durations;
    }
}
