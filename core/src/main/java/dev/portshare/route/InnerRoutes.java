package dev.portshare.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes that decide on what is inside of TLS. What they ask of the handshake is decided when that is done; those that are left then
 * are a table like any other, and ask the first bytes alone.
 */
public final class InnerRoutes {
    /** So many tables are kept: the client chooses among them, by the server that it asks for and what it offers. */
    private static final int MOST_TABLES = 1000;

    private final List<Route> routes;
    private final List<HandshakeTerms> terms;
    /** Under the places of their routes. */
    private final Map<List<Integer>, RouteTable> tables = new ConcurrentHashMap<>();

    /**
     * Of {@code routes}, in their order.
     *
     * @param terms what each asks of the handshake
     */
    public InnerRoutes(List<Route> routes, List<HandshakeTerms> terms) {
        this.routes = List.copyOf(routes);
        this.terms = List.copyOf(terms);
    }

    /** All of them. */
    public List<Route> routes() {
        return routes;
    }

    /** Those that {@code handshake} leaves. */
    public RouteTable table(Handshake handshake) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            if (terms.get(i).hold(handshake)) {
                left.add(i);
            }
        }
        RouteTable table = tables.get(left);
        if (table == null) {
            table = new RouteTable(left.stream().map(routes::get).toList());
            if (tables.size() < MOST_TABLES) {
                tables.put(left, table);
            }
        }
        return table;
    }
}
