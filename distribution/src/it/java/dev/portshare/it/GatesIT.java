package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Hellos;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Sshd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is there for whoever has asked for a secret name, and for nobody else. */
class GatesIT {
    private static final String NAME = "knock-5f2c9a.test";
    private static final byte[] SSH = "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MILLIS = (int) Portshare.PATIENCE.toMillis();

    @TempDir
    private Path folder;

    /** Two clients of each family, with the programs that people have: one knocks. */
    @Test
    @Needs({"netns", "nginx", "sshd", "ssh", "curl", "openssl"})
    void sshdIsThereForTheAddressThatKnocksAlone() throws Exception {
        try (NetworkNamespace machine = new NetworkNamespace()) {
            for (String address : new String[] {
                "192.0.2.7/32", "192.0.2.8/32", "2001:db8:1::7/128", "2001:db8:1::9/128", "2001:db8:2::7/128"
            }) {
                machine.address(address);
            }
            try (Nginx nginx = new Nginx(folder);
                    Sshd sshd = new Sshd(folder, machine.prefix())) {
                Path file = Files.writeString(
                        folder.resolve("portshare.yaml"), """
                            listen: 443
                            routes:
                              - {name: ssh, when: {protocol: ssh}, to: "%s"}
                              - {name: web, to: "%s"}
                            gate: {sni: %s, opens: ssh, for: 10m}
                            timeouts: {silent: 0s}
                            """.formatted(sshd.address(), nginx.rest(), NAME));
                try (Portshare portshare = Portshare.under(machine.prefix(), "--config", file.toString())) {
                    assertOpens(machine, portshare, "127.0.0.1", "192.0.2.7", "192.0.2.7", "192.0.2.8");
                    assertOpens(machine, portshare, "[::1]", "2001:db8:1::7", "2001:db8:1::9", "2001:db8:2::7");
                    assertThat(portshare.reload()).contains(" INFO reloaded ");
                    assertThat(reachesSshd(machine, "192.0.2.7", "127.0.0.1")).isTrue();
                    knockByOpenSsl(machine, "192.0.2.8");
                    assertThat(reachesSshd(machine, "192.0.2.8", "127.0.0.1")).isTrue();
                    assertThat(reachesSshd(machine, "2001:db8:2::7", "::1")).isFalse();
                }
            }
        }
    }

    /**
     * {@code knocker} opens the gate for itself.
     *
     * @param same  whose address counts as its own
     * @param other whose does not
     */
    private static void assertOpens(
            NetworkNamespace machine, Portshare portshare, String server, String knocker, String same, String other) {
        String host = server.replaceAll("[\\[\\]]", "");
        assertThat(reachesSshd(machine, knocker, host)).isFalse();
        assertThat(curl(machine, knocker, server, "knock-000000.test")).startsWith("rest knock-000000.test ");
        assertThat(reachesSshd(machine, knocker, host)).isFalse();
        assertThat(curl(machine, knocker, server, NAME))
                .as("the web server's answer")
                .startsWith("rest " + NAME + " ");
        assertThat(portshare.line("for " + knocker + " (connection"))
                .contains(" INFO ", "gate opened: ssh for 10m, for ")
                .doesNotContain(NAME);
        assertThat(reachesSshd(machine, same, host)).isTrue();
        assertThat(reachesSshd(machine, other, host)).isFalse();
    }

    private static String curl(NetworkNamespace machine, String from, String server, String name) {
        return machine.run(
                        "curl",
                        "-sk",
                        "--max-time",
                        "20",
                        "--interface",
                        from,
                        "--connect-to",
                        "::" + server + ":443",
                        "https://" + name + "/who")
                .ok()
                .out();
    }

    private static void knockByOpenSsl(NetworkNamespace machine, String from) {
        machine.run(
                        "timeout",
                        "20",
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:443",
                        "-bind",
                        from,
                        "-servername",
                        NAME)
                .ok();
    }

    /** Whether an OpenSSH client comes as far as to be refused by sshd; all else is the web server's. */
    private static boolean reachesSshd(NetworkNamespace machine, String from, String server) {
        Command.Result result = machine.run(
                "timeout",
                "20",
                "ssh",
                "-F",
                "none",
                "-b",
                from,
                "-p",
                "443",
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "nobody@" + server);
        assertThat(result.exit()).as("%s", result).isEqualTo(255);
        boolean reached = result.err().contains("Permission denied");
        assertThat(reached
                        || result.err().contains("kex_exchange_identification")
                        || result.err().contains("Connection"))
                .as("%s", result)
                .isTrue();
        return reached;
    }

    /** Of a time that passes while the test runs: what is connected goes on. */
    @Test
    void whenTheTimeIsOverOnlyNewConnectionsAreShutOut() throws Exception {
        Path socket = folder.resolve("admin.sock");
        try (ServerSocket echo = Sockets.echo();
                ServerSocket web = Sockets.backend();
                Portshare portshare = Portshare.routing("""
                    routes:
                      - {name: ssh, when: {protocol: ssh}, to: "%s"}
                      - {name: web, to: "%s"}
                    gate: {sni: %s, opens: ssh, for: 10s}
                    admin: {socket: "%s"}
                    """.formatted(at(echo), at(web), NAME, socket))) {
            assertThat(isOpen(portshare, web, "127.0.0.2")).isFalse();
            try (Socket _ = connect(portshare, "127.0.0.2", Hellos.hello(NAME));
                    Socket _ = Sockets.accept(web);
                    Socket client = connect(portshare, "127.0.0.2", SSH)) {
                assertThat(client.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
                assertThat(isOpen(portshare, web, "127.0.0.3")).isFalse();
                assertThat(status(socket)).contains("gate         ssh for 10s, open for ");
                await().atMost(Portshare.PATIENCE).until(() -> !isOpen(portshare, web, "127.0.0.2"));
                assertThat(status(socket)).contains("gate         ssh for 10s, open for 0 addresses");
                client.getOutputStream().write(SSH);
                assertThat(client.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
            }
            try (Socket _ = connect(portshare, "127.0.0.2", Hellos.hello(NAME));
                    Socket _ = Sockets.accept(web);
                    Socket client = connect(portshare, "127.0.0.2", SSH)) {
                assertThat(client.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
            }
        }
    }

    private static String status(Path socket) {
        return Portshare.run("status", "--admin", socket.toString()).ok().out();
    }

    /** Whether a client from {@code address} comes to the echo; otherwise it comes to {@code web}, which ends it. */
    private static boolean isOpen(Portshare portshare, ServerSocket web, String address) throws IOException {
        try (Socket client = connect(portshare, address, SSH)) {
            web.setSoTimeout(1);
            byte[] answer = new byte[0];
            while (answer.length == 0) {
                if (client.getInputStream().available() >= SSH.length) {
                    answer = client.getInputStream().readNBytes(SSH.length);
                } else {
                    try (Socket _ = web.accept()) {
                        return false;
                    } catch (SocketTimeoutException _) {
                        // Neither yet.
                    }
                }
            }
            return Arrays.equals(answer, SSH);
        } finally {
            web.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    private static Socket connect(Portshare portshare, String from, byte[] head) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", portshare.port()), PATIENCE_MILLIS);
        socket.getOutputStream().write(head);
        return socket;
    }
}
