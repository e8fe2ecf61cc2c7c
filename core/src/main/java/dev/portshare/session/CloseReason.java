package dev.portshare.session;

import java.util.Locale;

/** Why a connection ended: a closed set, the values of {@code close=} in the log. docs/operations.md tells what to do about each. */
public enum CloseReason {
    /** Both directions have ended, each with its FIN. */
    COMPLETED,
    /** The client reset the connection. */
    CLIENT_RESET,
    /** The backend reset the connection. */
    BACKEND_RESET,
    /** The client cannot be reached any more: its packets stopped, keep-alive or retransmission gave up. */
    CLIENT_LOST,
    /** The backend cannot be reached any more. */
    BACKEND_LOST,
    /** The route says {@code to: reject}. */
    REJECTED,
    /** No route takes this connection. */
    NO_ROUTE,
    /** The client's address is in {@code deny} of its listener or of its route, or not in {@code allow} there. */
    DENIED,
    /** The client has as many connections as {@code limits.connections-per-client} says. */
    LIMIT_CLIENT,
    /** The client's connections follow each other faster than {@code limits.new-per-client} says. */
    LIMIT_RATE,
    /** There are as many connections as {@code limits.connections} says, or all that are left are reserved for other routes. */
    LIMIT_CONNECTIONS,
    /** There are as many heads being read as {@code limits.heads} says, and this one had been read for longest. */
    LIMIT_HEADS,
    /** Its listener has as many connections as its {@code connections} says. */
    LIMIT_LISTENER,
    /** Its route has as many connections as {@code limits.routes} says. */
    LIMIT_ROUTE,
    /** A proxy that is trusted sent no PROXY header, or none that is whole and right, in time. */
    PROXY_HEADER,
    /** The client's TLS, which its route ends, failed: its handshake was not done in time, or the two had nothing in common. */
    TLS_HANDSHAKE,
    /** The backend refused the connection: nothing listens there. */
    BACKEND_REFUSED,
    /** The backend did not answer within {@code timeouts.connect}. */
    BACKEND_TIMEOUT,
    /** No way leads to the backend: no route to the host, or no such {@code unix:} path. */
    BACKEND_UNREACHABLE,
    /** The backend's name has no address. */
    BACKEND_UNKNOWN,
    /** The backend's TLS failed: it speaks none, or it is not whom its certificate has to say that it is. */
    BACKEND_TLS,
    /** The process has no file descriptor left for the connection to the backend, or for the client. */
    NO_DESCRIPTORS,
    /** No port is left for a connection from the address that the route gives it to the backend. */
    NO_PORTS,
    /** From no address that the route gives the connection a way leads to the backend: the other family, or a link-local client. */
    NO_SOURCE,
    /** No byte moved either way for {@code timeouts.idle}. */
    IDLE,
    /** One direction has ended, and in the other no byte moved for {@code timeouts.half-closed}. */
    HALF_CLOSED,
    /** portshare was asked to stop and {@code timeouts.drain} ran out, or it was told to stop at once. */
    STOPPED,
    /** portshare is restarted, and the process that follows has gone on with it: that one logs how it ends. */
    HANDED_ON,
    /** An operator ended this one connection, through the admin socket. */
    KILLED,
    /** A bug in portshare; the log has it as an ERROR. */
    INTERNAL_ERROR;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Whether the other side must see a reset too, rather than a FIN. */
    public boolean isReset() {
        return switch (this) {
            case CLIENT_RESET, BACKEND_RESET, CLIENT_LOST, BACKEND_LOST -> true;
            default -> false;
        };
    }

    /** Whether the connection went as connections go: both sides were served, and one of them or both ended it, or it goes on. */
    public boolean isUnremarkable() {
        return this == COMPLETED || this == CLIENT_RESET || this == BACKEND_RESET || this == HANDED_ON;
    }

    /** Whether the client was not served for what it is, whatever it sends: whoever floods ends so, again and again. */
    public boolean isTurnedAway() {
        return this == DENIED || this == LIMIT_CLIENT || this == LIMIT_RATE || isFull();
    }

    private boolean isFull() {
        return this == LIMIT_CONNECTIONS || this == LIMIT_HEADS || this == LIMIT_LISTENER || this == LIMIT_ROUTE;
    }

    /** Whether the backend could not be had, about which the operator can do something. */
    public boolean isFault() {
        return switch (this) {
            case BACKEND_REFUSED,
                    BACKEND_TIMEOUT,
                    BACKEND_UNREACHABLE,
                    BACKEND_UNKNOWN,
                    BACKEND_TLS,
                    NO_DESCRIPTORS,
                    NO_PORTS,
                    NO_SOURCE -> true;
            default -> false;
        };
    }

    /** Whether the operator can do something about it, so that its line is a warning. */
    public boolean isRemediable() {
        return this == PROXY_HEADER || isFull() || isFault();
    }

    /** Whether the connection got no backend, though its client wanted one. */
    public boolean isRefusal() {
        return this == REJECTED || this == NO_ROUTE || isTurnedAway() || isRemediable();
    }

    /** The word in the log: {@code backend-refused}. */
    @Override
    public String toString() {
        return word;
    }
}
