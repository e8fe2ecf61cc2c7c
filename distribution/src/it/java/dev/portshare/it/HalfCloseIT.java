package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** One direction that has ended leaves the other alone; in sslh, sniproxy and port-share it ended both. */
class HalfCloseIT {
    private static final byte[] DATA = Sockets.random(10_000_000);

    @Test
    void afterTheClientsFinTheBackendStillSends10Megabytes() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(backend));
                Socket client = connect(portshare, PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            var sent = Sockets.send(server, DATA);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(DATA);
            sent.join();
            assertCompleted(portshare.connection(), PLAIN.length, DATA.length);
        }
    }

    @Test
    void afterTheBackendsFinTheClientStillSends10Megabytes() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(backend));
                Socket client = connect(portshare, PLAIN);
                Socket server = accept(backend)) {
            server.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var sent = Sockets.send(client, DATA);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(DATA);
            sent.join();
            assertCompleted(portshare.connection(), PLAIN.length + DATA.length, 0);
        }
    }

    private static void assertCompleted(Connection connection, long in, long out) {
        assertThat(connection.close()).isEqualTo("completed");
        assertThat(connection.number("in")).isEqualTo(in);
        assertThat(connection.number("out")).isEqualTo(out);
    }
}
