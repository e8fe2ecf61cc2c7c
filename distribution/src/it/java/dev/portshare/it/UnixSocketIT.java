package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.UnixEcho;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners and backends other than an address and a port. */
class UnixSocketIT {
    @TempDir
    private Path folder;

    @Test
    void aBackendMayBeAUnixSocket() throws Exception {
        Path path = folder.resolve("backend.sock");
        try (UnixEcho _ = new UnixEcho(path);
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", "unix:" + path)) {
            Connection connection = echo(portshare);
            assertThat(connection.get("backend")).isEqualTo("unix:" + path);
        }
    }

    @Test
    void aListenerMayBeAUnixSocketWhichIsGoneAfterwards() throws Exception {
        Path path = folder.resolve("front.sock");
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.start("--listen", "unix:" + path, "--otherwise", at(echo))) {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(ByteBuffer.wrap(PLAIN));
                ByteBuffer answer = ByteBuffer.allocate(PLAIN.length);
                while (answer.hasRemaining() && client.read(answer) >= 0) {}
                assertThat(answer.array()).isEqualTo(PLAIN);
            }
            Connection connection = portshare.connection();
            assertThat(connection.get("src")).isEqualTo("-");
            assertThat(connection.close()).isEqualTo("completed");
            portshare.signal("TERM");
            assertThat(portshare.exitCode()).isZero();
            assertThat(Files.exists(path)).isFalse();
        }
    }

    /** Only Linux' own tools can talk to an abstract socket; so one portshare leads to another. */
    @Test
    void listenerAndBackendMayBeAnAbstractUnixSocket() throws Exception {
        String name = "unix:@portshare-it-" + ProcessHandle.current().pid();
        try (ServerSocket echo = Sockets.echo();
                Portshare inner = Portshare.start("--listen", name, "--otherwise", at(echo));
                Portshare outer = Portshare.start("--listen", "0", "--otherwise", name)) {
            assertThat(echo(outer).get("backend")).isEqualTo(name);
            assertThat(inner.connection().number("in")).isEqualTo(PLAIN.length);
        }
    }

    @Test
    void aBackendMayBeAName() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare =
                        Portshare.start("--listen", "0", "--otherwise", "localhost:" + echo.getLocalPort())) {
            // The name may mean ::1 first, where nothing listens.
            assertThat(echo(portshare).get("backend")).isEqualTo("localhost:" + echo.getLocalPort());
        }
    }

    private static Connection echo(Portshare portshare) throws Exception {
        try (Socket client = connect(portshare, PLAIN)) {
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
        }
        Connection connection = portshare.connection();
        assertThat(connection.close()).isEqualTo("completed");
        return connection;
    }
}
