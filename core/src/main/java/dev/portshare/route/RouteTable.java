package dev.portshare.route;

import dev.portshare.detect.Possibility;
import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The routes in the order in which they are asked. Immutable. */
public final class RouteTable {
    private final List<Route> routes;
    private final NameIndex index;
    private final Set<String> namedProtocols;
    private final Foregone foregone;
    /** Of the routes that do not serve everybody, under their names. */
    private final Map<String, AccessList> clients = new HashMap<>();

    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        namedProtocols =
                routes.stream().flatMap(route -> route.when().namedProtocols()).collect(Collectors.toSet());
        index = new NameIndex(routes);
        foregone = new Foregone(this);
        for (Route route : Route.all(routes)) {
            if (route.clients() != null) {
                clients.put(route.name(), route.clients());
            }
        }
    }

    public List<Route> routes() {
        return routes;
    }

    /** The first route whose condition holds; null: none does. */
    public @Nullable Route decide(Facts facts) {
        int first = place(facts);
        return first == routes.size() ? null : routes.get(first);
    }

    /** The place of the first route whose condition holds; behind the last one: none does. */
    int place(Facts facts) {
        int first = firstThatHolds(index.byName(facts.serverName(), facts.host()), facts, routes.size());
        // Only now: a regex takes long, and a route found above may stand in front of all that have one.
        first = firstThatHolds(index.byServerNameRegex(facts.serverName(), first), facts, first);
        return firstThatHolds(index.byHostRegex(facts.host(), first), facts, first);
    }

    /**
     * What {@link #decide} will say of a client whose head is not decided yet, whichever of {@code possibilities} it turns out to be;
     * null where that depends.
     *
     * @param open as {@link Facts} have it
     */
    public @Nullable Outcome foregone(
            List<Possibility> possibilities, @Nullable Endpoint client, String listener, List<String> open) {
        return foregone.of(possibilities, client, listener, open);
    }

    /** The least place of {@code lists} whose condition holds, its names being met; {@code before} where none before that does. */
    private int firstThatHolds(List<List<Integer>> lists, Facts facts, int before) {
        int first = before;
        for (int i = 0; i < lists.size(); i++) { // iterators, here and below, would be a quarter of what is allocated
            first = firstOf(lists.get(i), facts, first);
        }
        return first;
    }

    private int firstOf(List<Integer> places, Facts facts, int before) {
        for (int i = 0; i < places.size(); i++) {
            int place = places.get(i);
            if (place >= before) {
                return before;
            }
            if (routes.get(place).when().holdsButForNames(facts)) {
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

    /** Whether a route may turn away who comes to it. */
    public boolean denySome() {
        return !clients.isEmpty();
    }

    /** Whether the route called {@code name} turns {@code client} away; null: none, or a client without an address. */
    public boolean denies(@Nullable String name, @Nullable Endpoint client) {
        AccessList list = name == null ? null : clients.get(name);
        return list != null && list.denies(client);
    }

    /** Whether a route asks for {@code protocol} by name, other than to exclude it. */
    public boolean names(String protocol) {
        return namedProtocols.contains(protocol);
    }
}
