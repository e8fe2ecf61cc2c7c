package dev.portshare.telemetry;

import dev.portshare.session.CloseReason;
import dev.portshare.session.RouteTotals;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sum over all event loops, at one moment of each. {@code accepted() == closed() + active()} holds always. */
public final class Totals {
    private final Counters ended = new Counters();
    private final Map<String, RouteTotals> routes = new TreeMap<>();
    private long accepted;
    private long active;

    void add(long accepted, long active, Iterable<RouteTotals> routes, Counters ended) {
        this.accepted += accepted;
        this.active += active;
        for (RouteTotals route : routes) {
            this.routes.computeIfAbsent(route.route(), RouteTotals::new).add(route);
        }
        this.ended.add(ended);
    }

    /** Connections accepted since the start. */
    public long accepted() {
        return accepted;
    }

    /** Connections that live. */
    public long active() {
        return active;
    }

    /** What each route that took a connection has come to, in the order of their names. */
    public Map<String, RouteTotals> routes() {
        return routes;
    }

    /** How connections ended. */
    public Counters ended() {
        return ended;
    }

    /** How the connections of {@code route} ended; null where none has. */
    public @Nullable Closes ended(String route) {
        return ended.byRoute().get(route);
    }

    /** How many of the connections that {@code route} took live. */
    public long active(String route) {
        RouteTotals totals = routes.get(route);
        Closes closes = ended(route);
        return (totals == null ? 0 : totals.taken()) - (closes == null ? 0 : closes.all());
    }

    /** How many connections that live have come to no route yet. */
    public long undecided() {
        return active - routes.keySet().stream().mapToLong(this::active).sum();
    }

    public long closed() {
        return ended.byRoute().values().stream().mapToLong(Closes::all).sum();
    }

    /** How many connections ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return ended.byRoute().values().stream()
                .mapToLong(closes -> closes.of(reason))
                .sum();
    }

    /** How many connections got no backend: their route rejects them, there is none, or the backend could not be reached. */
    public long refused() {
        long refused = 0;
        for (CloseReason reason : CloseReason.values()) {
            refused += reason.isRefusal() ? closed(reason) : 0;
        }
        return refused;
    }

    /** Bytes from clients to backends. */
    public long in() {
        return routes.values().stream().mapToLong(RouteTotals::in).sum();
    }

    /** Bytes from backends to clients. */
    public long out() {
        return routes.values().stream().mapToLong(RouteTotals::out).sum();
    }
}
