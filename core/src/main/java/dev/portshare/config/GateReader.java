package dev.portshare.config;

import dev.portshare.listen.Gate;
import dev.portshare.route.Route;
import dev.portshare.route.ServerNamePattern;
import dev.portshare.route.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads {@code gate:}. */
final class GateReader {
    static final YamlKeys KEYS = new YamlKeys(List.of("sni", "opens", "for"), Set.of());

    private final List<String> routes;
    /** Where each name stands. */
    private final Map<String, YamlValue> names = new HashMap<>();

    private final List<Gate> gates = new ArrayList<>();

    private GateReader(List<String> routes) {
        this.routes = routes;
    }

    /** The one gate or the list of them, without those that are a problem, of which each opens some of {@code routes}. */
    static List<Gate> read(YamlValue value, List<Route> routes) {
        GateReader reader = new GateReader(routes.stream()
                .filter(route -> route.to() instanceof Target.Forward)
                .map(Route::name)
                .toList());
        boolean isAlone = value.node() instanceof MappingNode;
        for (YamlValue entry : isAlone ? List.of(value) : value.list("a gate or a list of them")) {
            reader.gate(entry);
        }
        return reader.gates;
    }

    /** {@code routes}, of which those that {@code gates} open are shut to all others. */
    static List<Route> behind(List<Gate> gates, List<Route> routes) {
        List<Route> behind = new ArrayList<>();
        for (Route route : routes) {
            List<String> names = gates.stream()
                    .filter(gate -> gate.routes().contains(route.name()))
                    .map(Gate::serverName)
                    .toList();
            behind.add(names.isEmpty() ? route : route.behind(names));
        }
        return behind;
    }

    private void gate(YamlValue entry) {
        YamlFields fields = entry.fields("a gate such as {sni: knock-5f2c9a.example.org, opens: ssh, for: 10m}", KEYS);
        if (fields == null) {
            return;
        }
        YamlValue sni =
                fields.require("sni", "write a name that nobody guesses, such as sni: knock-5f2c9a.example.org");
        YamlValue opens = fields.require("opens", "write the name of a route, such as opens: ssh");
        YamlValue time = fields.require("for", "write how long a knock opens it, such as for: 10m");
        String name = sni == null ? null : sni.read("a server name", GateReader::exact);
        List<String> opened = opens == null ? List.of() : opens.readEach("the name of a route", this::route);
        Duration duration = time == null ? null : time.read("a duration such as 10m", Durations::parsePositive);
        YamlValue first = sni == null || name == null ? null : names.putIfAbsent(name, sni);
        if (sni != null && first != null) {
            sni.problem("another gate has this name, in line " + first.line()
                    + "; write one gate, and list in \"opens\" all that it opens");
        }
        if (name != null && !opened.isEmpty() && duration != null) {
            gates.add(new Gate(name, opened.stream().distinct().toList(), duration));
        }
    }

    private static String exact(String word) {
        if (ServerNamePattern.parse(word) instanceof ServerNamePattern.Exact(String name)) {
            return name;
        }
        throw new IllegalArgumentException("\"" + word
                + "\" is more than one name; write the one that is to open it, such as" + " knock-5f2c9a.example.org");
    }

    private String route(String word) {
        if (!routes.contains(word)) {
            throw new IllegalArgumentException("no route \"" + word + "\" that leads to a backend"
                    + (routes.isEmpty() ? "; write one" : Spelling.remedy(word, routes)));
        }
        return word;
    }
}
