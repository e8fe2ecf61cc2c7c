package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.concat;
import static dev.portshare.detect.proxy.Headers.ipv4;
import static dev.portshare.detect.proxy.Headers.tlv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import dev.portshare.connection.ProxiedConnection;
import dev.portshare.detect.Corpus;
import dev.portshare.detect.proxy.Headers;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a trusted proxy the client is who its PROXY header names; from anyone else such a header is just bytes. */
class ProxyProtocolTest {
    private static final byte[] HELLO = Corpus.bytes("tls-openssl-13-sni.bin");
    private static final byte[] LINE = ascii("PROXY TCP6 2001:db8::7 2001:db8::5 51234 443\r\n");

    /** All that is trusted, and a route for the network of the client in {@link Headers#ipv4}. */
    private static final String ROUTES = """
        listen: {address: 127.0.0.1:0, proxy-protocol: {from: [127.0.0.1, "::1"]}}
        routes:
          - {name: office, when: {from: 192.0.2.0/24}, to: "%s"}
          - {name: six, when: {from: "2001:db8::/32"}, to: "%1$s"}
          - {name: here, when: {from: 127.0.0.0/8}, to: "%1$s"}
          - {name: rest, to: "%1$s"}
        """;

    @Test
    void theHeadersAddressesAreTheConnectionsAndItGoesNoFurther() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            ConnectionRecord record = pass(front, backend, ipv4(), HELLO);
            assertThat(record.client()).hasToString("192.0.2.7:51234");
            assertThat(record.local()).hasToString("203.0.113.5:443");
            assertThat(record.route()).isEqualTo("office");
            assertThat(record.protocol()).isEqualTo("tls");
            record = pass(front, backend, LINE, HELLO);
            assertThat(record.client()).hasToString("[2001:db8::7]:51234");
            assertThat(record.local()).hasToString("[2001:db8::5]:443");
            assertThat(record.route()).isEqualTo("six");
        }
    }

    /** caddy-l4 kept a stale buffer after a PROXY header: wherever it is cut, the head behind it arrives whole. */
    @Test
    void headerAndHeadMayBeCutAnywhere() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            for (byte[] header : List.of(ipv4(tlv(4, new byte[40])), LINE)) {
                for (int cut = 1; cut < header.length + 20; cut++) {
                    assertThat(pass(front, backend, header, HELLO, cut).route()).isNotEqualTo("here");
                }
                assertThat(pass(front, backend, header, HELLO, 1).protocol()).isEqualTo("tls");
            }
        }
    }

    @Test
    void aHeaderOfTheLargestSizeInSmallPiecesIsRead() throws Exception {
        byte[] largest = ipv4(tlv(4, new byte[ProxyHeader.MAX_LENGTH - 16 - 12 - 3]));
        assertThat(largest).hasSize(ProxyHeader.MAX_LENGTH);
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            assertThat(pass(front, backend, largest, HELLO, 100).route()).isEqualTo("office");
        }
    }

    @Test
    void fromAnyoneElseAHeaderIsJustBytes() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.2}}
                    routes: [{name: rest, to: "%s"}]
                    """.formatted(Front.at(backend)))) {
            ConnectionRecord record = pass(front, backend, new byte[0], concat(ipv4(), HELLO));
            assertThat(record.protocol()).isEqualTo("unrecognised");
            assertThat(record.client().hostString()).isEqualTo("127.0.0.1");
            assertThat(record.local().port()).isEqualTo(front.port);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.0\r\n", "PROXY TCP4 999", "\r\n\r\n\0\r\nQUIT\n\u0011", "PROXY UNKNOWN\n", "\u0016"
            })
    void aTrustedProxysBrokenHeaderClosesAtOnce(String head) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)));
                Socket client = front.connect(ascii(head))) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertRefused(front);
        }
    }

    @Test
    void aTrustedProxysHeaderIsDueBeforeItEnds() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            for (byte[] head : new byte[][] {{}, {'P'}, ascii("PROXY TCP4 192.0.2.7 203.0.113.5 51234 443\r")}) {
                try (Socket client = front.connect(head)) {
                    client.shutdownOutput();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                    assertRefused(front);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 192.0.2.7 "})
    void aTrustedProxysHeaderIsDueBeforeTheHeadsDeadline(String head) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front =
                        Front.serving(ROUTES.formatted(Front.at(backend)) + "timeouts: {silent: 50ms, head: 300ms}\n");
                Socket client = front.connect(ascii(head))) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            ConnectionRecord record = assertRefused(front);
            assertThat(Duration.ofNanos(record.nanos())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    private static ConnectionRecord assertRefused(Front front) throws Exception {
        ConnectionRecord record = front.onlyRecord(CloseReason.PROXY_HEADER);
        assertThat(record.client().hostString()).isEqualTo("127.0.0.1");
        assertThat(record.protocol()).isNull();
        assertThat(record.route()).isNull();
        assertThat(record.in()).isZero();
        return record;
    }

    @Test
    void aHeaderThatNamesNobodyLeavesTheConnectionsOwnAddresses() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            for (byte[] header : List.of(
                    ascii("PROXY UNKNOWN\r\n"),
                    ascii("PROXY UNKNOWN 192.0.2.7 203.0.113.5 1 2\r\n"),
                    Headers.of(0x20, 0x11, new byte[12]),
                    Headers.of(0x21, 0x00, new byte[12]))) {
                ConnectionRecord record = pass(front, backend, header, HELLO);
                assertThat(record.route()).isEqualTo("here");
                assertThat(record.client().hostString()).isEqualTo("127.0.0.1");
                assertThat(record.local().port()).isEqualTo(front.port);
            }
        }
    }

    @Test
    void aClientOnAUnixSocketOfTheProxysIsFromNowhere() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)))) {
            ConnectionRecord record = pass(front, backend, Headers.of(0x21, 0x31, new byte[216]), HELLO);
            assertThat(record.route()).isEqualTo("rest");
            assertThat(record.client()).isNull();
            assertThat(record.local()).isNull();
        }
    }

    @Test
    void whoMayOpenAUnixListenerIsTrustedWhereTheListSaysSo(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("listener");
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend))
                        .replace("127.0.0.1:0", "\"unix:" + path + "\"")
                        .replace("\"::1\"]", "unix]"));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(concat(ipv4(), PLAIN)));
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            }
            client.close();
            ConnectionRecord record = front.record();
            assertThat(record.client()).hasToString("192.0.2.7:51234");
            assertThat(record.local()).hasToString("203.0.113.5:443");
            assertThat(record.route()).isEqualTo("office");
        }
    }

    /** Its silence counts from the end of the header: before that nobody knows whose it is. */
    @Test
    void aClientThatIsSilentBehindItsHeaderGoesWhereSilentClientsOfItsAddressGo() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                    routes:
                      - {name: wrong, when: {protocol: silent, from: 127.0.0.1}, to: reject}
                      - {name: quiet, when: {protocol: silent, from: 192.0.2.0/24}, to: "%s"}
                      - {name: rest, to: reject}
                    timeouts: {silent: 200ms, head: 20s}
                    """.formatted(Front.at(backend)));
                Socket client = front.connect(ipv4());
                Socket server = accept(backend)) {
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.close();
            client.close();
            ConnectionRecord record = front.record();
            assertThat(record.route()).isEqualTo("quiet");
            assertThat(record.protocol()).isEqualTo("silent");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void oneByteBehindTheHeaderEndsTheSilence() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                    routes:
                      - {name: quiet, when: {protocol: silent}, to: reject}
                      - {name: named, when: {sni: named.dev.test}, to: reject}
                      - {name: rest, to: "%s"}
                    timeouts: {silent: 200ms, head: 1s}
                    """.formatted(Front.at(backend)));
                Socket client = front.connect(concat(ipv4(), new byte[] {0x16}));
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().read()).isEqualTo(0x16);
            server.close();
            client.close();
            ConnectionRecord record = front.record();
            assertThat(record.route()).isEqualTo("rest");
            assertThat(Duration.ofNanos(record.headNanos())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    /** With {@code silent: 0s} the backend is connected when it is known whose connection it is, and not before. */
    @Test
    void aBackendAtAcceptIsTheOneForTheHeadersClient() throws Exception {
        try (ServerSocket wrong = Front.backend();
                ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                    routes:
                      - {name: wrong, when: {from: 127.0.0.1}, to: "%s"}
                      - {name: right, to: "%s"}
                    timeouts: {silent: 0s}
                    """.formatted(Front.at(wrong), Front.at(backend)));
                Socket client = front.connect(ipv4());
                Socket server = accept(backend)) {
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            client.close();
            server.close();
            assertThat(front.record().route()).isEqualTo("right");
            wrong.setSoTimeout(1);
            org.assertj.core.api.Assertions.assertThatThrownBy(wrong::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void liveConnectionsShowTheHeadersAddressAndKeepItsTlvs() throws Exception {
        byte[] authority = tlv(2, ascii("www.example.org"));
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(Front.at(backend)));
                Socket client = front.connect(concat(ipv4(authority), HELLO));
                Socket server = accept(backend)) {
            server.getInputStream().readNBytes(HELLO.length);
            List<String> clients = new ArrayList<>();
            List<ByteBuffer> tlvs = new ArrayList<>();
            front.portshare
                    .telemetry()
                    .eachLive(session -> {
                        clients.add(String.valueOf(session.live().client()));
                        tlvs.add(((ProxiedConnection) session).header().tlvs());
                    })
                    .join();
            assertThat(clients).containsExactly("192.0.2.7:51234");
            assertThat(tlvs).containsExactly(ByteBuffer.wrap(authority));
            client.close();
        }
    }

    /** A listener that stays takes the new list for whoever is accepted from then on; its files are read anew. */
    @Test
    void aReloadChangesWhoIsTrusted(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("proxies.txt");
        Path file = folder.resolve("portshare.yaml");
        Files.writeString(list, "# nobody yet\n");
        try (ServerSocket backend = Front.backend()) {
            String yaml = """
                listen: {address: 127.0.0.1:0, proxy-protocol: {from: ./proxies.txt}}
                routes: [{name: office, when: {from: 192.0.2.0/24}, to: "%s"}, {name: rest, to: "%1$s"}]
                """.formatted(Front.at(backend));
            Files.writeString(file, yaml);
            try (Front front = Front.reading(file)) {
                assertThat(pass(front, backend, new byte[0], concat(ipv4(), HELLO))
                                .route())
                        .isEqualTo("rest");
                Files.writeString(list, "127.0.0.1\n");
                front.portshare.reload(RouteFile.read(file));
                assertThat(pass(front, backend, ipv4(), HELLO).route()).isEqualTo("office");
                Files.writeString(file, yaml.replaceFirst("\\{address: (\\S+),.*", "$1"));
                front.portshare.reload(RouteFile.read(file));
                assertThat(pass(front, backend, new byte[0], concat(ipv4(), HELLO))
                                .route())
                        .isEqualTo("rest");
            }
        }
    }

    private static ConnectionRecord pass(Front front, ServerSocket backend, byte[] header, byte[] head)
            throws Exception {
        return pass(front, backend, header, head, header.length + head.length);
    }

    /** Sends both in pieces of {@code size}, and an end; the backend gets the head alone. */
    private static ConnectionRecord pass(Front front, ServerSocket backend, byte[] header, byte[] head, int size)
            throws Exception {
        byte[] all = concat(header, head);
        try (Socket client = front.connect()) {
            for (int from = 0; from < all.length; from += size) {
                client.getOutputStream().write(all, from, Math.min(size, all.length - from));
                // Lets the piece arrive alone more often than not; the test holds either way.
                Thread.yield();
            }
            client.shutdownOutput();
            try (Socket server = accept(backend)) {
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(head);
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        ConnectionRecord record = front.record();
        assertThat(record.close()).isEqualTo(CloseReason.COMPLETED);
        assertThat(record.in()).isEqualTo(head.length);
        return record;
    }
}
