package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.tls.TlsEngine;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Begins TLS with a backend that is connected; whoever started it has the clock. */
final class BackendHandshake implements Side.Events {
    private final Connection connection;
    private final Side side;
    private final Consumer<@Nullable String> outcome;
    private boolean over;

    private BackendHandshake(Connection connection, Side side, Consumer<@Nullable String> outcome) {
        this.connection = connection;
        this.side = side;
        this.outcome = outcome;
    }

    /**
     * Begins.
     *
     * @param outcome is told once: null where the handshake is done, or why it has failed; unless the side is closed before
     */
    static void start(Connection connection, Side side, TlsEngine engine, Consumer<@Nullable String> outcome) {
        BackendHandshake handshake = new BackendHandshake(connection, side, outcome);
        side.secure(engine, 0);
        side.tell(handshake);
        handshake.ready(side, EpollIoOps.NONE);
    }

    @Override
    public void ready(Side side, EpollIoOps events) {
        if (over || connection.isClosed()) {
            return;
        }
        String error = null;
        try {
            this.side.flush();
            if (!this.side.handshake()) {
                return;
            }
        } catch (IOException | NotYetConnectedException e) {
            error = String.valueOf(e.getMessage());
        }
        over = true;
        outcome.accept(error);
    }
}
