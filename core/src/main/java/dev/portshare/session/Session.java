package dev.portshare.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one live connection: the one mutable thing there is of it, confined to its event loop. It ends through
 * {@link #close} and nowhere else; the first reason wins, and one {@link ConnectionRecord} comes out.
 */
public abstract class Session {
    private static final long NEVER = Long.MIN_VALUE;

    private final long id;
    private final String listener;
    private final @Nullable Endpoint peer;
    private final ConnectionObserver observer;
    private final long accepted;
    private long decided = NEVER;
    private long connected = NEVER;
    private long in;
    private long out;
    private @Nullable String protocol;
    private @Nullable String serverName;
    private List<String> applicationProtocols = List.of();
    private @Nullable RouteTotals route;
    private @Nullable Object backend;
    private boolean closed;

    /**
     * A connection that was accepted now.
     *
     * @param listener the listening address as the configuration writes it
     * @param peer     who connected; null for a client on a {@code unix:} listener
     * @param now      {@link System#nanoTime} of the accept
     */
    protected Session(long id, String listener, @Nullable Endpoint peer, ConnectionObserver observer, long now) {
        this.id = id;
        this.listener = listener;
        this.peer = peer;
        this.observer = observer;
        this.accepted = now;
    }

    /** Lets go of every descriptor, buffer and clock; called once. */
    protected abstract void release(CloseReason reason);

    /** The address that the client connected to; null where that has none; not to be asked for after {@link #release}. */
    public abstract @Nullable Endpoint local();

    /** The address that stands for the client's towards the backend, where a route has it so; its port says nothing. */
    protected abstract @Nullable Endpoint standIn();

    /** Where the backend sees this connection come from, asked of the kernel; null where it has no backend with an address. */
    public abstract @Nullable Endpoint backendSees();

    /** {@link System#nanoTime}, or the time of this turn of the event loop. */
    public abstract long now();

    /** Where this event loop counts what {@code route} takes. */
    protected abstract RouteTotals totals(String route);

    public final String listener() {
        return listener;
    }

    /** The client: who connected, or whom a proxy that did connect speaks for; null where that is nobody with an address. */
    public @Nullable Endpoint peer() {
        return peer;
    }

    /** The server that a TLS client asks for; null where it asks for none, or that is not known. */
    public final @Nullable String serverName() {
        return serverName;
    }

    /** The ALPN names that a TLS client offers, in its order; none where that is not known. */
    public final List<String> applicationProtocols() {
        return applicationProtocols;
    }

    public final long accepted() {
        return accepted;
    }

    public final long id() {
        return id;
    }

    public final boolean isClosed() {
        return closed;
    }

    /** The head is decided: what it is. */
    public final void decided(String protocol, @Nullable String serverName, List<String> applicationProtocols) {
        recognised(protocol, serverName, applicationProtocols);
        this.decided = now();
    }

    /** What it is became known later than where it goes. */
    public final void recognised(String protocol, @Nullable String serverName, List<String> applicationProtocols) {
        this.protocol = protocol;
        this.serverName = serverName;
        this.applicationProtocols = applicationProtocols;
    }

    /** It has opened {@code what} for the address of its client, who has one. */
    public final void opened(Endpoint client, String what) {
        observer.opened(id, client, what);
    }

    /**
     * A route takes it.
     *
     * @param backend where it leads, shown by its {@code toString}; null where it is rejected
     */
    public final void routed(String route, @Nullable Object backend) {
        RouteTotals totals = totals(route);
        totals.countTaken(now());
        this.route = totals;
        this.backend = backend;
    }

    /** It leads to {@code backend}, of those where its route leads. */
    public final void towards(Object backend) {
        this.backend = backend;
    }

    /** The backend has accepted. */
    public final void connected() {
        this.connected = now();
        if (route != null) {
            route.countConnected(connected);
        }
    }

    /** Bytes have been taken from the client for the backend. */
    public final void addIn(int bytes) {
        in += bytes;
        if (route != null) {
            route.countIn(bytes);
        }
    }

    /** Bytes have been taken from the backend for the client. */
    public final void addOut(int bytes) {
        out += bytes;
        if (route != null) {
            route.countOut(bytes);
        }
    }

    /** The only exit. Later calls do nothing. */
    public final void close(CloseReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        Endpoint client = peer();
        Endpoint local = local();
        Endpoint standIn = standIn();
        try {
            release(reason);
        } finally {
            observer.closed(new ConnectionRecord(
                    id,
                    client,
                    local,
                    protocol,
                    serverName,
                    applicationProtocols,
                    routeName(),
                    backendName(),
                    standIn,
                    in,
                    out,
                    since(accepted, decided),
                    since(Math.max(accepted, decided), connected),
                    now() - accepted,
                    reason));
        }
    }

    /** All that is known of it; on its event loop. */
    public final SessionState state() {
        return new SessionState(
                listener,
                peer,
                protocol,
                serverName,
                applicationProtocols,
                routeName(),
                backendName(),
                accepted,
                decided,
                connected,
                in,
                out);
    }

    /** Goes on with what another process knew of a spliced connection; once, before anything else. Its route counts it as taken here too. */
    protected final void resume(SessionState state) {
        protocol = state.protocol();
        serverName = state.serverName();
        applicationProtocols = state.applicationProtocols();
        if (state.route() != null) {
            routed(state.route(), state.backend());
        }
        if (route != null) {
            route.countConnected(now());
        }
        decided = state.decided();
        connected = state.connected();
        in = state.in();
        out = state.out();
    }

    /** What it is like now; on its event loop. */
    public final LiveConnection live() {
        return new LiveConnection(
                id,
                peer(),
                listener,
                protocol,
                serverName,
                applicationProtocols,
                routeName(),
                backendName(),
                standIn(),
                connected != NEVER,
                in,
                out,
                now() - accepted);
    }

    private @Nullable String routeName() {
        return route == null ? null : route.route();
    }

    private @Nullable String backendName() {
        // Before the route is chosen, it may be on its way somewhere in vain.
        return route == null || backend == null ? null : backend.toString();
    }

    /** A backend may be connected before the head is decided ({@code silent: 0s}): that cost the client nothing. */
    private static long since(long start, long end) {
        return end == NEVER ? -1 : Math.max(0, end - start);
    }
}
