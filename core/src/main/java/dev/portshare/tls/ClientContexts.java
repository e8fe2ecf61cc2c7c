package dev.portshare.tls;

import dev.portshare.route.Backend;
import dev.portshare.route.BackendTls;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Begins TLS to a route's backends. */
public final class ClientContexts {
    private static final String NONE = "";

    private final BackendTls how;
    /** Under what they offer by ALPN: only what the route offers its clients, so they are few. */
    private final Map<String, ClientContext> contexts = new ConcurrentHashMap<>();

    /** As {@code how} says. */
    public ClientContexts(BackendTls how) {
        this.how = how;
        contexts.put(NONE, new ClientContext(how, null));
    }

    /**
     * One end of a connection to {@code backend}.
     *
     * @param applicationProtocol what client and portshare have chosen, and the backend is to speak as well; null: nothing
     */
    public TlsEngine engine(Backend backend, @Nullable String applicationProtocol) {
        ClientContext context = applicationProtocol == null
                ? contexts.get(NONE)
                : contexts.computeIfAbsent(applicationProtocol, name -> new ClientContext(how, name));
        return Objects.requireNonNull(context).engine(how.nameOf(backend));
    }
}
