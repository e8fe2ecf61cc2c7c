package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Trickle;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long portshare waits for a client's first bytes, and what becomes of those that never send enough. */
class ClocksIT {
    private final Corpus.Head head = Corpus.head("tls-openssl-13-sni");
    private final byte[] hello = head.bytes();

    ClocksIT() throws Exception {}

    @Test
    void aClientThatSaysNothingGoesOnAsUnrecognisedWhenTheHeadIsDue() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: tls, when: {protocol: tls}, to: reject}
                      - {name: rest, to: "%s"}
                    timeouts: {silent: 100ms, head: 700ms}
                    """.formatted(at(backend)));
                Socket client = connect(portshare)) {
            greets(accept(backend), client);
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("unrecognised");
            assertThat(connection.route()).isEqualTo("rest");
            assertThat(connection.number("head_ms")).isBetween(700L, 3000L);
        }
    }

    @Test
    void aClientThatSaysNothingGoesWhereSilentClientsGo() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: mail, when: {protocol: silent}, to: "%s"}
                      - {name: rest, to: reject}
                    timeouts: {silent: 400ms, head: 20s}
                    """.formatted(at(backend)));
                Socket client = connect(portshare)) {
            greets(accept(backend), client);
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("silent");
            assertThat(connection.route()).isEqualTo("mail");
            assertThat(connection.number("head_ms")).isBetween(400L, 3000L);
        }
    }

    @Test
    void aHelloByteByByteIsRecognisedIfItIsQuickEnough() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: tls, when: {sni: "%s"}, to: "%s"}
                      - {name: silent, when: {protocol: silent}, to: reject}
                    timeouts: {silent: 300ms, head: 15s}
                    """.formatted(head.sni(), at(backend)));
                Socket client = connect(portshare)) {
            Trickle.send(client, hello, Duration.ofMillis(5)).join();
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
            }
            client.shutdownOutput();
            assertThat(portshare.connection().route()).isEqualTo("tls");
        }
    }

    /** A round trip of 800 ms, and two segments: rpxy-l4 gave such a client up after 100 ms (#203). The defaults hold here. */
    @Test
    void aClientFarAwayIsRecognisedInTwoSegments() throws Exception {
        Duration roundTrip = Duration.ofMillis(800);
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: tls, when: {sni: "%s"}, to: "%s"}
                      - {name: silent, when: {protocol: silent}, to: reject}
                    """.formatted(head.sni(), at(backend)));
                Socket client = connect(portshare)) {
            await().pollDelay(roundTrip).until(() -> true);
            client.getOutputStream().write(hello, 0, 100);
            await().pollDelay(roundTrip).until(() -> true);
            client.getOutputStream().write(hello, 100, hello.length - 100);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
            }
            client.shutdownOutput();
            assertThat(portshare.connection().route()).isEqualTo("tls");
        }
    }

    @Test
    void bytesDoNotRenewTheHeadsDeadline() throws Exception {
        try (ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: tls, when: {protocol: tls}, to: reject}
                      - {name: rest, to: "%s"}
                    timeouts: {head: 1s}
                    """.formatted(at(backend)));
                Socket client = connect(portshare)) {
            var sending = Trickle.send(client, hello, Duration.ofMillis(100));
            try (Socket server = accept(backend)) {
                // What came before the deadline, and what comes behind it, on one connection.
                assertThat(server.getInputStream().readNBytes(15)).startsWith(hello[0], hello[1], hello[2], hello[3]);
                sending.cancel(true);
                client.shutdownOutput();
            }
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("unrecognised");
            assertThat(connection.route()).isEqualTo("rest");
            assertThat(connection.number("head_ms")).isBetween(1000L, 3000L);
        }
    }

    private static final String CONNECTED_AT_ACCEPT = """
        routes:
          - {name: silent, when: {protocol: silent}, to: "%s"}
          - {name: tls, when: {protocol: tls}, to: "%s"}
        timeouts: {silent: 0s, head: 20s}
        """;

    @Test
    void withSilent0TheBackendsOwnTimeOutEndsASilentClient() throws Exception {
        try (ServerSocket quiet = Sockets.backend();
                Portshare portshare = Portshare.routing(CONNECTED_AT_ACCEPT.formatted(at(quiet), "127.0.0.1:1"));
                Socket client = connect(portshare)) {
            accept(quiet).close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.shutdownOutput();
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("silent");
            assertThat(connection.route()).isEqualTo("silent");
        }
    }

    @Test
    void withSilent0TheBackendIsDroppedUnusedWhenTheHeadDecidesForAnother() throws Exception {
        try (ServerSocket quiet = Sockets.backend();
                ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.routing(CONNECTED_AT_ACCEPT.formatted(at(quiet), at(backend)));
                Socket client = connect(portshare);
                Socket unused = accept(quiet)) {
            client.getOutputStream().write(hello);
            assertThat(unused.getInputStream().read()).isEqualTo(-1);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
            }
            client.shutdownOutput();
            assertThat(portshare.connection().route()).isEqualTo("tls");
        }
    }

    @Test
    void aConnectionThatMovesNothingEndsWhenItIsIdle() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.routing(
                        "routes: [{name: echo, to: \"%s\"}]\ntimeouts: {idle: 400ms}".formatted(at(echo)));
                Socket client = connect(portshare, Sockets.PLAIN)) {
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Sockets.PLAIN);
            assertThat(portshare.connection().close()).isEqualTo("idle");
        }
    }

    /** A server that speaks first, as mail servers do. */
    private static void greets(Socket server, Socket client) throws Exception {
        try (server) {
            server.getOutputStream().write(Sockets.PLAIN);
        }
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(Sockets.PLAIN);
        client.shutdownOutput();
    }
}
