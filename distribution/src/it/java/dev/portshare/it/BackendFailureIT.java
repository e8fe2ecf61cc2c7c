package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.FullBacklog;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend that cannot be reached ends that client alone, and the log says why. */
class BackendFailureIT {
    private final byte[] hello = Corpus.head("tls-openssl-13-sni").bytes();

    BackendFailureIT() throws Exception {}

    @Test
    void aBackendThatIsDown() throws Exception {
        assertFails("127.0.0.1:" + Sockets.freePort(), "backend-refused");
    }

    @Test
    void aBackendThatNeverAnswers() throws Exception {
        try (FullBacklog backend = new FullBacklog()) {
            Connection connection = assertFails(at(backend.socket()), "backend-timeout", "connect: 500ms");
            assertThat(connection.number("ms")).isBetween(500L, 5000L);
        }
    }

    /** One dead backend blocked everyone for 5 seconds in port-share: here 300 others come and go while 50 clients hang on it. */
    @Test
    void aBackendThatDropsSynsHoldsUpNobodyElse() throws Exception {
        List<Socket> hanging = new ArrayList<>();
        try (FullBacklog dead = new FullBacklog();
                ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: dead, when: {protocol: tls}, to: "%s"}
                      - {name: echo, to: "%s"}
                    timeouts: {connect: 1m}
                    """.formatted(at(dead.socket()), at(echo)))) {
            for (int i = 0; i < 50; i++) {
                hanging.add(connect(portshare, hello));
            }
            for (int i = 0; i < 300; i++) {
                try (Socket client = connect(portshare, PLAIN)) {
                    assertEchoes(client);
                }
                assertThat(portshare.connection().route()).isEqualTo("echo");
            }
            assertThat(portshare.hasNoConnection())
                    .as("whoever hangs, hangs still")
                    .isTrue();
        } finally {
            for (Socket client : hanging) {
                client.close();
            }
        }
    }

    @Test
    void aBackendWhoseNameHasNoAddress() throws Exception {
        assertFails("no-such-host.invalid:443", "backend-unknown", "connect: 30s");
    }

    @Test
    void aBackendWhoseSocketFileIsMissing() throws Exception {
        assertFails("unix:/nonexistent/portshare-it.sock", "backend-unreachable");
    }

    private Connection assertFails(String backend, String reason, String... timeouts) throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: broken, when: {protocol: tls}, to: "%s"}
                      - {name: echo, to: "%s"}
                    timeouts: {%s}
                    """.formatted(backend, at(echo), String.join(", ", timeouts)));
                Socket earlier = connect(portshare, PLAIN);
                Socket client = connect(portshare, hello)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Connection connection = portshare.connection();
            assertThat(connection.close()).isEqualTo(reason);
            assertThat(connection.line()).contains(" WARN ");
            assertThat(connection.route()).isEqualTo("broken");
            assertThat(connection.get("backend")).isEqualTo(backend);
            assertEchoes(earlier);
            try (Socket later = connect(portshare, PLAIN)) {
                assertEchoes(later);
            }
            return connection;
        }
    }

    private static void assertEchoes(Socket client) throws Exception {
        assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
    }
}
