package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of backend, and every way in which one fails: it costs its own client alone, and is named. */
class BackendTest {
    @Test
    void ipv6() throws Exception {
        try (ServerSocket backend = Front.backend("::1");
                Front front = Front.to(backend)) {
            assertPasses(front, backend);
        }
    }

    @Test
    void aNameIsResolved() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(
                        "routes: [{name: all, to: \"localhost:%d\"}]".formatted(backend.getLocalPort()))) {
            assertPasses(front, backend);
            // The second time the answer is known.
            assertPasses(front, backend);
        }
    }

    @Test
    void aUnixSocket(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("web.sock");
        try (ServerSocketChannel backend =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
                Front front = Front.routing("routes: [{name: all, to: \"unix:%s\"}]".formatted(path));
                Socket client = front.connect(PLAIN);
                var server = backend.accept()) {
            ByteBuffer received = ByteBuffer.allocate(PLAIN.length);
            while (received.hasRemaining()) {
                server.read(received);
            }
            assertThat(received.array()).isEqualTo(PLAIN);
            server.write(received.flip());
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
        }
    }

    @Test
    void oneThatRefusesClosesItsClientAlone() throws Exception {
        ServerSocket down = Front.backend();
        String address = Front.at(down);
        down.close();
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: down, when: {protocol: tls}, to: "%s"}
                      - {name: up, to: "%s"}
                    """.formatted(address, Front.at(backend)));
                Socket other = front.connect(PLAIN);
                Socket server = accept(backend);
                Socket client = front.connect(dev.portshare.detect.Corpus.bytes("tls-chromium-1.bin"))) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var record = front.onlyRecord(CloseReason.BACKEND_REFUSED);
            assertThat(record.route()).isEqualTo("down");
            assertThat(record.backend()).isEqualTo(address);
            server.getOutputStream().write(5);
            assertThat(other.getInputStream().read()).isEqualTo(5);
        }
    }

    @Test
    void oneThatDoesNotAnswerTimesOut() throws Exception {
        // A full accept queue: Linux drops the SYN of whoever comes next.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {connect: 300ms}".formatted(Front.at(full)))) {
            List<Socket> queue = fill(full);
            try (Socket client = front.connect(PLAIN)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(front.onlyRecord(CloseReason.BACKEND_TIMEOUT).connectNanos())
                        .isEqualTo(-1);
            }
            close(queue);
        }
    }

    @Test
    void aConnectionThatIsPendingForAWhileGetsTheWholeHead() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {connect: 15s}".formatted(Front.at(full)))) {
            full.setSoTimeout(20_000);
            List<Socket> queue = fill(full);
            try (Socket client = front.connect(PLAIN)) {
                client.getOutputStream().write(PLAIN);
                client.shutdownOutput();
                for (Socket waiting : queue) {
                    full.accept().close();
                    waiting.close();
                }
                try (Socket server = accept(full)) {
                    assertThat(server.getInputStream().readAllBytes())
                            .hasSize(2 * PLAIN.length)
                            .startsWith(PLAIN);
                    server.getOutputStream().write(PLAIN);
                }
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            }
        }
    }

    @Test
    void aClientThatResetsMeanwhileIsNotWaitedFor() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Front front = Front.routing(
                        "routes: [{name: all, to: \"%s\"}]\ntimeouts: {connect: 15s}".formatted(Front.at(full)))) {
            List<Socket> queue = fill(full);
            Front.reset(front.connect(PLAIN));
            front.onlyRecord(CloseReason.CLIENT_RESET);
            close(queue);
        }
    }

    @Test
    void anUnknownNameAndAMissingPathAreNamed(@TempDir Path folder) throws Exception {
        try (Front front = Front.routing("""
            routes:
              - {name: path, when: {protocol: tls}, to: "unix:%s"}
              - {name: name, to: "no-such-host.invalid:443"}
            """.formatted(folder.resolve("none")))) {
            try (Socket client = front.connect(PLAIN)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                front.onlyRecord(CloseReason.BACKEND_UNKNOWN);
            }
            try (Socket client = front.connect(dev.portshare.detect.Corpus.bytes("tls-chromium-1.bin"))) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                front.onlyRecord(CloseReason.BACKEND_UNREACHABLE);
            }
        }
    }

    private static void assertPasses(Front front, ServerSocket backend) throws Exception {
        try (Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            client.close();
            server.close();
            assertThat(front.record().connectNanos()).isNotNegative();
        }
    }

    /** Connects to {@code server} until it takes no more. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> queue = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
                queue.add(socket);
            } catch (java.net.SocketTimeoutException _) {
                socket.close();
                return queue;
            }
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
