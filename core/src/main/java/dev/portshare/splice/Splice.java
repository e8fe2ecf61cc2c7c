package dev.portshare.splice;

import dev.portshare.connection.Carried;
import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Resumable;
import dev.portshare.connection.Side;
import dev.portshare.session.CloseReason;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes both ways until both directions have ended: a FIN is passed on as a FIN behind the last byte, a reset as a
 * reset. A direction whose receiver is full is not read, so the sender feels the back-pressure and at most {@link #CHUNK}
 * bytes wait here.
 */
public final class Splice extends Deadline implements Resumable {
    /** The most that is read at once, in bytes. */
    static final int CHUNK = 64 * 1024;
    /** How much one direction moves in a turn, about, before the other connections have theirs, in bytes. */
    private static final int TURN = 1024 * 1024;

    private final Connection connection;
    private final Side client;
    private final Side backend;
    private final Stillness still;
    private @Nullable Onlooker onlooker;
    private boolean clientEnded;
    private boolean backendEnded;

    private Splice(Connection connection, Side backend, Stillness still) {
        this.connection = connection;
        this.client = connection.client();
        this.backend = backend;
        this.still = still;
    }

    /**
     * Takes over {@code connection}, whose two sides are connected and watched.
     *
     * @param onlooker null: nobody wants to see what the client sends
     */
    public static void start(Connection connection, Side backend, Stillness still, @Nullable Onlooker onlooker) {
        Splice splice = new Splice(connection, backend, still);
        splice.onlooker = onlooker;
        connection.deadline(splice);
        splice.wind();
        splice.client.tell(splice);
        backend.tell(splice);
        // What nobody has read yet, epoll will tell of.
        if (splice.client.mayHaveMore()) {
            splice.pump(splice.client, backend);
        }
        if (backend.mayHaveMore() && !connection.isClosed()) {
            splice.pump(backend, splice.client);
        }
    }

    /** Goes on with {@code connection} where another process had come to {@code stage}. What there is to do, epoll will tell. */
    public static void resume(Connection connection, Carried.Spliced stage, Stillness still) {
        Side backend = connection.requireBackend();
        Splice splice = new Splice(connection, backend, still);
        splice.clientEnded = stage.clientEnded();
        splice.backendEnded = stage.backendEnded();
        connection.deadline(splice);
        splice.wind();
        splice.client.tell(splice);
        backend.tell(splice);
        splice.client.watch(splice.client.isBlocked());
        backend.watch(backend.isBlocked());
    }

    @Override
    public Carried.Stage stage() {
        return new Carried.Spliced(clientEnded, backendEnded);
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        Side other = side == client ? backend : client;
        if (side.isBlocked()) {
            pump(other, side);
        }
        if (!other.isBlocked() && !connection.isClosed()) {
            pump(side, other);
        }
        // Where neither direction would have met it: a reset of a side that has ended, or whose receiver is full.
        if (!connection.isClosed() && events.contains(EpollIoOps.EPOLLERR) && side.getSoError() != 0) {
            connection.close(side == client ? CloseReason.CLIENT_RESET : CloseReason.BACKEND_RESET);
        }
    }

    @Override
    protected void expired() {
        connection.close(
                isHalfClosed() && still.halfClosed() != still.idle() ? CloseReason.HALF_CLOSED : CloseReason.IDLE);
    }

    private boolean isHalfClosed() {
        return clientEnded || backendEnded;
    }

    /** From now on it may move nothing for as long as its clock allows. */
    private void wind() {
        (isHalfClosed() ? still.halfClosed() : still.idle()).start(this);
    }

    /**
     * Moves what {@code from} has and {@code to} takes, a bounded amount: small reads through the loop's buffer, bulk through
     * a pipe in the kernel.
     */
    private void pump(Side from, Side to) {
        Side asked = to;
        try {
            to.flush();
            int count;
            for (int left = TURN; left > 0; left -= count) {
                if (to.isBlocked() || !from.mayHaveMore() || hasEnded(from)) {
                    return;
                }
                asked = from;
                count = from.isBulk() ? to.splice(from) : 0;
                boolean copies = count == 0 && from.mayHaveMore();
                if (copies) {
                    count = from.read(0, CHUNK);
                }
                asked = to;
                if (count < 0) {
                    end(from, to);
                } else if (count > 0) {
                    moved(from, count);
                    if (copies) {
                        show(from, count);
                        to.write(0, count);
                    } else {
                        to.flush();
                    }
                }
            }
            from.watchAgain();
        } catch (IOException | NotYetConnectedException e) {
            if (asked == to) {
                rescue(to, from, e);
            }
            connection.lost(asked, e);
        } finally {
            to.rest();
        }
    }

    /** Small reads alone: whoever sends in bulk has said long ago what it is. */
    private void show(Side from, int count) {
        if (onlooker != null
                && from == client
                && !onlooker.see(connection.loop().buffer().limit(count))) {
            onlooker = null;
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
            wind();
        }
    }

    private void moved(Side from, int count) {
        if (from == client) {
            connection.addIn(count);
        } else {
            connection.addOut(count);
        }
        wind();
    }

    /**
     * A peer that answers and resets, since it did not read all, was heard by its client: what {@code dead} sent first goes on, its
     * end too.
     *
     * @param met what writing to it met
     */
    private void rescue(Side dead, Side to, Exception met) {
        try {
            while (!hasEnded(dead) && to.flush()) {
                int count = dead.read(0, CHUNK);
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    if (camePastTheEnd(met)) {
                        to.finish();
                    }
                    return;
                }
                moved(dead, count);
                to.write(0, count);
            }
        } catch (IOException | NotYetConnectedException _) {
            // The reset itself, behind the last byte; or the other side has gone too.
        }
    }

    /** A write tells a reset behind a FIN from a reset alone (Linux, tcp_reset). A read behind it sees the same end after both. */
    private static boolean camePastTheEnd(Exception reset) {
        return reset instanceof Errors.NativeIoException error && error.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE;
    }
}
