package dev.portshare.splice;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Deadlines;
import dev.portshare.connection.Side;
import dev.portshare.session.CloseReason;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/**
 * Moves bytes both ways until both directions have ended: a FIN is passed on as a FIN behind the last byte, a reset as a
 * reset. A direction whose receiver is full is not read, so the sender feels the back-pressure and at most {@link #CHUNK}
 * bytes wait here.
 */
public final class Splice extends Deadline implements Side.Events {
    /** The most that is read at once, in bytes. */
    static final int CHUNK = 64 * 1024;
    /** How often one direction is read in a turn before the other connections have theirs. */
    private static final int ROUNDS = 16;

    private final Connection connection;
    private final Side client;
    private final Side backend;
    private final Deadlines idle;
    private boolean clientEnded;
    private boolean backendEnded;

    private Splice(Connection connection, Side backend, Deadlines idle) {
        this.connection = connection;
        this.client = connection.client();
        this.backend = backend;
        this.idle = idle;
    }

    /** Takes over {@code connection}, whose two sides are connected and watched. */
    public static void start(Connection connection, Side backend, Deadlines idle) {
        Splice splice = new Splice(connection, backend, idle);
        connection.deadline(splice);
        idle.start(splice);
        splice.client.tell(splice);
        backend.tell(splice);
        splice.pump(splice.client, backend);
        if (!connection.isClosed()) {
            splice.pump(backend, splice.client);
        }
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        Side other = side == client ? backend : client;
        if (side.isBlocked()) {
            pump(other, side);
        }
        if (!connection.isClosed()) {
            pump(side, other);
        }
        // Where neither direction would have met it: a reset of a side that has ended, or whose receiver is full.
        if (!connection.isClosed() && events.contains(EpollIoOps.EPOLLERR) && side.getSoError() != 0) {
            connection.close(side == client ? CloseReason.CLIENT_RESET : CloseReason.BACKEND_RESET);
        }
    }

    @Override
    protected void expired() {
        connection.close(CloseReason.IDLE);
    }

    /** Moves what {@code from} has and {@code to} takes, a bounded amount. */
    private void pump(Side from, Side to) {
        Side asked = to;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                asked = to;
                if (!to.flush() || hasEnded(from)) {
                    return;
                }
                asked = from;
                int count = from.read(0, CHUNK);
                asked = to;
                if (count < 0) {
                    end(from, to);
                    return;
                }
                if (count == 0) {
                    return;
                }
                moved(from, count);
                to.write(0, count);
                if (to.isBlocked() || count < CHUNK && from.isDrainedByShortRead()) {
                    return;
                }
            }
            from.watchAgain();
        } catch (IOException | NotYetConnectedException e) {
            if (asked == to) {
                rescue(to, from);
            }
            connection.lost(asked, e);
        }
    }

    private boolean hasEnded(Side side) {
        return side == client ? clientEnded : backendEnded;
    }

    private void end(Side from, Side to) throws IOException {
        if (from == client) {
            clientEnded = true;
        } else {
            backendEnded = true;
        }
        if (clientEnded && backendEnded) {
            // Closing sends the second FIN by itself.
            connection.close(CloseReason.COMPLETED);
        } else {
            to.finish();
        }
    }

    private void moved(Side from, int count) {
        if (from == client) {
            connection.addIn(count);
        } else {
            connection.addOut(count);
        }
        idle.start(this);
    }

    /** A peer that answers and resets, since it did not read all, was heard by its client: what {@code dead} sent first goes on. */
    private void rescue(Side dead, Side to) {
        try {
            int count;
            while (!hasEnded(dead) && to.flush() && (count = dead.read(0, CHUNK)) > 0) {
                moved(dead, count);
                to.write(0, count);
            }
        } catch (IOException | NotYetConnectedException _) {
            // The reset itself, behind the last byte; or the other side has gone too.
        }
    }
}
