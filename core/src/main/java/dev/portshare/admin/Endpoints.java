package dev.portshare.admin;

import dev.portshare.telemetry.LiveTable;
import dev.portshare.telemetry.LiveTable.Order;
import dev.portshare.telemetry.Totals;
import dev.portshare.telemetry.Whose;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is answered under each path, and done. docs/admin.md lists them. */
final class Endpoints {
    private static final String CONNECTIONS = "/api/connections";
    /** Besides those of connections: what there is, whatever the method. */
    private static final Set<String> PATHS = Set.of(
            "/",
            "/metrics",
            "/healthz",
            "/readyz",
            "/api/status",
            "/api/routes",
            "/api/history",
            "/api/who",
            "/api/reload",
            "/api/drain");
    /** How many connections of one address are told of. */
    private static final int MOST_FOUND = 1000;
    /** How long an event loop may be busy before the program counts as ill. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Instance instance;
    private final Recorder recorder;
    private final InstantSource clock;
    private final LiveTable live;

    Endpoints(Instance instance, Recorder recorder, InstantSource clock) {
        this.instance = instance;
        this.recorder = recorder;
        this.clock = clock;
        this.live = new LiveTable(instance.telemetry());
    }

    /** Whether {@code method} only asks. */
    static boolean isSafe(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** Answers, at once or later, on any thread. */
    CompletableFuture<Answer> answer(HttpMethod method, String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        String path = decoder.path();
        CompletableFuture<Answer> answer = isSafe(method)
                ? asked(path, decoder.parameters())
                : told(method.name() + " " + path, decoder.parameters());
        if (answer != null) {
            return answer;
        }
        return PATHS.contains(path) || path.startsWith(CONNECTIONS)
                ? now(Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, method + " is not for " + path))
                : now(Answer.text(HttpResponseStatus.NOT_FOUND, "nothing at " + path + "; see / or docs/admin.md"));
    }

    private @Nullable CompletableFuture<Answer> asked(String path, Map<String, List<String>> parameters) {
        return switch (path) {
            case "/" -> now(StatusPage.answer());
            case "/metrics" ->
                totals(totals -> new Answer(
                        HttpResponseStatus.OK,
                        PrometheusText.TYPE,
                        Metrics.of(instance, totals, recorder.lags().longest())));
            case "/healthz" -> healthy();
            case "/readyz" ->
                now(
                        instance.isReady()
                                ? Answer.text(HttpResponseStatus.OK, "ready")
                                : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "draining"));
            case "/api/status" -> totals(totals -> Answer.json(StatusReport.of(instance, totals, recorder)));
            case "/api/routes" -> totals(totals -> Answer.json(RouteReport.of(instance, totals, clock)));
            case "/api/history" ->
                now(Answer.json(StatusReport.history(recorder, number(parameters, "last", 720), clock)));
            case CONNECTIONS -> connections(parameters);
            case "/api/who" -> who(text(parameters, "address"));
            default -> null;
        };
    }

    private @Nullable CompletableFuture<Answer> told(String request, Map<String, List<String>> parameters) {
        if (request.equals("POST /api/reload")) {
            return CompletableFuture.supplyAsync(
                    this::reload, Thread.ofPlatform().daemon().name("reload")::start);
        }
        if (request.equals("POST /api/drain") && parameters.containsKey("backend")) {
            return now(
                    drain(text(parameters, "backend"), text(parameters, "undo").equals("true")));
        }
        if (request.equals("POST /api/drain")) {
            instance.drain();
            return now(Answer.text(HttpResponseStatus.ACCEPTED, "draining"));
        }
        String kill = "DELETE " + CONNECTIONS + "/";
        if (request.startsWith(kill) && request.substring(kill.length()).matches("[0-9]{1,18}")) {
            long id = Long.parseLong(request.substring(kill.length()));
            return instance.telemetry()
                    .kill(id)
                    .thenApply(found -> found
                            ? Answer.text(HttpResponseStatus.OK, "closed")
                            : Answer.text(HttpResponseStatus.NOT_FOUND, "no connection " + id + " any more"));
        }
        return null;
    }

    private Answer drain(String backend, boolean undo) {
        try {
            return Answer.text(HttpResponseStatus.OK, instance.drain(backend, undo));
        } catch (IOException e) {
            return Answer.text(HttpResponseStatus.CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    private Answer reload() {
        Instance.Reloaded result = instance.reload();
        JsonWriter json = new JsonWriter()
                .object()
                .pair("summary", result.summary())
                .key("problems")
                .values(result.problems())
                .key("warnings")
                .values(result.warnings())
                .endObject();
        return Answer.json(
                result.problems().isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.UNPROCESSABLE_ENTITY, json);
    }

    private CompletableFuture<Answer> totals(Function<Totals, Answer> report) {
        // Not on the event loop that told its counters last.
        return instance.telemetry().totals().thenApplyAsync(report, recorder);
    }

    private CompletableFuture<Answer> healthy() {
        return totals(_ -> Answer.text(HttpResponseStatus.OK, "ok"))
                .completeOnTimeout(
                        Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "an event loop does not answer"),
                        PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Answer> connections(Map<String, List<String>> parameters) {
        LiveTable.Query query;
        try {
            query = new LiveTable.Query(
                    text(parameters, "q"),
                    text(parameters, "route"),
                    order(text(parameters, "sort")),
                    number(parameters, "offset", 0),
                    number(parameters, "limit", 100),
                    number(parameters, "talkers", 0));
        } catch (IllegalArgumentException e) {
            return now(Answer.text(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
        return live.list(query).thenApplyAsync(listing -> Answer.json(LiveReport.of(listing)), recorder);
    }

    private CompletableFuture<Answer> who(String text) {
        WhoAddress address = WhoAddress.parse(text);
        return Whose.find(instance.telemetry(), address.endpoint(), address.hasPort(), MOST_FOUND)
                .thenApplyAsync(listing -> Answer.json(WhoReport.of(address, instance.mapped(), listing)), recorder);
    }

    private static Order order(String word) {
        return Arrays.stream(Order.values())
                .filter(order -> word(order).equals(word.isEmpty() ? word(Order.RATE) : word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no order \"" + word + "\"; write one of "
                        + Arrays.stream(Order.values()).map(Endpoints::word).collect(Collectors.joining(", "))));
    }

    private static String word(Order order) {
        return order.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of("")).getFirst();
    }

    private static int number(Map<String, List<String>> parameters, String name, int otherwise) {
        String text = text(parameters, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(name + "=" + text + ": write a number");
        }
        return Integer.parseInt(text);
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
