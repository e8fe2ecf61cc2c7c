package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the facts, and where a connection that meets them goes.
 *
 * @param name          unique in its table; what the log calls it
 * @param proxyProtocol how the backend is told whose connection it gets; null: not at all
 * @param source        which address the backend sees it come from; null: what the kernel chooses
 * @param journal       where a file tells whose connection it is; null: nowhere
 * @param clients       who gets there, of those that it takes; the others are turned away; null: everybody
 * @param idle          how long a connection may move no byte either way, zero for ever; null: as long as the clocks say
 * @param ending        how its clients' TLS is ended; it takes clients of TLS alone then; null: it is not
 * @param beginning     how its backend is reached by TLS; null: it is not
 */
public record Route(
        String name,
        Condition when,
        Target to,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable Source source,
        @Nullable Journal journal,
        @Nullable AccessList clients,
        @Nullable Duration idle,
        @Nullable Termination ending,
        @Nullable BackendTls beginning) {
    /** A route whose backend is told nothing. */
    public Route(String name, Condition when, Target to) {
        this(name, when, to, null, null, null, null, null, null, null);
    }

    /** This, for those alone who have knocked for one of {@code gates}. */
    public Route behind(List<String> gates) {
        return new Route(
                name, when.withGates(gates), to, proxyProtocol, source, journal, clients, idle, ending, beginning);
    }

    /** Whether it turns {@code client} away, whom it takes; null: one without an address. */
    public boolean denies(@Nullable Endpoint client) {
        return clients != null && clients.denies(client);
    }

    /** Whether it is wanted to be known what a TLS client asks for: its backend is told, or its TLS is ended. */
    boolean tellsOfTls() {
        return ending != null || proxyProtocol != null && proxyProtocol != ProxyProtocol.V1;
    }

    /** Whether one of {@code routes} ends TLS. */
    public static boolean endTls(List<Route> routes) {
        for (Route route : routes) {
            if (route.ending != null) {
                return true;
            }
        }
        return false;
    }

    /** {@code routes}, and behind each those that decide on what is inside of its TLS. */
    public static List<Route> all(List<Route> routes) {
        for (Route route : routes) {
            if (!route.to.inner().isEmpty()) {
                return flat(routes);
            }
        }
        return routes;
    }

    private static List<Route> flat(List<Route> routes) {
        List<Route> all = new ArrayList<>();
        for (Route route : routes) {
            all.add(route);
            all.addAll(route.to.inner());
        }
        return all;
    }
}
