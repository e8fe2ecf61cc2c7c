package dev.portshare;

import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.tls.Hellos;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The head is decided alike however it arrives, and reaches the backend first and unchanged. */
class HeadTest {
    private static final String ROUTES = """
        routes:
          - {name: vpn, when: {protocol: openvpn}, to: "%s"}
          - {name: www, when: {sni: www.dev.test}, to: "%1$s"}
          - {name: rest, to: "%1$s"}
        """;

    /** And the line in the log has what came after that. */
    @Test
    void whereAllOfTlsLeadsToOnePlaceTheThirdByteIsEnough() throws Exception {
        byte[] hello = Hellos.head("www.dev.test", "h2");
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{name: vpn, when: {protocol: openvpn}, to: reject}, {name: rest, to: \"%s\"}]"
                                .formatted(Front.at(backend)));
                Socket client = front.connect(Arrays.copyOf(hello, 3));
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(3)).isEqualTo(Arrays.copyOf(hello, 3));
            for (int at = 3; at < hello.length; at++) {
                client.getOutputStream().write(hello[at]);
                assertThat(server.getInputStream().read()).isEqualTo(hello[at] & 255);
            }
            client.close();
            server.close();
            ConnectionRecord record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.route()).isEqualTo("rest");
            assertThat(record.protocol()).isEqualTo("tls");
            assertThat(record.serverName()).isEqualTo("www.dev.test");
            assertThat(record.applicationProtocols()).containsExactly("h2");
        }
    }

    @Test
    void aHeadThatNeverBecomesWholeIsUnrecognisedThoughItWasRoutedEarly() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.to(backend);
                Socket client = front.connect(new byte[] {0x16, 3, 1});
                Socket server = accept(backend)) {
            client.getOutputStream().write(Front.PLAIN);
            server.getInputStream().readNBytes(3 + Front.PLAIN.length);
            client.close();
            server.close();
            assertThat(front.onlyRecord(CloseReason.COMPLETED).protocol()).isEqualTo("unrecognised");
        }
    }

    @Test
    void recordedHeadsInSegmentsOfAnySizeTakeTheSameRouteUnchanged() throws Exception {
        Random random = new Random(7);
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            for (String file : List.of(
                    "tls-chromium-1.bin", "openvpn-plain-1.bin", "openvpn-tlscryptv2-1.bin", "tls-frag-2rec.bin")) {
                byte[] head = Corpus.bytes(file);
                ConnectionRecord whole = pass(front, backend, head, head.length);
                for (int i = 0; i < 8; i++) {
                    ConnectionRecord cut = pass(front, backend, head, 1 + random.nextInt(head.length - 1));
                    assertThat(cut.route()).as(file).isEqualTo(whole.route());
                    assertThat(cut.protocol()).isEqualTo(whole.protocol());
                    assertThat(cut.serverName()).isEqualTo(whole.serverName());
                }
            }
        }
    }

    @Test
    void aPostQuantumHelloInTwoSegmentsIsRoutedByItsName() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            assertThat(pass(front, backend, Corpus.bytes("tls-chromium-1.bin"), 1400)
                            .route())
                    .isEqualTo("www");
        }
    }

    @Test
    void hellosUpTo64KiBAreRead() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            byte[] hello =
                    Hellos.hello().serverName("www.dev.test").paddedTo(60_000).headInRecordsOf(1000);
            assertThat(pass(front, backend, hello, 9_000).route()).isEqualTo("www");
        }
    }

    /** Nobody waits for long, though not each byte is a reason to look again; and what comes last is looked at, whatever is last. */
    @Test
    void aLargeHelloByteByByteIsReadToo() throws Exception {
        byte[] hello =
                Hellos.hello().serverName("www.dev.test").paddedTo(12_000).headInRecordsOf(1);
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            assertThat(pass(front, backend, hello, 1).route()).isEqualTo("www");
            byte[] web = ("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThat(pass(front, backend, web, 1).protocol()).isEqualTo("unrecognised");
        }
    }

    @Test
    void aHeadThatDecidesNothingIsCutOffAtItsLimit() throws Exception {
        // A hello of 60,000 bytes, one to a record: 360,000 bytes on the wire.
        byte[] endless =
                Hellos.hello().serverName("www.dev.test").paddedTo(60_000).headInRecordsOf(1);
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            ConnectionRecord record = pass(front, backend, endless, endless.length);
            assertThat(record.route()).isEqualTo("rest");
            assertThat(record.protocol()).isEqualTo("unrecognised");
        }
    }

    @Test
    void whatEndsEarlyIsUnrecognised() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTES.formatted(Front.at(backend)))) {
            byte[] half = Arrays.copyOf(Corpus.bytes("tls-chromium-1.bin"), 1000);
            ConnectionRecord record = pass(front, backend, half, half.length);
            assertThat(record.protocol()).isEqualTo("unrecognised");
            assertThat(record.route()).isEqualTo("rest");
        }
    }

    @Test
    void manyLargeHeadsAreBoundedTogetherAndSmallOnesStillRead() throws Exception {
        byte[] large = Arrays.copyOf(Hellos.hello().paddedTo(60_000).headInRecordsOf(1), 100_000);
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: www, when: {sni: www.dev.test}, to: "%s"}
                      - {name: rest, to: reject}
                    timeouts: {head: 50s}
                    """.formatted(Front.at(backend)))) {
            // Each takes up 100,000 bytes and more, so 167 of them take up all that there is.
            for (int i = 0; i < 250; i++) {
                Socket client = front.connect();
                clients.add(client);
                try {
                    client.getOutputStream().write(large);
                } catch (SocketException _) {
                    // Turned away in the middle of it.
                }
            }
            assertThat(front.record().protocol()).isEqualTo("unrecognised");
            assertReachesBackend(front, backend, Corpus.bytes("tls-chromium-1.bin"), 700);
            for (Socket client : clients) {
                client.close();
            }
            // One record each, and one of the browser; the first is read already.
            for (int i = 0; i < clients.size(); i++) {
                front.record();
            }
            byte[] whole =
                    Hellos.hello().serverName("www.dev.test").paddedTo(60_000).headInRecordsOf(1000);
            assertReachesBackend(front, backend, whole, 9_000);
        }
    }

    private static void assertReachesBackend(Front front, ServerSocket backend, byte[] head, int size)
            throws Exception {
        try (Socket client = front.connect()) {
            send(client, head, size);
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
            }
        }
    }

    /** Sends {@code head} in segments of {@code size}, ends, and checks that the backend gets just that. */
    private static ConnectionRecord pass(Front front, ServerSocket backend, byte[] head, int size)
            throws IOException, InterruptedException {
        try (Socket client = front.connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    send(client, head, size);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(head);
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            sender.join();
        }
        ConnectionRecord record = front.record();
        assertThat(record.close()).isEqualTo(CloseReason.COMPLETED);
        assertThat(record.in()).isEqualTo(head.length);
        return record;
    }

    private static void send(Socket client, byte[] head, int size) throws IOException {
        for (int from = 0; from < head.length; from += size) {
            client.getOutputStream().write(head, from, Math.min(size, head.length - from));
            // Lets the segment arrive alone more often than not; the test holds either way.
            Thread.yield();
        }
    }
}
