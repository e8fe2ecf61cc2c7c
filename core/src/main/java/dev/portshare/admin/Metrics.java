package dev.portshare.admin;

import dev.portshare.route.Route;
import dev.portshare.session.BackendState;
import dev.portshare.session.MappedAddresses;
import dev.portshare.session.RouteTotals;
import dev.portshare.telemetry.Closes;
import dev.portshare.telemetry.Counters;
import dev.portshare.telemetry.Totals;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that is counted, for Prometheus. docs/admin.md lists it. */
final class Metrics {
    private static final String ROUTE = "route";
    private static final String PROTOCOL = "protocol";

    private final PrometheusText text = new PrometheusText();

    private Metrics() {}

    /** The page at {@code /metrics}. */
    static String of(Instance instance, Totals totals, long[] lags) {
        Metrics metrics = new Metrics();
        metrics.program(instance);
        metrics.connections(totals);
        metrics.backends(instance);
        metrics.mapped(instance.mapped());
        metrics.times(totals);
        metrics.process(lags);
        return metrics.text.text();
    }

    private void program(Instance instance) {
        text.gauge("build_info", "The version of portshare, and of the Java that it runs on.")
                .sample(
                        1,
                        "version",
                        instance.version(),
                        "java",
                        Runtime.version().toString());
        text.gauge("start_time_seconds", "When the process started, in seconds since 1970.")
                .sample(seconds(ProcessFigures.start()));
        text.gauge("ready", "Whether new connections are taken: 0 while it drains.")
                .sample(instance.isReady() ? 1 : 0);
        Reloads reloads = instance.reloads();
        text.counter("config_reloads_total", "Reloads of the route file that took effect.")
                .sample(reloads.succeeded());
        text.counter("config_reload_failures_total", "Reloads of the route file that were refused.")
                .sample(reloads.failed());
        text.gauge("config_last_reload_successful", "Whether the last reload took effect, or there was none.")
                .sample(reloads.lastFailed() ? 0 : 1);
        text.gauge(
                        "config_last_success_timestamp_seconds",
                        "When the configuration in force was read, in seconds since 1970.")
                .sample(seconds(reloads.lastSuccess()));
        text.counter(
                        "log_lines_dropped_total",
                        "Lines of the log that were dropped or lost: nobody took them, or the disk was full.")
                .sample(instance.droppedLines());
    }

    private void connections(Totals totals) {
        text.counter("connections_accepted_total", "Connections accepted.").sample(totals.accepted());
        text.gauge("connections_active", "Connections that live, by route; \"-\": not decided yet.");
        totals.routes().keySet().forEach(route -> text.sample(totals.active(route), ROUTE, route));
        text.sample(totals.undecided(), ROUTE, Counters.NONE);
        text.counter("connections_routed_total", "Connections that a route took.");
        totals.routes().values().forEach(route -> text.sample(route.taken(), ROUTE, route.route()));
        text.counter("connections_closed_total", "Connections that have ended, by route, protocol and close reason.");
        for (var ofRoute : new TreeMap<>(totals.ended().byRoute()).entrySet()) {
            for (var ofProtocol : new TreeMap<>(ofRoute.getValue().byProtocol()).entrySet()) {
                ofProtocol
                        .getValue()
                        .forEach((close, count) -> text.sample(
                                count,
                                ROUTE,
                                ofRoute.getKey(),
                                PROTOCOL,
                                ofProtocol.getKey(),
                                "close",
                                close.toString()));
            }
        }
        text.counter("in_bytes_total", "Bytes from clients to backends, those of live connections included.");
        for (RouteTotals route : totals.routes().values()) {
            text.sample(route.in(), ROUTE, route.route());
        }
        text.counter("out_bytes_total", "Bytes from backends to clients, those of live connections included.");
        for (RouteTotals route : totals.routes().values()) {
            text.sample(route.out(), ROUTE, route.route());
        }
    }

    private void backends(Instance instance) {
        Map<String, List<BackendState>> byRoute = new LinkedHashMap<>();
        for (Route route : instance.routes()) {
            List<BackendState> backends = instance.backends(route.name());
            if (!backends.isEmpty()) {
                byRoute.put(route.name(), backends);
            }
        }
        text.gauge("route_backends", "Backends of a route that has several.");
        byRoute.forEach((route, backends) -> text.sample(backends.size(), ROUTE, route));
        text.gauge("route_backends_up", "Those of them that get new connections: neither down nor drained.");
        byRoute.forEach((route, backends) ->
                text.sample(backends.stream().filter(BackendState::takes).count(), ROUTE, route));
    }

    private void mapped(@Nullable MappedAddresses addresses) {
        MappedAddresses.Counts counts = addresses == null ? new MappedAddresses.Counts(0, 0, 0) : addresses.counts();
        text.gauge("mapped_addresses_in_use", "Addresses that stand for clients with connections (source: mapped).")
                .sample(counts.inUse());
        text.gauge("mapped_addresses_idle", "Addresses that are remembered for clients without connections.")
                .sample(counts.idle());
        text.counter("mapped_shared_total", "Connections that got the shared address, since no other was free.")
                .sample(counts.shared());
    }

    private void times(Totals totals) {
        Counters ended = totals.ended();
        text.histogram("head_seconds", "From accept until it was decided what a connection is; of those that ended.");
        ended.heads().forEach((protocol, heads) -> text.sample(heads, PROTOCOL, protocol));
        text.histogram("connect_seconds", "From then until the backend had accepted; of connections that ended.");
        for (var ofRoute : new TreeMap<>(ended.byRoute()).entrySet()) {
            Closes closes = ofRoute.getValue();
            if (closes.connect().count() > 0) {
                text.sample(closes.connect(), ROUTE, ofRoute.getKey());
            }
        }
        text.histogram("duration_seconds", "From accept to the end of a connection.");
        ended.durations().forEach((protocol, durations) -> text.sample(durations, PROTOCOL, protocol));
    }

    private void process(long[] lags) {
        text.gauge(
                "event_loop_lag_seconds", "The longest that a task had to wait for an event loop in the last minute.");
        for (int i = 0; i < lags.length; i++) {
            text.sample(lags[i] / 1e9, "loop", Integer.toString(i));
        }
        ProcessFigures process = ProcessFigures.now();
        text.counter("cpu_seconds_total", "Processor time.").sample(process.cpuSeconds());
        text.gauge("resident_memory_bytes", "Memory that the process takes up.").known(process.resident());
        text.gauge("heap_used_bytes", "The Java heap in use, garbage included.").known(process.heapUsed());
        text.gauge("heap_size_bytes", "What the Java heap takes up.").known(process.heapSize());
        text.gauge("heap_limit_bytes", "What the Java heap may take up.").known(process.heapLimit());
        text.gauge("direct_memory_bytes", "What buffers outside of the Java heap take up.")
                .known(process.direct());
        text.gauge("direct_memory_limit_bytes", "What they may take up.").known(process.directLimit());
        text.gauge("open_files", "Open file descriptors.").known(process.openFiles());
        text.gauge("open_files_limit", "How many there may be.").known(process.openLimit());
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1e3;
    }
}
