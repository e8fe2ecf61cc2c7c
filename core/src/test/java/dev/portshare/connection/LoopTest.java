package dev.portshare.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.session.CloseReason;
import io.netty.channel.unix.Socket;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
    /** Else one that has got old in the garbage collector's sense would make all later ones old as well. */
    @Test
    void aClosedConnectionKeepsNoOtherInMemory() throws Exception {
        Loop loop = new Loop(0, 1, _ -> {});
        try {
            Connection[] connections = new Connection[3];
            for (int i = 0; i < connections.length; i++) {
                connections[i] = loop.submit(() -> connection(loop)).get();
            }
            for (int i : new int[] {1, 0, 2}) {
                Connection connection = connections[i];
                loop.submit(() -> connection.close(CloseReason.COMPLETED)).get();
            }
            WeakReference<Connection> before = forget(connections, 0);
            WeakReference<Connection> after = forget(connections, 2);

            await().until(() -> {
                System.gc();
                return before.refersTo(null) && after.refersTo(null);
            });
            assertThat(connections[1]).isNotNull();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static WeakReference<Connection> forget(Connection[] connections, int index) {
        WeakReference<Connection> forgotten = new WeakReference<>(connections[index]);
        connections[index] = null;
        return forgotten;
    }

    private static Connection connection(Loop loop) {
        return new Connection(loop, Socket.newSocketStream().intValue(), ":443", null, null);
    }
}
