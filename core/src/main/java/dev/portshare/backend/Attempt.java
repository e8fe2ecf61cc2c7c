package dev.portshare.backend;

import dev.portshare.connection.Side;
import dev.portshare.route.Backend;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address that does not answer at once.
 *
 * @param choice the backend, where it is one of several
 * @param isLast whether the backend has no other address that was not tried before
 */
record Attempt(
        Connecting connecting,
        Side side,
        Backend backend,
        @Nullable Choice choice,
        SocketAddress address,
        boolean isLast)
        implements Side.Events {
    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        connecting.ready(this);
    }
}
