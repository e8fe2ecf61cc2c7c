package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Liveness;
import dev.portshare.connection.Side;
import dev.portshare.route.Backend;
import dev.portshare.session.CloseReason;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's way to its backend: resolve the name, try its addresses one after the other, hand over the head, all
 * before one deadline. It tells its {@link Outcome} once, unless it is abandoned or the connection closed before that.
 */
public final class Connecting extends Deadline implements Side.Events {
    private static final Logger LOG = LogManager.getLogger(Connecting.class);
    /** From how many ports one address is tried, where the journal has those for other connections. */
    private static final int MOST_PORTS = 32;

    /** What came of it. */
    public interface Outcome {
        /** The backend's side is connected, watched, and has the head, sent or kept; it wants somebody to tell. */
        void connected();

        /** There is no backend's side. */
        void failed(CloseReason reason);
    }

    private final Connection connection;
    private final Way way;
    private final @Nullable Origin origin;
    private final Opening opening;
    private final Outcome outcome;
    private List<? extends SocketAddress> addresses = List.of();
    private int tried;
    /** How often this address has been tried anew, from somewhere else. */
    private int alternative;
    /** Whether the address that failed is to be tried anew. */
    private boolean again;
    /** An address that was given up for want of a port: what became of those behind it matters less. */
    private @Nullable SocketAddress portless;
    /** Whether there were ports that the journal had already. */
    private boolean clashed;

    private CloseReason failure = CloseReason.BACKEND_UNREACHABLE;
    private boolean over;

    private Connecting(Connection connection, Way way, Outcome outcome) {
        this.connection = connection;
        this.way = way;
        this.origin = way.origin() == null ? null : way.origin().forOne();
        this.opening = new Opening(connection, way.proxyProtocol());
        this.outcome = outcome;
    }

    /**
     * Sets out on {@code way}; the outcome may be told before this returns. What the backend is told of the client is what is known now.
     *
     * @param headLength    how many bytes at the start of the loop's buffer, from the client, the backend is to get first
     */
    public static Connecting start(
            Connection connection, Way way, int headLength, Resolver resolver, Deadlines deadlines, Outcome outcome) {
        Connecting connecting = new Connecting(connection, way, outcome);
        connecting.opening.precede(headLength);
        connection.secondDeadline(connecting);
        deadlines.start(connecting);
        Backend backend = way.backend();
        if (backend instanceof Backend.Tcp tcp) {
            InetAddress literal = tcp.literal();
            if (literal != null) {
                connecting.tryAll(List.of(new InetSocketAddress(literal, tcp.port())));
            } else {
                connecting.resolve(tcp, resolver);
            }
        } else if (backend instanceof Backend.Unix(String path)) {
            connecting.tryAll(List.of(Addresses.of(path)));
        }
        return connecting;
    }

    /** The head, so many bytes at the start of the loop's buffer, that was not known yet when this was started. */
    public void head(int length) {
        opening.precede(length);
        opening.keep();
    }

    /** The head, as far as it is kept for a backend that is not connected yet. */
    public byte[] head() {
        return opening.head();
    }

    /** Whether the head may follow what the backend has been told, or is to be told, of the client. */
    public boolean isUpToDate() {
        return !opening.tells()
                || opening.isUpToDate() && !(over && connection.requireBackend().isBlocked());
    }

    /** Gives up; the outcome is not told. */
    public void abandon() {
        over = true;
        cancel();
        connection.closeBackend();
    }

