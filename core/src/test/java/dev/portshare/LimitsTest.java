package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.concat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import dev.portshare.detect.Corpus;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and what becomes of the others. */
class LimitsTest {
    private static final byte[] HELLO = Corpus.bytes("tls-openssl-13-sni.bin");
    private static final String ALL = "routes: [{name: all, to: \"%s\"}]\n";
    private static final String BEHIND = "listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}\n" + ALL;
    private static final String TWO = """
        routes:
          - {name: web, when: {protocol: tls}, to: "%1$s"}
          - {name: ssh, to: "%1$s"}
        """;

    private final List<Socket> open = new ArrayList<>();

    /** A client that is served. */
    private Socket served(Front front, ServerSocket backend, byte[] bytes) throws IOException {
        Socket client = front.connect(bytes);
        open.add(client);
        Socket server = accept(backend);
        open.add(server);
        // Read, lest closing it be a reset.
        int head = bytes[0] == 'P' ? PLAIN.length : bytes.length;
        assertThat(server.getInputStream().readNBytes(head)).hasSize(head);
        return client;
    }

    /** A client that is closed for {@code reason}. */
    private ConnectionRecord refused(Front front, byte[] bytes, CloseReason reason) throws Exception {
        try (Socket _ = front.connect(bytes)) {
            return front.onlyRecord(reason);
        }
    }

    private void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private static byte[] from(String client) {
        String family = client.contains(":") ? "TCP6 " + client + " ::1" : "TCP4 " + client + " 203.0.113.5";
        return concat(ascii("PROXY " + family + " 5 443\r\n"), PLAIN);
    }

