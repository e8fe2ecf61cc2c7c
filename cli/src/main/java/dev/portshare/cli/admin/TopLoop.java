package dev.portshare.cli.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code portshare top}: asks once a second, draws, and obeys keys at once. */
public final class TopLoop {
    private static final int SECOND = 1000;

    private final ControlClient instance;
    private final InstantSource clock;
    private final TopView view = new TopView();
    private Map<String, Report> routesBefore = new HashMap<>();
    private long routesAt;

    public TopLoop(ControlClient instance, InstantSource clock) {
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * Runs until it is told to quit.
     *
     * @throws IOException where the program did not answer at all, or there is no terminal
     */
    public void run() throws IOException {
        // Before the terminal is taken over: who does not answer is to be told of plainly.
        TopScreen.Data data = ask(new Terminal.Size(24, 80));
        try (Terminal terminal = Terminal.open()) {
            Terminal.Size size = terminal.size();
            data = ask(size);
            while (true) {
                terminal.show(TopScreen.draw(view, data, size));
                Key key = terminal.key(SECOND);
                if (key != null) {
                    if (!obey(key, data, size)) {
                        return;
                    }
                    size = terminal.size();
                }
                data = next(data, size, key != null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False: it is over. */
    private boolean obey(Key key, TopScreen.Data data, Terminal.Size size) {
        Report connections = data.connections();
        TopView.Action action = view.press(
                key,
                connections.objects("connections"),
                size.rows() - TopScreen.OTHER_LINES,
                connections.number("matching"));
        if (action == TopView.Action.KILL) {
            kill();
        }
        return action != TopView.Action.QUIT;
    }

    private void kill() {
        long id = view.asksToKill();
        view.killed();
        try {
            ControlClient.Answer answer = instance.ask("DELETE", "/api/connections/" + id);
            view.say(answer.status() == 200 ? "ended " + id : answer.body().strip());
        } catch (IOException e) {
            view.say(firstLine(e));
        }
    }

    private TopScreen.Data next(TopScreen.Data data, Terminal.Size size, boolean pressed) {
        if (view.isPaused() && !pressed) {
            return data;
        }
        try {
            return ask(size);
        } catch (IOException e) {
            view.say(firstLine(e));
            return data;
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no answer");
    }

    private TopScreen.Data ask(Terminal.Size size) throws IOException {
        Report status = instance.get("/api/status");
        int rows = Math.max(1, size.rows() - TopScreen.OTHER_LINES);
        String filter = URLEncoder.encode(view.filter(), StandardCharsets.UTF_8);
        Report connections = instance.get("/api/connections?limit=" + rows + "&offset="
                + Math.min(view.offset(), 10_000 - rows) + "&sort=" + view.order() + "&q=" + filter);
        return new TopScreen.Data(status, connections, view.showsRoutes() ? routes() : List.of(), clock.instant());
    }

    private List<TopScreen.RouteRate> routes() throws IOException {
        List<TopScreen.RouteRate> rates = new ArrayList<>();
        Map<String, Report> routes = new HashMap<>();
        long now = System.nanoTime();
        double seconds = (now - routesAt) / 1e9;
        for (Report route : instance.get("/api/routes").objects("routes")) {
            Report before = routesBefore.get(route.text("name"));
            rates.add(new TopScreen.RouteRate(
                    route, rate("in", route, before, seconds), rate("out", route, before, seconds)));
            routes.put(route.text("name"), route);
        }
        routesBefore = routes;
        routesAt = now;
        return rates;
    }

    private static double rate(String key, Report route, @Nullable Report before, double seconds) {
        return before == null ? 0 : Math.max(0, route.number(key) - before.number(key)) / seconds;
    }
}