    private void resolve(Backend.Tcp tcp, Resolver resolver) {
        var answer = resolver.resolve(tcp.host());
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            tryAll(Addresses.of(answer.getNow(List.of()), tcp.port()));
            return;
        }
        opening.keep();
        var _ = answer.whenCompleteAsync(
                (addresses, error) -> connection.run((_, _) -> {
                    if (over) {
                        return;
                    }
                    if (error != null) {
                        LOG.debug("no address for backend {}: {}", way.backend(), error.getMessage());
                        fail(CloseReason.BACKEND_UNKNOWN);
                    } else {
                        tryAll(Addresses.of(addresses, tcp.port()));
                    }
                }),
                connection.loop());
    }

    private void tryAll(List<? extends SocketAddress> addresses) {
        this.addresses = origin == null ? addresses : within(origin, addresses);
        tryNext();
    }

    /** Those of {@code all} that can be reached from {@code origin}. */
    private List<? extends SocketAddress> within(Origin origin, List<? extends SocketAddress> all) {
        List<? extends SocketAddress> within = all.stream()
                .filter(address ->
                        !(address instanceof InetSocketAddress inet) || origin.reaches(inet.getAddress(), connection))
                .toList();
        if (within.isEmpty() && !all.isEmpty()) {
            LOG.debug(
                    "backend {}: no connection of {} can come to {} from {}: the other family, IPv4 or IPv6, or a"
                            + " link-local address",
                    way.backend(),
                    connection.peer(),
                    all,
                    origin);
            failure = CloseReason.NO_SOURCE;
        }
        return within;
    }

    private void tryNext() {
        while (tried < addresses.size()) {
            if (tryOne(addresses.get(tried++))) {
                return;
            }
            if (again) {
                alternative++;
                tried--;
            } else {
                alternative = 0;
            }
        }
        if (portless == null) {
            fail(failure);
        } else {
            NoPorts.warn(way, connection, portless, clashed);
            fail(CloseReason.NO_PORTS);
        }
    }

    private Side open(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress inet)) {
            return connection.openUnix();
        }
        Side side = connection.openTcp(inet.getAddress(), opening.length() > 0);
        if (!way.lost().isZero() && !inet.getAddress().isLoopbackAddress()) {
            Liveness.limit(side, way.lost());
        }
        if (origin != null) {
            if (alternative == 0) {
                origin.bind(side, inet, connection);
            } else {
                origin.bindAnew(side, inet, connection);
            }
        }
        return side;
    }

    /** Whether this address may still do; if it is connected already, the outcome has been told. */
    private boolean tryOne(SocketAddress address) {
        Side side;
        boolean connected;
        int sent = 0;
        again = false;
        opening.load();
        try {
            side = open(address);
            connected = side.connect(address);
            if (way.journal() != null && !way.journal().write(connection)) {
                again = alternative < MOST_PORTS;
                clashed = true;
                portless = again ? portless : address;
                return false;
            }
            if (opening.length() > 0) {
                // connect() says EINPROGRESS even where the connection stands already, as on loopback: sending tells.
                sent = side.send(0, opening.length());
                connected |= sent > 0;
            }
        } catch (IOException | NotYetConnectedException | ChannelException e) {
            LOG.debug("backend {} at {}: {}", way.backend(), address, e.getMessage());
            failed(address, ConnectFailure.reason(e, address, origin != null));
            return false;
        }
        side.tell(this);
        side.watch(!connected);
        if (connected) {
            connected(side, sent);
        } else {
            opening.keep();
        }
        return true;
    }

    private void failed(SocketAddress address, CloseReason reason) {
        failure = reason;
        if (reason == CloseReason.NO_PORTS) {
            again = origin != null && alternative < origin.alternatives();
            portless = again ? portless : address;
        }
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        if (over) {
            return;
        }
        int error = side.getSoError();
        if (error != 0) {
            LOG.debug("backend {} at {}: errno {}", way.backend(), addresses.get(tried - 1), error);
            failure = ConnectFailure.reason(-error);
            alternative = 0;
            tryNext();
            return;
        }
        // No error is not yet a connection: the event may have been another descriptor's.
        if (side.remoteAddress() != null) {
            opening.load();
            connected(side, 0);
        }
    }

    private void connected(Side side, int sent) {
        over = true;
        cancel();
        connection.connected();
        try {
            if (sent < opening.length()) {
                side.write(sent, opening.length());
            }
        } catch (IOException | NotYetConnectedException e) {
            connection.lost(side, e);
            return;
        }
        opening.forget();
        outcome.connected();
    }

    private void fail(CloseReason reason) {
        over = true;
        cancel();
        connection.closeBackend();
        outcome.failed(reason);
    }

    @Override
    protected void expired() {
        fail(CloseReason.BACKEND_TIMEOUT);
    }
}