    @Test
    void beyondTheTotalClientsAreClosedUntilOthersHaveLeft() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ALL.formatted(at(backend)) + "limits: {connections: 2}")) {
            Socket first = served(front, backend, PLAIN);
            served(front, backend, PLAIN);
            ConnectionRecord record = refused(front, PLAIN, CloseReason.LIMIT_CONNECTIONS);
            assertThat(record.route()).isNull();
            first.close();
            open.get(1).close();
            front.onlyRecord(CloseReason.COMPLETED);
            served(front, backend, PLAIN);
            refused(front, PLAIN, CloseReason.LIMIT_CONNECTIONS);
            closeAll();
        }
    }

    @Test
    void orTheyWaitUntilOthersHaveLeft() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("listen: {address: 127.0.0.1:0, connections: 1}\n"
                        + ALL.formatted(at(backend)) + "limits: {connections: 2, excess: wait}")) {
            for (int i = 0; i < 5; i++) {
                Socket client = served(front, backend, PLAIN);
                Socket server = open.getLast();
                try (Socket next = front.connect(PLAIN)) {
                    assertThat(front.hasNoRecord()).isTrue();
                    assertThat(front.portshare.telemetry().totals().join().active())
                            .isEqualTo(1);
                    client.close();
                    server.close();
                    front.onlyRecord(CloseReason.COMPLETED);
                    try (Socket nextServer = accept(backend)) {
                        assertThat(nextServer.getInputStream().readNBytes(PLAIN.length))
                                .isEqualTo(PLAIN);
                    }
                }
                front.onlyRecord(CloseReason.COMPLETED);
            }
            // More may come at once, and whoever waited is served.
            served(front, backend, PLAIN);
            try (Socket next = front.connect(PLAIN)) {
                front.portshare.reload(
                        RouteFile.parse("r.yaml", "listen: 127.0.0.1:0\n" + ALL.formatted(at(backend)), Path.of(".")));
                try (Socket nextServer = accept(backend)) {
                    assertThat(nextServer.getInputStream().readNBytes(PLAIN.length))
                            .isEqualTo(PLAIN);
                }
            }
            closeAll();
        }
    }

    @Test
    void aListenerAndARouteHaveLimitsOfTheirOwn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("listen: {address: 127.0.0.1:0, connections: 3}\n"
                        + TWO.formatted(at(backend)) + "limits: {routes: {web: 1}}")) {
            served(front, backend, HELLO);
            ConnectionRecord record = refused(front, HELLO, CloseReason.LIMIT_ROUTE);
            assertThat(record.route()).isEqualTo("web");
            served(front, backend, PLAIN);
            served(front, backend, PLAIN);
            refused(front, PLAIN, CloseReason.LIMIT_LISTENER);
            closeAll();
        }
    }

    @Test
    void aClientMayHaveSoManyAndBehindAProxyItIsTheOneThatIsNamed() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(BEHIND.formatted(at(backend)) + "limits: {connections-per-client: 2}")) {
            served(front, backend, from("192.0.2.1"));
            Socket second = served(front, backend, from("192.0.2.1"));
            refused(front, from("192.0.2.1"), CloseReason.LIMIT_CLIENT);
            served(front, backend, from("192.0.2.2"));
            served(front, backend, from("2001:db8:1:2::1"));
            served(front, backend, from("2001:db8:1:2::2"));
            refused(front, from("2001:db8:1:2:3::"), CloseReason.LIMIT_CLIENT);
            served(front, backend, from("2001:db8:1:3::1"));
            second.close();
            open.get(3).close();
            front.onlyRecord(CloseReason.COMPLETED);
            served(front, backend, from("192.0.2.1"));
            closeAll();
        }
    }

    @Test
    void aClientMayBeginSoManyASecond() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(BEHIND.formatted(at(backend)) + "limits: {new-per-client: 1}")) {
            served(front, backend, from("192.0.2.1"));
            CloseReason last = CloseReason.COMPLETED;
            // On a slow machine a second may pass between two.
            for (int i = 0; i < 100 && last != CloseReason.LIMIT_RATE; i++) {
                try (Socket client = front.connect(from("192.0.2.1"))) {
                    client.shutdownOutput();
                    backend.setSoTimeout(200);
                    try (Socket _ = backend.accept()) {
                        // Was a second later.
                    } catch (IOException _) {
                        // Was refused.
                    }
                }
                last = front.record().close();
            }
            assertThat(last).isEqualTo(CloseReason.LIMIT_RATE);
            backend.setSoTimeout(20_000);
            served(front, backend, from("192.0.2.2"));
            closeAll();
        }
    }

    /** Neither clients of another route nor such as say nothing take the places that are kept. */
    @Test
    void aFloodDoesNotTakeWhatIsReserved() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front =
                        Front.routing(TWO.formatted(at(backend)) + "limits: {connections: 4, reserve: {ssh: 2}}")) {
            served(front, backend, HELLO);
            served(front, backend, HELLO);
            refused(front, HELLO, CloseReason.LIMIT_CONNECTIONS);
            served(front, backend, PLAIN);
            // A byte of a hello each: they come in, as long as nobody else wants to.
            for (int i = 0; i < 3; i++) {
                Socket slow = front.connect(new byte[] {0x16});
                open.add(slow);
                if (i > 0) {
                    assertThat(front.onlyRecord(CloseReason.LIMIT_CONNECTIONS).protocol())
                            .isNull();
                } else {
                    awaitActive(front, 4);
                }
            }
            served(front, backend, PLAIN);
            front.onlyRecord(CloseReason.LIMIT_CONNECTIONS);
            refused(front, PLAIN, CloseReason.LIMIT_CONNECTIONS);
            closeAll();
        }
    }

    /** Whoever has had the most time goes; who is quick comes in, whatever others do. */
    @Test
    void oneHeadMoreEndsTheOldest() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(TWO.formatted(at(backend)) + "limits: {heads: 2}")) {
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                slow.add(front.connect(new byte[] {0x16}));
                open.add(slow.getLast());
                if (i < 2) {
                    awaitActive(front, i + 1);
                } else {
                    front.onlyRecord(CloseReason.LIMIT_HEADS);
                    assertThat(slow.get(i - 2).getInputStream().read()).isEqualTo(-1);
                }
            }
            served(front, backend, PLAIN);
            front.onlyRecord(CloseReason.LIMIT_HEADS);
            assertThat(slow.get(2).getInputStream().read()).isEqualTo(-1);
            // Those that are decided are none any more.
            served(front, backend, PLAIN);
            served(front, backend, HELLO);
            slow.get(3).getOutputStream().write(HELLO, 1, HELLO.length - 1);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            }
            closeAll();
        }
    }

    /** Those who are there count, also where nothing was limited when they came. */
    @Test
    void aReloadChangesTheLimitsForWhoeverComesNext() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ALL.formatted(at(backend)))) {
            served(front, backend, PLAIN);
            Socket second = served(front, backend, PLAIN);
            limit(front, backend, "limits: {connections: 1}");
            refused(front, PLAIN, CloseReason.LIMIT_CONNECTIONS);
            limit(front, backend, "limits: {connections: 3, connections-per-client: 2}");
            refused(front, PLAIN, CloseReason.LIMIT_CLIENT);
            limit(front, backend, "limits: {routes: {all: 2}}");
            refused(front, PLAIN, CloseReason.LIMIT_ROUTE);
            second.close();
            open.get(3).close();
            front.onlyRecord(CloseReason.COMPLETED);
            served(front, backend, PLAIN);
            limit(front, backend, "");
            served(front, backend, PLAIN);
            limit(front, backend, "limits: {connections: 3}");
            refused(front, PLAIN, CloseReason.LIMIT_CONNECTIONS);
            closeAll();
        }
    }

    private static void limit(Front front, ServerSocket backend, String limits) throws Exception {
        front.portshare.reload(
                RouteFile.parse("r.yaml", "listen: 127.0.0.1:0\n" + ALL.formatted(at(backend)) + limits, Path.of(".")));
    }

    private static void awaitActive(Front front, int count) {
        Awaitility.await()
                .until(() -> front.portshare.telemetry().totals().join().active() == count);
    }
}
