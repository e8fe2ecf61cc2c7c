package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.proxy.Headers;
import dev.portshare.detect.proxy.ProxyAddresses;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.detect.proxy.ProxyReading;
import dev.portshare.handover.Handover;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.session.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend is told first of all whose connection it gets, and then gets what the client sent, and no more. */
class ClientAddressTest {
    private static final byte[] HELLO = Corpus.bytes("tls-openssl-13-sni.bin");
    private static final int AUTHORITY = 2;
    private static final int UNIQUE_ID = 5;

    /** Undecided for longer than its first bytes, unless those leave but one way. */
    private static final String ROUTES = """
        listen: "%s"
        routes:
          - {name: vpn, when: {protocol: openvpn}, to: reject}
          - {name: web, to: "%s", proxy-protocol: %s}
        """;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0,127.0.0.1,v1",
        "127.0.0.1:0,127.0.0.1,v2",
        "127.0.0.1:0,127.0.0.1,v2-crc32c",
        "[::1]:0,::1,v1",
        "[::1]:0,::1,v2-crc32c",
        // One socket for both families, on which IPv4 is mapped.
        ":0,127.0.0.1,v1",
        ":0,127.0.0.1,v2",
        ":0,::1,v2"
    })
    void theBackendKnowsBothAddresses(String listener, String address, String version) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted(listener, at(backend), version));
                Socket client = front.connect(address)) {
            client.getOutputStream().write(PLAIN);
            client.shutdownOutput();
            try (Socket server = accept(backend)) {
                ProxyHeader header = header(server);
                assertThat(header.addresses()).isEqualTo(addresses(client));
                assertThat(header.bytes().get(0)).isEqualTo((byte) (version.equals("v1") ? 'P' : '\r'));
                assertThat(header.tlv(3) != null).isEqualTo(version.equals("v2-crc32c"));
                assertThat(header.tlv(AUTHORITY)).isNull();
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            ConnectionRecord record = front.record();
            assertThat(record.in()).isEqualTo(PLAIN.length);
            assertThat(record.client()).hasToString(String.valueOf(endpoint(client.getLocalSocketAddress())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void theHeaderDoesNotDependOnHowTcpCutTheHello(String version) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted("127.0.0.1:0", at(backend), version))) {
            for (int cut = 1; cut < HELLO.length; cut += 11) {
                try (Socket client = front.connect()) {
                    client.getOutputStream().write(HELLO, 0, cut);
                    // Lets the piece arrive alone more often than not; the test holds either way.
                    Thread.yield();
                    client.getOutputStream().write(HELLO, cut, HELLO.length - cut);
                    client.shutdownOutput();
                    ProxyHeader header;
                    try (Socket server = accept(backend)) {
                        header = header(server);
                        assertThat(header.addresses()).isEqualTo(addresses(client));
                        assertThat(text(header, AUTHORITY)).isEqualTo(version.equals("v1") ? null : "www.dev.test");
                        assertThat(server.getInputStream().readAllBytes()).isEqualTo(HELLO);
                    }
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                    ConnectionRecord record = front.record();
                    assertThat(record.in()).isEqualTo(HELLO.length);
                    if (version.equals("v2")) {
                        assertThat(text(header, UNIQUE_ID)).startsWith(record.id() + "-");
                    }
                }
            }
        }
    }

    /** A server that speaks first knows whom it greets. */
    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void aSilentClientsBackendIsToldAtOnceAndGetsTheHeadBehind(String version) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(
                        ROUTES.formatted("127.0.0.1:0", at(backend), version) + "timeouts: {silent: 0s}\n");
                Socket client = front.connect();
                Socket server = accept(backend)) {
            assertThat(header(server).addresses()).isEqualTo(addresses(client));
            client.getOutputStream().write(PLAIN);
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            server.close();
            ConnectionRecord record = front.onlyRecord(CloseReason.COMPLETED);
            assertThat(record.in()).isEqualTo(PLAIN.length);
            assertThat(record.headNanos()).isPositive();
        }
    }

    /** What the client turns out to ask for has to stand before all else, so it is told on another connection. */
    @Test
    void aBackendThatWasToldTooEarlyIsConnectedAnew() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front =
                        Front.serving(ROUTES.formatted("127.0.0.1:0", at(backend), "v2") + "timeouts: {silent: 0s}\n");
                Socket client = front.connect();
                Socket early = accept(backend)) {
            ProxyHeader first = header(early);
            assertThat(first.tlv(AUTHORITY)).isNull();
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();
            assertThat(early.getInputStream().read()).isEqualTo(-1);
            try (Socket server = accept(backend)) {
                ProxyHeader second = header(server);
                assertThat(text(second, AUTHORITY)).isEqualTo("www.dev.test");
                assertThat(second.tlv(UNIQUE_ID)).isEqualTo(first.tlv(UNIQUE_ID));
                assertThat(second.addresses()).isEqualTo(first.addresses());
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(HELLO);
            }
            assertThat(front.onlyRecord(CloseReason.COMPLETED).in()).isEqualTo(HELLO.length);
        }
    }

    @Test
    void theAddressesOfAProxyInFrontGoOn() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("""
                    listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}
                    routes: [{to: "%s", proxy-protocol: v2}]
                    """.formatted(at(backend)))) {
            for (byte[] incoming : new byte[][] {
                Headers.ipv4(Headers.tlv(AUTHORITY, ascii("not.dev.test"))),
                ascii("PROXY TCP6 2001:db8::7 ::ffff:203.0.113.5 51234 443\r\n")
            }) {
                try (Socket client = front.connect(concat(incoming, PLAIN));
                        Socket server = accept(backend)) {
                    ProxyHeader header = header(server);
                    assertThat(header.addresses())
                            .isEqualTo(((ProxyHeader) ProxyHeader.read(ByteBuffer.wrap(incoming))).addresses());
                    assertThat(header.tlv(AUTHORITY)).isNull();
                    client.shutdownOutput();
                    assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
                }
                assertThat(front.record().in()).isEqualTo(PLAIN.length);
            }
        }
    }

    /** Also: a head as large as heads may be, which is read at once, has room behind the header. */
    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void aClientOfAUnixSocketHasNoAddress(String version, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("listener");
        byte[] data = new byte[160 * 1024];
        new Random(3).nextBytes(data);
        System.arraycopy(PLAIN, 0, data, 0, PLAIN.length);
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(ROUTES.formatted("unix:" + path, at(backend), version));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            CountDownLatch written = new CountDownLatch(1);
            front.portshare.loops().getFirst().execute(() -> awaitQuietly(written));
            client.configureBlocking(false);
            ByteBuffer rest = ByteBuffer.wrap(data);
            client.write(rest);
            written.countDown();
            client.configureBlocking(true);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.write(rest);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (Socket server = accept(backend)) {
                ProxyHeader header = header(server);
                assertThat(header.addresses()).isEqualTo(ProxyAddresses.OWN);
                assertThat(header.length()).isEqualTo(version.equals("v1") ? "PROXY UNKNOWN\r\n".length() : 16);
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(data);
            }
            sender.join();
            assertThat(front.onlyRecord(CloseReason.COMPLETED).in()).isEqualTo(data.length);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before its backend got any of it, a connection begins anew in the process that goes on with it. */
    @ParameterizedTest
    @CsvSource({"0,0s", "40,0s", "40,3s"})
    void whoeverGoesOnWithAConnectionTellsItsBackend(int cut, String silent) throws Exception {
        try (ServerSocket backend = Front.backend()) {
            String yaml = ROUTES.formatted("127.0.0.1:0", at(backend), "v2") + "timeouts: {silent: " + silent + "}\n";
            try (Front before = Front.serving(yaml);
                    Front after = Front.serving(yaml);
                    Socket client = before.connect()) {
                client.getOutputStream().write(HELLO, 0, cut);
                await().until(() -> before.portshare
                                .loops()
                                .getFirst()
                                .submit(() ->
                                        before.portshare.loops().getFirst().live())
                                .get()
                        == 1);
                SocketPair pair = SocketPair.open();
                Handover handover = new Handover(pair.one());
                before.portshare.handOn(handover).join();
                assertThat(after.portshare.takeOver(pair.other())).isEqualTo(1);
                client.getOutputStream().write(HELLO, cut, HELLO.length - cut);
                client.shutdownOutput();
                // Of what was connected early nothing came but a header, if that.
                byte[] received = {};
                ProxyHeader header = null;
                while (received.length == 0) {
                    try (Socket server = accept(backend)) {
                        header = headerIfAny(server);
                        received = server.getInputStream().readAllBytes();
                    }
                }
                assertThat(received).isEqualTo(HELLO);
                assertThat(text(header, AUTHORITY)).isEqualTo("www.dev.test");
                assertThat(header.addresses()).isEqualTo(addresses(client));
                assertThat(after.record().in()).isEqualTo(HELLO.length);
            }
        }
    }

    private static ProxyAddresses addresses(Socket client) {
        return new ProxyAddresses.Inet(
                endpoint(client.getLocalSocketAddress()), endpoint(client.getRemoteSocketAddress()));
    }

    private static Endpoint endpoint(SocketAddress address) {
        return Endpoint.of((InetSocketAddress) address);
    }

    private static String text(ProxyHeader header, int type) {
        ByteBuffer value = header.tlv(type);
        return value == null ? null : StandardCharsets.ISO_8859_1.decode(value).toString();
    }

    private static ProxyHeader header(Socket server) throws IOException {
        ProxyHeader header = headerIfAny(server);
        assertThat(header).isNotNull();
        return header;
    }

    /** Reads a header off {@code server}, byte by byte; null where it ends before. */
    private static ProxyHeader headerIfAny(Socket server) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProxyReading reading = ProxyReading.NEED_MORE;
        while (reading == ProxyReading.NEED_MORE) {
            int next = server.getInputStream().read();
            if (next < 0) {
                return null;
            }
            bytes.write(next);
            reading = ProxyHeader.read(ByteBuffer.wrap(bytes.toByteArray()));
        }
        assertThat(reading).isInstanceOf(ProxyHeader.class);
        return (ProxyHeader) reading;
    }
}
