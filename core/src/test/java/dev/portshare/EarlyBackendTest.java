package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.connection.Loop;
import dev.portshare.detect.Corpus;
import dev.portshare.session.CloseReason;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** {@code silent: 0s}: the backend of a silent client is connected at accept, so that it decides how silence ends. */
class EarlyBackendTest {
    private static final String ROUTES = """
        routes:
          - {name: vpn, when: {protocol: openvpn}, to: "%s"}
          - {name: web, to: "%s"}
        timeouts: {silent: 0s, head: %s}
        """;

    @Test
    void theBackendsOwnTimeOutEndsASilentClient() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "20s"));
                Socket client = front.connect();
                Socket server = accept(web)) {
            server.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            var record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.protocol()).isEqualTo("silent");
            assertThat(record.route()).isEqualTo("web");
        }
    }

    @Test
    void theBackendsResetEndsASilentClientWithAReset() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "20s"));
                Socket client = front.connect();
                Socket server = accept(web)) {
            Front.reset(server);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> client.getInputStream().read())
                    .hasMessageContaining("reset");
            front.onlyRecord(CloseReason.BACKEND_RESET);
        }
    }

    /** Behind an end no read meets a reset that came in the same turn. */
    @Test
    void theBackendsEndAndResetAtOnceEndASilentClientWithAReset() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "20s"));
                Socket client = front.connect();
                Socket server = accept(web)) {
            server.getOutputStream().write('x');
            CountDownLatch both = new CountDownLatch(1);
            for (Loop loop : front.portshare.loops()) {
                loop.execute(() -> awaitUninterruptibly(both));
            }
            server.shutdownOutput();
            Front.reset(server);
            both.countDown();
            // Whether its byte came through: a reset may overtake it.
            front.onlyRecord(CloseReason.BACKEND_RESET);
        }
    }

    /** In one turn: a connection ends, the next client's is given its descriptors, and an event of theirs is still to be told. */
    @Test
    void theEndOfADescriptorsFormerOwnerDecidesNothing() throws Exception {
        String routes = """
            routes:
              - {name: vpn, when: {protocol: openvpn}, to: "%s"}
              - {name: web, to: "%s", proxy-protocol: v1}
            timeouts: {silent: 0s, head: 20s}
            """;
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(routes.formatted(Front.at(vpn), Front.at(web)));
                Socket former = front.connect(PLAIN);
                Socket formerServer = accept(web)) {
            assertThat(formerServer.getInputStream().readNBytes(PLAIN.length)).hasSize(PLAIN.length);
            CountDownLatch all = new CountDownLatch(1);
            CountDownLatch stands = new CountDownLatch(1);
            front.portshare.loops().getFirst().execute(() -> {
                stands.countDown();
                awaitUninterruptibly(all);
            });
            stands.await();
            Front.reset(former);
            try (Socket client = front.connect()) {
                formerServer.shutdownOutput();
                all.countDown();
                try (Socket unused = accept(web)) {
                    assertThat(unused.getInputStream().read()).isEqualTo('P');
                    byte[] head = Corpus.bytes("openvpn-plain-1.bin");
                    client.getOutputStream().write(head);
                    try (Socket server = accept(vpn)) {
                        assertThat(server.getInputStream().readNBytes(head.length))
                                .isEqualTo(head);
                    }
                }
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itIsDroppedUnusedWhenTheHeadDecidesForAnotherRoute() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "20s"));
                Socket client = front.connect();
                Socket unused = accept(web)) {
            byte[] head = Corpus.bytes("openvpn-plain-1.bin");
            client.getOutputStream().write(head);
            try (Socket server = accept(vpn)) {
                assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
                assertThat(unused.getInputStream().read()).isEqualTo(-1);
            }
            client.close();
            assertThat(front.record().route()).isEqualTo("vpn");
        }
    }

    @Test
    void itIsKeptWhenTheHeadDecidesForItsRoute() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "20s"));
                Socket client = front.connect();
                Socket server = accept(web)) {
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            client.close();
            server.close();
            assertThat(front.record().route()).isEqualTo("web");
        }
    }

    @Test
    void afterTheHeadDeadlineSilenceIsLeftToTheBackend() throws Exception {
        try (ServerSocket vpn = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(vpn), Front.at(web), "100ms"));
                Socket client = front.connect();
                Socket server = accept(web)) {
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            client.getOutputStream().write(9);
            assertThat(server.getInputStream().read()).isEqualTo(9);
        }
    }

    @Test
    void aRefusedEarlyConnectionIsTriedAgainWhenTheHeadIsDecided() throws Exception {
        ServerSocket down = Front.backend();
        String address = Front.at(down);
        down.close();
        try (Front front = Front.routing(ROUTES.formatted("127.0.0.1:1", address, "20s"));
                Socket client = front.connect()) {
            client.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            front.onlyRecord(CloseReason.BACKEND_REFUSED);
        }
    }
}
