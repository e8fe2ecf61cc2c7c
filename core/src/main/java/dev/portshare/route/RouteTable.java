package dev.portshare.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes in the order in which they are asked. Immutable.
 *
 * <p>A route that names servers without regexes stands in an index under each of its names, so that ten thousand such
 * routes cost a connection what one does. All others are asked one by one.
 */
public final class RouteTable {
    private final List<Route> routes;
    /** Under each name or wildcard the places in {@link #routes} of those that have it, ascending. */
    private final Map<ServerNamePattern, List<Integer>> byServerName = new HashMap<>();
    /** The places of the routes that are not in {@link #byServerName}, ascending. */
    private final List<Integer> others = new ArrayList<>();

    private final Set<String> namedProtocols;

    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        namedProtocols =
                routes.stream().flatMap(route -> route.when().namedProtocols()).collect(Collectors.toSet());
        for (int place = 0; place < routes.size(); place++) {
            ServerNameSet names = routes.get(place).when().serverNames();
            if (names.isEmpty() || !names.regexes().isEmpty()) {
                others.add(place);
                continue;
            }
            for (ServerNamePattern name : names.names()) {
                byServerName.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
            }
        }
    }

    public List<Route> routes() {
        return routes;
    }

    /** The first route whose condition holds; null: none does. */
    public @Nullable Route decide(Facts facts) {
        int first = routes.size();
        for (List<Integer> places : candidates(facts)) {
            first = firstThatHolds(places, facts, first);
        }
        return first == routes.size() ? null : routes.get(first);
    }

    /** The places of all the routes that could hold, in ascending lists. */
    List<List<Integer>> candidates(Facts facts) {
        List<List<Integer>> candidates = new ArrayList<>();
        if (facts.serverName() != null) {
            for (ServerNamePattern pattern : ServerNamePattern.matching(facts.serverName())) {
                List<Integer> places = byServerName.get(pattern);
                if (places != null) {
                    candidates.add(places);
                }
            }
        }
        // Last: a route found above ends the walk through them early.
        candidates.add(others);
        return candidates;
    }

    private int firstThatHolds(List<Integer> places, Facts facts, int before) {
        for (int place : places) {
            if (place >= before) {
                return before;
            }
            if (routes.get(place).when().holds(facts)) {
                return place;
            }
        }
        return before;
    }

    /** What {@link #decide} thinks of each route, in order, up to and including the one that it takes. */
    public List<Explanation> explain(Facts facts) {
        List<Explanation> explanations = new ArrayList<>();
        for (Route route : routes) {
            Explanation explanation = Explanation.of(route, facts);
            explanations.add(explanation);
            if (explanation.whyNot() == null) {
                break;
            }
        }
        return explanations;
    }

    /** Whether a route asks for {@code protocol} by name, other than to exclude it. */
    public boolean names(String protocol) {
        return namedProtocols.contains(protocol);
    }
}
