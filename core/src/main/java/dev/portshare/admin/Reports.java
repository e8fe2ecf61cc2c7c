package dev.portshare.admin;

import dev.portshare.route.Route;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Escaped;
import dev.portshare.session.LiveConnection;
import dev.portshare.session.RouteTotals;
import dev.portshare.telemetry.Closes;
import dev.portshare.telemetry.History;
import dev.portshare.telemetry.LiveTable;
import dev.portshare.telemetry.Totals;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The reports under {@code /api/}, in JSON. Keys are those of the log where it has them. docs/admin.md explains each. */
final class Reports {
    private Reports() {}

    static JsonWriter status(Instance instance, Totals totals, Recorder recorder) {
        JsonWriter json = new JsonWriter().object();
        json.pair("version", instance.version())
                .pair("java", Runtime.version().toString())
                .pair("pid", ProcessHandle.current().pid())
                .pair("started", time(ProcessFigures.start()))
                .pair("state", instance.isReady() ? "serving" : "draining")
                .key("listening")
                .values(instance.addresses())
                .pair("routes", instance.routes().size());
        json.key("connections")
                .object()
                .pair("active", totals.active())
                .pair("undecided", totals.undecided())
                .pair("accepted", totals.accepted())
                .pair("closed", totals.closed())
                .pair("refused", totals.refused())
                .endObject();
        json.pair("in", totals.in()).pair("out", totals.out());
        json.key("per_second").object();
        double step = History.STEP.toSeconds();
        for (History.Series series : History.Series.values()) {
            long[] last = recorder.history().values(series, 1);
            if (series != History.Series.ACTIVE) {
                json.pair(word(series), last.length == 0 ? 0 : last[0] / step);
            }
        }
        json.endObject();
        json.key("close").object();
        for (CloseReason reason : CloseReason.values()) {
            json.pair(reason.toString(), totals.closed(reason));
        }
        json.endObject();
        json.key("refusals").array();
        for (CloseReason reason : CloseReason.values()) {
            if (reason.isRefusal()) {
                json.value(reason.toString());
            }
        }
        json.endArray();
        process(json, recorder);
        Reloads reloads = instance.reloads();
        json.key("reloads")
                .object()
                .pair("succeeded", reloads.succeeded())
                .pair("failed", reloads.failed())
                .pair("last_failed", reloads.lastFailed())
                .pair("in_force_since", time(reloads.lastSuccess()))
                .endObject();
        return json.pair("log_lines_dropped", instance.droppedLines()).endObject();
    }

    private static void process(JsonWriter json, Recorder recorder) {
        ProcessFigures process = ProcessFigures.now();
        json.key("process")
                .object()
                .pair("cpu_seconds", process.cpuSeconds())
                .pair("resident", process.resident())
                .pair("heap_used", process.heapUsed())
                .pair("heap_limit", process.heapLimit())
                .pair("direct", process.direct())
                .pair("direct_limit", process.directLimit())
                .pair("open_files", process.openFiles())
                .pair("open_files_limit", process.openLimit())
                .endObject();
        json.key("loops").array();
        for (long nanos : recorder.lags().longest()) {
            json.object().pair("lag_ms", nanos / 1e6).endObject();
        }
        json.endArray();
    }

    /** The routes in force in their order, then those that are not any more. */
    static JsonWriter routes(Instance instance, Totals totals, InstantSource clock) {
        JsonWriter json = new JsonWriter().object().key("routes").array();
        Set<String> gone = new LinkedHashSet<>(totals.routes().keySet());
        for (Route route : instance.routes()) {
            gone.remove(route.name());
            route(json, route.name(), route, totals, clock);
        }
        for (String name : gone) {
            route(json, name, null, totals, clock);
        }
        return json.endArray().endObject();
    }

    private static void route(JsonWriter json, String name, @Nullable Route route, Totals totals, InstantSource clock) {
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
        json.endObject();
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

    static JsonWriter connections(LiveTable.Listing listing) {
        JsonWriter json = new JsonWriter()
                .object()
                .pair("active", listing.live())
                .pair("matching", listing.matching())
                .key("connections")
                .array();
        for (LiveTable.Row row : listing.rows()) {
            LiveConnection connection = row.connection();
            json.object()
                    .pair("id", connection.id())
                    .pair(
                            "src",
                            connection.client() == null
                                    ? null
                                    : connection.client().toString())
                    .pair("listener", connection.listener())
                    .pair("proto", connection.protocol())
                    .pair("sni", connection.serverName() == null ? null : Escaped.of(connection.serverName()))
                    .key("alpn")
                    .array();
            for (String name : connection.applicationProtocols()) {
                json.value(Escaped.of(name));
            }
            json.endArray()
                    .pair("route", connection.route())
                    .pair("backend", connection.backend())
                    .pair(
                            "state",
                            connection.protocol() == null ? "head" : connection.connected() ? "open" : "connecting")
                    .pair("in", connection.in())
                    .pair("out", connection.out())
                    .pair("in_per_second", row.inRate())
                    .pair("out_per_second", row.outRate())
                    .pair("ms", connection.nanos() / 1_000_000)
                    .endObject();
        }
        json.endArray().key("talkers").array();
        for (LiveTable.Talker talker : listing.talkers()) {
            json.object()
                    .pair("src", talker.client())
                    .pair("connections", talker.connections())
                    .pair("per_second", talker.rate())
                    .pair("bytes", talker.bytes())
                    .endObject();
        }
        return json.endArray().endObject();
    }

    static JsonWriter history(Recorder recorder, int last, InstantSource clock) {
        History history = recorder.history();
        JsonWriter json = new JsonWriter()
                .object()
                .pair("step_seconds", History.STEP.toSeconds())
                .pair("length", History.LENGTH)
                .pair("count", history.count())
                .pair("now", time(clock.instant()));
        for (History.Series series : History.Series.values()) {
            json.key(word(series)).values(history.values(series, last));
        }
        return json.endObject();
    }

    private static String word(History.Series series) {
        return series.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The time of day at {@code nanos}, which {@link System#nanoTime} has shown. */
    private static String time(long nanos, InstantSource clock) {
        return time(clock.instant().minusNanos(System.nanoTime() - nanos));
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
