package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.route.Route;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Lets connections in as far as {@link Limits} go. What it returns is why a connection cannot stay, or null; it is to be closed then,
 * which gives back what it counted as. Of any event loop, each for its own connections.
 *
 * <p>All places but the reserved are for whoever comes. Where those are taken, a client comes in without one, since its route
 * may have a reserved place; once it is decided, it needs one or the other.
 */
public final class Places {
    private final Limits limits;
    private final Crowd crowd;

    private Places(Limits limits, Crowd crowd) {
        this.limits = limits;
        this.crowd = crowd;
    }

    /** All of them free. */
    public static Places of(Limits limits) {
        return new Places(limits, new Crowd());
    }

    /** As many as {@code limits} say, and taken by the same connections. */
    public Places under(Limits limits) {
        return new Places(limits, crowd);
    }

    /** Whether those for whom there is no place are left in the backlog. */
    boolean makeWait() {
        return limits.waits();
    }

    /** Whether a route has places of its own, so that it must be known whose turn it is. */
    boolean areReserved() {
        return !limits.reserved().isEmpty();
    }

    /** Has {@code resume} run, on any thread, when somebody has left from now on. */
    void await(Runnable resume) {
        crowd.await(resume);
    }

    /** Takes a place for whoever is accepted next at {@code listener}; null: there is none. */
    @Nullable
    Stay ahead(String listener) {
        Stay stay = new Stay(crowd);
        if (enter(stay, listener) == null) {
            return stay;
        }
        // Tells none of those who wait: they would find no place either, and tell others in turn.
        stay.giveBack();
        return null;
    }

    /**
     * {@code connection} was accepted; it is not known whose it is where a PROXY header is to come, which is {@link #identify}'s.
     *
     * @param ahead what {@link #ahead} took for it; null: nothing
     */
    @Nullable
    CloseReason greet(Connection connection, @Nullable Stay ahead) {
        connection.guest(ahead == null ? new Stay(crowd) : ahead);
        return connection.knowsPeer() ? identify(connection) : null;
    }

    /** Whether a place for one that was greeted can be had only if another is given up. */
    boolean areTaken() {
        return crowd.all.taken() >= limits.connections();
    }

    /** Gives {@code connection}, which was greeted, a place if it has none. */
    @Nullable
    CloseReason seat(Connection connection) {
        return connection.guest() instanceof Stay stay && !stay.isIn() ? enter(stay, connection.listener()) : null;
    }

    private @Nullable CloseReason enter(Stay stay, String listener) {
        Count here = crowd.listener(listener);
        if (!here.take(Limits.of(limits.listeners(), listener))) {
            return CloseReason.LIMIT_LISTENER;
        }
        stay.at(here);
        if (!crowd.all.take(limits.connections())) {
            return CloseReason.LIMIT_CONNECTIONS;
        }
        stay.in();
        stay.common(crowd.common.take(limits.unreserved()));
        return stay.isCommon() || !limits.reserved().isEmpty() ? null : CloseReason.LIMIT_CONNECTIONS;
    }

    /** It is known whose {@code connection} is. */
    @Nullable
    CloseReason identify(Connection connection) {
        Endpoint peer = connection.peer();
        if (peer == null || !(connection.guest() instanceof Stay stay)) {
            return null;
        }
        if (limits.newPerClient() != Limits.NONE
                && !crowd.pace.allows(peer, limits.newPerClient(), System.nanoTime())) {
            return CloseReason.LIMIT_RATE;
        }
        return limits.perClient() == Limits.NONE || count(stay, peer, limits.perClient())
                ? null
                : CloseReason.LIMIT_CLIENT;
    }

    private boolean count(Stay stay, Endpoint peer, int most) {
        Clients.Client client = Clients.of(peer);
        boolean taken = crowd.clients.take(client, most);
        if (taken) {
            stay.of(client);
        }
        return taken;
    }

    /** Whether a further head can be read only if another is given up. */
    boolean areHeadsTaken() {
        return crowd.heads.taken() >= limits.heads();
    }

    /** The head of {@code connection}, which has its place, is to be read. */
    @Nullable
    CloseReason read(Connection connection) {
        if (connection.guest() instanceof Stay stay) {
            if (!crowd.heads.take(limits.heads())) {
                return CloseReason.LIMIT_HEADS;
            }
            stay.undecided();
        }
        return null;
    }

    /** The head of {@code connection} is read no more. */
    void decided(Connection connection) {
        if (connection.guest() instanceof Stay stay) {
            stay.decided();
        }
    }

    /** What large heads of one of {@code loops} event loops may take up; 0: as without limits. */
    int largeHeads(int loops) {
        return (int) Math.min(Integer.MAX_VALUE, limits.headBytes() / loops);
    }

    /** {@code route} leads {@code connection} to a backend. */
    @Nullable
    CloseReason take(Connection connection, Route route) {
        if (!(connection.guest() instanceof Stay stay)) {
            return null;
        }
        Count count = crowd.route(route.name());
        if (!count.take(Limits.of(limits.routes(), route.name()))) {
            return CloseReason.LIMIT_ROUTE;
        }
        stay.takenBy(count);
        Integer kept = limits.reserved().get(route.name());
        if (kept != null && crowd.reserved(route.name()).take(kept)) {
            stay.reserved(crowd.reserved(route.name()));
            if (stay.isCommon()) {
                crowd.common.giveBack();
                stay.common(false);
            }
            return null;
        }
        if (!stay.isCommon()) {
            stay.common(crowd.common.take(limits.unreserved()));
        }
        return stay.isCommon() ? null : CloseReason.LIMIT_CONNECTIONS;
    }

    /** {@code connection} is there already, by other limits or none, or of an earlier process: it counts, and stays. */
    void adopt(Connection connection) {
        Stay stay = connection.guest() instanceof Stay known ? known : adopted(connection);
        Endpoint peer = connection.knowsPeer() ? connection.peer() : null;
        if (peer != null && !stay.isOfSomebody() && limits.perClient() != Limits.NONE) {
            count(stay, peer, Limits.NONE);
        }
    }

    private Stay adopted(Connection connection) {
        Stay stay = new Stay(crowd);
        connection.guest(stay);
        Count listener = crowd.listener(connection.listener());
        listener.add();
        stay.at(listener);
        crowd.all.add();
        stay.in();
        String name = connection.state().route();
        if (name != null) {
            Count route = crowd.route(name);
            route.add();
            stay.takenBy(route);
        }
        Integer kept = name == null ? null : limits.reserved().get(name);
        if (name != null && kept != null && crowd.reserved(name).take(kept)) {
            stay.reserved(crowd.reserved(name));
        } else {
            crowd.common.add();
            stay.common(true);
        }
        return stay;
    }
}
