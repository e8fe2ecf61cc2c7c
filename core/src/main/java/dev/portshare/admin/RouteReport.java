package dev.portshare.admin;

import dev.portshare.route.Route;
import dev.portshare.session.BackendState;
import dev.portshare.session.CloseReason;
import dev.portshare.session.RouteTotals;
import dev.portshare.telemetry.Closes;
import dev.portshare.telemetry.Totals;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/routes}. */
final class RouteReport {
    private RouteReport() {}

    /** The routes in force in their order, then those that are not any more. */
    static JsonWriter of(Instance instance, Totals totals, InstantSource clock) {
        JsonWriter json = new JsonWriter().object().key("routes").array();
        Set<String> gone = new LinkedHashSet<>(totals.routes().keySet());
        for (Route route : instance.routes()) {
            gone.remove(route.name());
            route(json, route.name(), route, instance.backends(route.name()), totals, clock);
        }
        for (String name : gone) {
            route(json, name, null, List.of(), totals, clock);
        }
        return json.endArray().endObject();
    }

    private static void route(
            JsonWriter json,
            String name,
            @Nullable Route route,
            List<BackendState> backends,
            Totals totals,
            InstantSource clock) {
        RouteTotals taken = totals.routes().getOrDefault(name, new RouteTotals(name));
        Closes closes = totals.ended(name);
        json.object()
                .pair("name", name)
                .pair("in_force", route != null)
                .pair("when", route == null ? null : route.when().toString())
                .pair("to", route == null ? null : route.to().toString())
                .pair("hits", taken.taken())
                .pair("last_hit", taken.taken() == 0 ? null : time(taken.lastTaken(), clock))
                .pair("active", totals.active(name))
                .pair("in", taken.in())
                .pair("out", taken.out());
        long faults = 0;
        json.key("close").object();
        for (CloseReason reason : CloseReason.values()) {
            long count = closes == null ? 0 : closes.of(reason);
            faults += reason.isFault() ? count : 0;
            if (count > 0) {
                json.pair(reason.toString(), count);
            }
        }
        json.endObject();
        json.pair("faults", faults);
        backend(json, taken, closes, clock);
        json.key("backends").array();
        for (BackendState backend : backends) {
            json.object()
                    .pair("backend", backend.backend())
                    .pair("state", backend.drained() ? "drained" : backend.up() ? "up" : "down")
                    .pair("why", backend.why())
                    .pair("active", backend.live())
                    .pair("weight", backend.weight())
                    .pair("backup", backend.backup())
                    .endObject();
        }
        json.endArray().endObject();
    }

    /** How the backend was when it was last needed. */
    private static void backend(JsonWriter json, RouteTotals taken, @Nullable Closes closes, InstantSource clock) {
        CloseReason fault = closes == null ? null : closes.lastFault();
        boolean connected = taken.connected() > 0;
        boolean fails =
                fault != null && closes != null && (!connected || closes.lastFaultAt() - taken.lastConnected() > 0);
        json.key("backend")
                .object()
                .pair("state", fails ? "failing" : connected ? "up" : "unknown")
                .pair("last_connected", connected ? time(taken.lastConnected(), clock) : null)
                .pair("last_fault", fault == null || closes == null ? null : time(closes.lastFaultAt(), clock))
                .pair("fault", fault == null ? null : fault.toString())
                .endObject();
    }

    /** The time of day at {@code nanos}, which {@link System#nanoTime} has shown. */
    private static String time(long nanos, InstantSource clock) {
        return Answer.time(clock.instant().minusNanos(System.nanoTime() - nanos));
    }
}
