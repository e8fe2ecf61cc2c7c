package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.FullBacklog;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of a backend's name with addresses of both families, one that leads nowhere costs a client little (RFC 8305). */
@Needs({"root", "unshare"})
class HappyEyeballsIT {
    /** Gives the program a hosts file of its own. */
    private static final String OWN_HOSTS = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

    @TempDir
    private Path folder;

    private Portshare toBoth(int port) throws Exception {
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 both.test\n::1 both.test\n");
        Path file = folder.resolve("portshare.yaml");
        Files.writeString(file, "listen: 127.0.0.1:0\nroutes: [{name: both, to: \"both.test:%d\"}]\n".formatted(port));
        return Portshare.under(
                List.of("unshare", "--mount", "sh", "-c", OWN_HOSTS, hosts.toString()), "--config", file.toString());
    }

    private static void assertServes(Portshare portshare, ServerSocket backend) throws Exception {
        backend.setSoTimeout((int) Portshare.PATIENCE.toMillis());
        try (Socket client = connect(portshare, PLAIN);
                Socket server = backend.accept()) {
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            server.getOutputStream().write('a');
            assertThat(client.getInputStream().read()).isEqualTo('a');
        }
        Connection connection = portshare.connection();
        assertThat(connection.get("backend")).isEqualTo("both.test:" + backend.getLocalPort());
        // The kernel would go on for minutes, and timeouts.connect ends that after 5 s.
        assertThat(connection.number("connect_ms")).isLessThan(4000);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, ::1", "::1, 127.0.0.1"})
    void oneFamilyDoesNotAnswer(String dead, String alive) throws Exception {
        try (FullBacklog full = new FullBacklog(dead);
                ServerSocket backend =
                        new ServerSocket(full.socket().getLocalPort(), 50, InetAddress.getByName(alive));
                Portshare portshare = toBoth(backend.getLocalPort())) {
            assertServes(portshare, backend);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "::1"})
    void oneFamilyRefuses(String alive) throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 50, InetAddress.getByName(alive));
                Portshare portshare = toBoth(backend.getLocalPort())) {
            assertServes(portshare, backend);
        }
    }
}
