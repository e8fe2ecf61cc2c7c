package dev.portshare.tls;

import dev.portshare.route.Route;
import dev.portshare.route.Termination;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Those of all routes that end TLS. What a reload leaves as it was keeps its sessions: clients resume them. */
public final class ServerContexts {
    private final Map<Termination, ServerContext> contexts = new HashMap<>();

    /**
     * Those of {@code routes}.
     *
     * @param before what was in force; null: nothing
     */
    public ServerContexts(List<Route> routes, @Nullable ServerContexts before) {
        for (Route route : routes) {
            Termination ending = route.ending();
            if (ending != null && !contexts.containsKey(ending)) {
                ServerContext known = before == null ? null : before.contexts.get(ending);
                contexts.put(ending, known == null ? new ServerContext(ending) : known);
            }
        }
    }

    /** That of a route that ends TLS as {@code ending} says. */
    public ServerContext of(Termination ending) {
        return Objects.requireNonNull(contexts.get(ending), "a route's");
    }
}
