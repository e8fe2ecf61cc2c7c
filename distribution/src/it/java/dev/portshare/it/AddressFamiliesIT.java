package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.UnixEcho;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port alone means every address of both families, whatever the machine's settings are. */
class AddressFamiliesIT {
    @TempDir
    private Path folder;

    @Test
    void anIpv4ClientOfADualStackListenerIsLoggedAsPlainIpv4() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.start("--listen", "0", "--otherwise", Sockets.at(echo));
                Socket client = Sockets.connect("127.0.0.1", portshare.port())) {
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            var connection = portshare.connection();
            assertThat(connection.get("src")).isEqualTo("127.0.0.1:" + client.getLocalPort());
            assertThat(connection.get("dst")).isEqualTo("127.0.0.1:" + portshare.port());
        }
    }

    @Test
    @Needs("netns")
    void bothFamiliesAreServedWhereIpv6SocketsAreIpv6OnlyByDefault() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace.sysctl("net.ipv6.bindv6only", 1);
            try (UnixEcho _ = new UnixEcho(folder.resolve("echo"));
                    Portshare portshare = serving(namespace.prefix())) {
                assertThat(namespace.ask("127.0.0.1", portshare.port(), "over IPv4"))
                        .isEqualTo("over IPv4");
                assertThat(portshare.connection().get("src")).startsWith("127.0.0.1:");
                assertThat(namespace.ask("::1", portshare.port(), "over IPv6")).isEqualTo("over IPv6");
                assertThat(portshare.connection().get("src")).startsWith("[::1]:");
            }
        }
    }

    /** The sysctl takes the addresses away, not the sockets: a dual-stack listener still binds, and serves IPv4. */
    @Test
    @Needs("netns")
    void ipv4IsServedAndTheLogSaysSoWhereIpv6IsDisabled() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace.sysctl("net.ipv6.conf.all.disable_ipv6", 1);
            try (UnixEcho _ = new UnixEcho(folder.resolve("echo"));
                    Portshare portshare = serving(namespace.prefix())) {
                assertThat(portshare.line("IPv6")).contains("IPv4 clients only");
                assertThat(namespace.ask("127.0.0.1", portshare.port(), "over IPv4"))
                        .isEqualTo("over IPv4");
                assertThat(portshare.connection().get("src")).startsWith("127.0.0.1:");
            }
        }
    }

    /** A kernel without IPv6 refuses to make the socket (EAFNOSUPPORT); a seccomp filter plays that kernel. */
    @Test
    @Needs("python3")
    void ipv4IsServedAndTheLogSaysSoWhereTheKernelHasNoIpv6() throws Exception {
        Path filter = Repository.MODULE.resolve("src/it/resources/without-ipv6.py");
        try (UnixEcho _ = new UnixEcho(folder.resolve("echo"));
                Portshare portshare = serving(List.of("python3", filter.toString()));
                Socket client = Sockets.connect("127.0.0.1", portshare.port())) {
            assertThat(portshare.line("IPv6")).contains("IPv4 only");
            client.getOutputStream().write(Sockets.PLAIN);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Sockets.PLAIN);
            assertThat(portshare.connection().get("src")).isEqualTo("127.0.0.1:" + client.getLocalPort());
        }
    }

    private Portshare serving(List<String> prefix) throws Exception {
        return Portshare.under(prefix, "--listen", "0", "--otherwise", "unix:" + folder.resolve("echo"));
    }
}
