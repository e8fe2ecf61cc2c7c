package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Liveness;
import dev.portshare.connection.Side;
import dev.portshare.session.CloseReason;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Connects to one address after the other; to each from as many addresses and ports of this machine as it takes to find a free one. */
final class Dialling {
    private static final Logger LOG = LogManager.getLogger(Dialling.class);
    /** From how many ports one address is tried, where the journal has those for other connections. */
    private static final int MOST_PORTS = 32;

    private final Connection connection;
    private final Way way;
    private final @Nullable Origin origin;
    private final Opening opening;
    /** How often this address has been tried anew, from somewhere else. */
    private int alternative;
    /** Whether it is to be tried anew. */
    private boolean again;
    /** An address that was given up for want of a port: what became of those behind it matters less. */
    private @Nullable SocketAddress portless;
    /** Whether there were ports that the journal had already. */
    private boolean clashed;

    private boolean isConnected;
    private int sent;
    private CloseReason failure = CloseReason.BACKEND_UNREACHABLE;

    /**
     * On {@code way}, for {@code connection}.
     *
     * @param origin  where it is to come from; null: from anywhere
     * @param opening what is sent at once
     */
    Dialling(Connection connection, Way way, @Nullable Origin origin, Opening opening) {
        this.connection = connection;
        this.way = way;
        this.origin = origin;
        this.opening = opening;
    }

    /** The backend's side at {@code address}, connected or about to be; null: it cannot be, for {@link #failure}. */
    @Nullable
    Side dial(SocketAddress address) {
        alternative = 0;
        while (true) {
            again = false;
            Side side = dialOnce(address);
            if (side != null || !again) {
                return side;
            }
            alternative++;
        }
    }

    /** Whether the side that was returned last is connected. */
    boolean isConnected() {
        return isConnected;
    }

    /** How many bytes of the opening it has taken. */
    int sent() {
        return sent;
    }

    /** Why the last address could not be connected to. */
    CloseReason failure() {
        return failure;
    }

    /** Whether it was for want of a port that nothing came of it, which is warned of. */
    boolean lacksPorts() {
        if (portless == null) {
            return false;
        }
        NoPorts.warn(way, connection, portless, clashed);
        return true;
    }

    private @Nullable Side dialOnce(SocketAddress address) {
        sent = 0;
        opening.load();
        try {
            Side side = open(address);
            isConnected = side.connect(address);
            if (way.journal() != null && !way.journal().write(connection)) {
                clashed = true;
                lacks(address, alternative < MOST_PORTS);
                return null;
            }
            if (opening.plain() > 0) {
                // connect() says EINPROGRESS even where the connection stands already, as on loopback: sending tells.
                sent = side.send(0, opening.plain());
                isConnected |= sent > 0;
            }
            return side;
        } catch (IOException | NotYetConnectedException | ChannelException e) {
            LOG.debug("backend {} at {}: {}", way, address, e.getMessage());
            failure = ConnectFailure.reason(e, address, origin != null);
            if (failure == CloseReason.NO_PORTS) {
                lacks(address, origin != null && alternative < origin.alternatives());
            }
            return null;
        }
    }

    private void lacks(SocketAddress address, boolean isToBeTriedAnew) {
        failure = CloseReason.NO_PORTS;
        again = isToBeTriedAnew;
        portless = again ? portless : address;
    }

    private Side open(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress inet)) {
            return connection.openUnix();
        }
        Side side = connection.openTcp(inet.getAddress(), opening.plain() > 0);
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
}
