package dev.portshare.backend.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.route.ProxyProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that are not as they should be; those that are, are ProbeIT's. */
class ProbeTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final byte[] NOTHING = {};
    private static final Probe TCP = new TcpProbe(NOTHING);
    private static final Probe TLS = new TlsProbe(NOTHING, "web.example.org");
    private static final Probe OPENVPN = new OpenVpnProbe(NOTHING, null, InstantSource.system());

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** What the first client of {@code server} sends, to whom {@code answer} is all that is said. */
    private static CompletableFuture<byte[]> serve(ServerSocket server, String answer) {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                client.shutdownOutput();
                received.complete(client.getInputStream().readAllBytes());
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        });
        return received;
    }

    @Test
    void whereNobodyListensEachSaysSo() throws Exception {
        SocketAddress dead;
        try (ServerSocket server = server()) {
            dead = server.getLocalSocketAddress();
        }
        for (Probe probe : List.of(TCP, TLS, OPENVPN)) {
            assertThatThrownBy(() -> probe.check(dead, LONG)).hasMessage("Connection refused");
        }
    }

    @Test
    void whoSaysNothingIsWaitedForSoLongAndNoLonger() throws Exception {
        try (ServerSocket server = server()) {
            assertThatCode(() -> TCP.check(server.getLocalSocketAddress(), LONG))
                    .doesNotThrowAnyException();
            for (Probe probe : List.of(TLS, OPENVPN)) {
                assertThatThrownBy(() -> probe.check(server.getLocalSocketAddress(), SHORT))
                        .isInstanceOf(IOException.class)
                        .hasMessage("no answer within 100 ms");
            }
        }
    }

    @Test
    void whoHangsUpIsNotWell() throws Exception {
        for (Probe probe : List.of(TLS, OPENVPN)) {
            try (ServerSocket server = server()) {
                var _ = serve(server, "");
                assertThatThrownBy(() -> probe.check(server.getLocalSocketAddress(), LONG))
                        .hasMessage("it closed the connection");
            }
        }
    }

    @Test
    void anotherProtocolIsNotWhatWasAskedFor() throws Exception {
        for (String other : List.of("SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n")) {
            try (ServerSocket server = server()) {
                var _ = serve(server, other);
                assertThatThrownBy(() -> TLS.check(server.getLocalSocketAddress(), LONG))
                        .hasMessageStartingWith("no TLS: ");
            }
            try (ServerSocket server = server()) {
                var _ = serve(server, other);
                assertThatThrownBy(() -> OPENVPN.check(server.getLocalSocketAddress(), LONG))
                        .hasMessageStartingWith("no OpenVPN: ");
            }
        }
    }

    @Test
    void aUnixSocketIsABackendToo(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("app.sock"));
        assertThatThrownBy(() -> TCP.check(address, LONG)).isInstanceOf(IOException.class);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            assertThatCode(() -> TCP.check(address, LONG)).doesNotThrowAnyException();
            assertThatThrownBy(() -> TLS.check(address, SHORT)).hasMessage("no answer within 100 ms");
        }
    }

    @Test
    void aBackendThatIsToldOfItsClientsIsToldThatThisIsNone() throws Exception {
        assertThat(Preface.of(null)).isEmpty();
        for (ProxyProtocol protocol : ProxyProtocol.values()) {
            try (ServerSocket server = server()) {
                CompletableFuture<byte[]> received = serve(server, "");
                new TcpProbe(Preface.of(protocol)).check(server.getLocalSocketAddress(), LONG);
                assertThat(received.get(60, TimeUnit.SECONDS))
                        .asString(StandardCharsets.ISO_8859_1)
                        .isEqualTo(protocol == ProxyProtocol.V1 ? "PROXY UNKNOWN\r\n" : "\r\n\r\n\0\r\nQUIT\n \0\0\0");
            }
        }
    }
}
