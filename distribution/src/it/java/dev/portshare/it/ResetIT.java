package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** A reset on one side is a reset on the other. */
class ResetIT {
    @Test
    void aClientThatResetsIsAResetToTheBackend() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(backend));
                Socket client = connect(portshare, PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            Sockets.reset(client);
            assertReset(server);
            assertThat(portshare.connection().close()).isEqualTo("client-reset");
        }
    }

    @Test
    void aBackendThatResetsIsAResetToTheClient() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(backend));
                Socket client = connect(portshare, PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            Sockets.reset(server);
            assertReset(client);
            assertThat(portshare.connection().close()).isEqualTo("backend-reset");
        }
    }

    /** A FIN first, so that neither side waits for bytes of the other any more. */
    @Test
    void aResetBehindAFinIsPassedOnToo() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", at(backend));
                Socket client = connect(portshare, PLAIN);
                Socket server = accept(backend)) {
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            Sockets.reset(client);
            assertThat(portshare.connection().close()).isEqualTo("client-reset");
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            server.getOutputStream().write(PLAIN);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
