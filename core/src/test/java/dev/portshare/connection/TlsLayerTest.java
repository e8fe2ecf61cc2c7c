package dev.portshare.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.session.CloseReason;
import dev.portshare.tls.ServerContext;
import dev.portshare.tls.TestCertificates;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in TLS outside and plain inside arrives whole, ends as it ended, and waits where nobody reads; however it was cut. */
class TlsLayerTest {
    private static final ServerContext SERVER = new ServerContext(TestCertificates.termination());
    private static final int MANY = 5_000_000;

    private final byte[] data = new byte[MANY];

    TlsLayerTest() {
        new Random(1).nextBytes(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void fiveMegabytesEachWayAtOnceArriveWhole(String version) throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, version);
            client.startHandshake();
            assertThat(client.getSession().getProtocol()).isEqualTo(version);
            Socket backend = tunnel.backend();
            var up = sending(client.getOutputStream(), data);
            var down = sending(backend.getOutputStream(), data);
            var received = received(backend.getInputStream());
            assertThat(client.getInputStream().readNBytes(MANY)).isEqualTo(data);
            assertThat(received.get()).isEqualTo(data);
            up.get();
            down.get();
            client.shutdownOutput();
            assertThat(backend.getInputStream().read()).isEqualTo(-1);
            backend.close();
            assertThat(tunnel.end()).isEqualTo(CloseReason.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void segmentsOfOneByteAreNoHindrance(String version) throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER);
                ServerSocket between = new ServerSocket(0);
                Socket near = new Socket("127.0.0.1", between.getLocalPort());
                Socket far = between.accept()) {
            SSLSocket client = TestCertificates.client(near, version);
            near.setSoTimeout(20_000);
            var up = cutting(far, tunnel.client);
            var down = CompletableFuture.runAsync(() -> move(tunnel.client, far, 70_000), Thread::startVirtualThread);
            client.startHandshake();
            Socket backend = tunnel.backend();
            client.getOutputStream().write(data, 0, 20_000);
            assertThat(backend.getInputStream().readNBytes(20_000)).isEqualTo(head(20_000));
            backend.getOutputStream().write(data, 0, 20_000);
            assertThat(client.getInputStream().readNBytes(20_000)).isEqualTo(head(20_000));
            client.shutdownOutput();
            assertThat(backend.getInputStream().read()).isEqualTo(-1);
            backend.close();
            assertThat(tunnel.end()).isEqualTo(CloseReason.COMPLETED);
            up.get();
            down.get();
        }
    }

    @Test
    void recordsOfOneByteAreNoHindrance() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            var up = CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int i = 0; i < 10_000; i++) {
                                client.getOutputStream().write(data[i]);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Thread::startVirtualThread);
            assertThat(backend.getInputStream().readNBytes(10_000)).isEqualTo(head(10_000));
            up.get();
        }
    }

    /** Whoever sends is stopped, and no more waits here than the layer may keep. */
    private static void assertIsHeldBack(CompletableFuture<?> sending) {
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(() -> !sending.isDone());
        assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                .as("one chunk, encrypted")
                .isLessThanOrEqualTo(65 * 1024);
    }

    @Test
    void aClientThatDoesNotReadStopsTheBackendAndLosesNothing() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            byte[] bytes = new byte[30_000_000];
            new Random(2).nextBytes(bytes);
            var down = sending(backend.getOutputStream(), bytes);
            assertIsHeldBack(down);
            // The other direction goes on.
            client.getOutputStream().write(data, 0, 1000);
            assertThat(backend.getInputStream().readNBytes(1000)).isEqualTo(head(1000));
            assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            down.get();
        }
    }

    @Test
    void aBackendThatDoesNotReadStopsTheClientAndLosesNothing() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            byte[] bytes = new byte[30_000_000];
            new Random(3).nextBytes(bytes);
            var up = sending(client.getOutputStream(), bytes);
            assertIsHeldBack(up);
            assertThat(backend.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            up.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void afterTheClientsEndTheBackendStillSends(String version) throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, version);
            client.startHandshake();
            Socket backend = tunnel.backend();
            client.getOutputStream().write(data, 0, 100);
            client.shutdownOutput();
            assertThat(backend.getInputStream().readAllBytes()).isEqualTo(head(100));
            var down = sending(backend.getOutputStream(), data);
            assertThat(client.getInputStream().readNBytes(MANY)).isEqualTo(data);
            down.get();
            backend.close();
            // An end without close_notify would be an exception.
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(tunnel.end()).isEqualTo(CloseReason.COMPLETED);
        }
    }

    @Test
    void afterTheBackendsEndTheClientStillSends() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, "TLSv1.3");
            client.startHandshake();
            Socket backend = tunnel.backend();
            backend.getOutputStream().write(data, 0, 100);
            backend.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(head(100));
            var up = sending(client.getOutputStream(), data);
            assertThat(backend.getInputStream().readNBytes(MANY)).isEqualTo(data);
            up.get();
            client.close();
            assertThat(tunnel.end()).isEqualTo(CloseReason.COMPLETED);
        }
    }

    @Test
    void aFinWithoutCloseNotifyIsAnEndAllTheSame() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            client.getOutputStream().write(data, 0, 100);
            tunnel.client.shutdownOutput();
            assertThat(backend.getInputStream().readAllBytes()).isEqualTo(head(100));
            backend.getOutputStream().write(data, 0, 100);
            assertThat(client.getInputStream().readNBytes(100)).isEqualTo(head(100));
        }
    }

    @Test
    void aClientsResetIsOne() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            client.getOutputStream().write(1);
            assertThat(backend.getInputStream().read()).isEqualTo(1);
            tunnel.client.setSoLinger(true, 0);
            tunnel.client.close();
            assertThatThrownBy(() -> backend.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(tunnel.end()).isEqualTo(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void aBackendsResetIsOneAndNoEnd() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            client.getOutputStream().write(1);
            assertThat(backend.getInputStream().read()).isEqualTo(1);
            backend.setSoLinger(true, 0);
            backend.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
            assertThat(tunnel.end()).isEqualTo(CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void damagedBytesEndTheConnectionWithAnAlert() throws Exception {
        try (TlsTunnel tunnel = new TlsTunnel(SERVER)) {
            SSLSocket client = TestCertificates.client(tunnel.client, null);
            client.startHandshake();
            Socket backend = tunnel.backend();
            tunnel.client.getOutputStream().write(new byte[] {
                23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
            });
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("bad_record_mac");
            assertThatThrownBy(() -> backend.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(tunnel.end()).isEqualTo(CloseReason.CLIENT_RESET);
        }
    }

    private byte[] head(int length) {
        return java.util.Arrays.copyOf(data, length);
    }

    private static CompletableFuture<Void> sending(OutputStream out, byte[] bytes) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        out.write(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static CompletableFuture<byte[]> received(InputStream in) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return in.readNBytes(MANY);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static CompletableFuture<Void> cutting(Socket from, Socket to) {
        return CompletableFuture.runAsync(() -> move(from, to, 1), Thread::startVirtualThread);
    }

    private static void move(Socket from, Socket to, int most) {
        try {
            byte[] bytes = new byte[most];
            int count = from.getInputStream().read(bytes);
            while (count > 0) {
                to.getOutputStream().write(bytes, 0, count);
                count = from.getInputStream().read(bytes);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction has ended all.
        }
    }
}
