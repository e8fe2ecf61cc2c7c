package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.Backend;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import dev.portshare.session.BackendState;
import dev.portshare.session.Timeouts;
import dev.portshare.tls.ClientContexts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ways of all routes that lead to a backend. */
public final class Ways {
    private final Map<String, Way> ways = new HashMap<>();

    /**
     * Those of {@code routes}.
     *
     * @param shared what ways have in common; null: no route has a source, a journal or several backends
     */
    public Ways(List<Route> routes, Timeouts timeouts, @Nullable Shared shared) {
        for (Route route : routes) {
            if (route.to() instanceof Target.Forward forward) {
                ways.put(
                        route.name(),
                        new Way(
                                forward,
                                shared == null ? null : shared.group(route, forward),
                                route.proxyProtocol(),
                                shared == null ? null : shared.origin(route),
                                shared == null ? null : shared.journal(route),
                                route.idle(),
                                route.beginning() == null ? null : new ClientContexts(route.beginning()),
                                timeouts.connect(),
                                timeouts.lost()));
            }
        }
    }

    /** The way of {@code route}, which is one of those that this was made of and leads to a backend. */
    public Way of(Route route) {
        return Objects.requireNonNull(ways.get(route.name()), "a route to a backend");
    }

    /** The way of the route with this name; null: there is none. */
    public @Nullable Way named(@Nullable String route) {
        return route == null ? null : ways.get(route);
    }

    /** Those that choose among several backends. */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (Way way : ways.values()) {
            if (way.group() != null) {
                groups.add(way.group());
            }
        }
        return groups;
    }

    /** How the backends of {@code route} are, where it has several; none otherwise. */
    public List<BackendState> states(String route) {
        Way way = ways.get(route);
        return way == null || way.group() == null ? List.of() : way.group().states();
    }

    /** All of them. */
    public Collection<Way> all() {
        return ways.values();
    }

    /** Begins to look up the names of all backends, so that their first connections need not wait for that. */
    public void lookUp(Resolver resolver) {
        for (Way way : all()) {
            for (Backend backend : way.to().backends()) {
                resolver.prepare(backend);
            }
        }
    }

    /** New connections go these ways: the configuration is in force. */
    public void inForce() {
        for (Way way : all()) {
            if (way.origin() != null) {
                way.origin().inForce();
            }
        }
    }

    /** Goes on with a connection to a backend that another process made, for the route that bears the same name here; on its event loop. */
    public void adopt(Connection connection, @Nullable String route) {
        Way way = named(route);
        if (way != null && way.origin() != null) {
            way.origin().adopt(connection);
        }
        if (way != null && way.group() != null) {
            way.group().adopt(connection);
        }
        BackendJournal journal = way == null ? null : way.journal();
        if (journal == null ? isInJournal(connection) : journal.adopt(connection) || isInJournal(connection)) {
            return;
        }
        if (journal != null) {
            var _ = journal.write(connection);
        }
    }

    /** Whether another route's journal has it: its own may have had another name, or another journal. */
    private boolean isInJournal(Connection connection) {
        for (Way way : ways.values()) {
            if (way.journal() != null && way.journal().adopt(connection)) {
                return true;
            }
        }
        return false;
    }

    /** Removes from the journals what earlier processes left there, once those of their connections that go on were {@link #adopt adopted}. */
    public void sweep() {
        for (Way way : ways.values()) {
            if (way.journal() != null) {
                way.journal().directory().sweep();
            }
        }
    }
}
