package dev.portshare.admin;

import dev.portshare.session.BackendState;
import dev.portshare.session.CloseReason;
import dev.portshare.session.MappedAddresses;
import dev.portshare.telemetry.History;
import dev.portshare.telemetry.Totals;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/status} and {@code /api/history}. Keys are those of the log where it has them; docs/admin.md explains each. */
final class StatusReport {
    private StatusReport() {}

    static JsonWriter of(Instance instance, Totals totals, Recorder recorder) {
        JsonWriter json = new JsonWriter().object();
        json.pair("version", instance.version())
                .pair("java", Runtime.version().toString())
                .pair("pid", ProcessHandle.current().pid())
                .pair("started", Answer.time(ProcessFigures.start()))
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
        backends(json.key("backends"), instance);
        mapped(json.key("mapped"), instance.mapped());
        json.key("gates").array();
        for (Map.Entry<String, Integer> gate : instance.gates().entrySet()) {
            json.object()
                    .pair("opens", gate.getKey())
                    .pair("addresses", gate.getValue())
                    .endObject();
        }
        json.endArray();
        process(json, recorder);
        Reloads reloads = instance.reloads();
        json.key("reloads")
                .object()
                .pair("succeeded", reloads.succeeded())
                .pair("failed", reloads.failed())
                .pair("last_failed", reloads.lastFailed())
                .pair("in_force_since", Answer.time(reloads.lastSuccess()))
                .endObject();
        return json.pair("log_lines_dropped", instance.droppedLines()).endObject();
    }

    /** Of routes that have several: how many get new connections. */
    private static void backends(JsonWriter json, Instance instance) {
        List<BackendState> backends = instance.routes().stream()
                .flatMap(route -> instance.backends(route.name()).stream())
                .toList();
        json.object()
                .pair("several", backends.size())
                .pair("up", backends.stream().filter(BackendState::takes).count())
                .endObject();
    }

    private static void mapped(JsonWriter json, @Nullable MappedAddresses addresses) {
        if (addresses == null) {
            json.value((String) null);
            return;
        }
        MappedAddresses.Counts counts = addresses.counts();
        json.object()
                .pair("in_use", counts.inUse())
                .pair("idle", counts.idle())
                .pair("shared", counts.shared())
                .endObject();
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

    static JsonWriter history(Recorder recorder, int last, InstantSource clock) {
        History history = recorder.history();
        JsonWriter json = new JsonWriter()
                .object()
                .pair("step_seconds", History.STEP.toSeconds())
                .pair("length", History.LENGTH)
                .pair("count", history.count())
                .pair("now", Answer.time(clock.instant()));
        for (History.Series series : History.Series.values()) {
            json.key(word(series)).values(history.values(series, last));
        }
        return json.endObject();
    }

    private static String word(History.Series series) {
        return series.name().toLowerCase(Locale.ROOT);
    }
}
