package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Crowd;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backend finds in the journal whose connections it has, as with OpenVPN's port-share. */
class JournalIT {
    @TempDir
    private Path folder;

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** The one file that tells of the one connection of {@code client} that {@code web} has: its name without the port, and it. */
    private static String told(Path journal, ServerSocket web, int client, String address, int port) throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, client));
            socket.connect(new InetSocketAddress(address, port));
            socket.getOutputStream().write(PLAIN);
            try (Socket server = accept(web)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                assertThat(files(journal)).hasSize(1);
                Path file = files(journal).getFirst();
                String name = file.getFileName().toString();
                assertThat(name).endsWith(":" + server.getPort());
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                return name.substring(0, name.lastIndexOf(':')) + " " + mode + " " + Files.readString(file);
            } finally {
                Sockets.reset(socket);
                await().atMost(Portshare.PATIENCE).until(() -> files(journal).isEmpty());
            }
        }
    }

    /** OpenVPN reaches backends over IPv4 alone. */
    @ParameterizedTest
    @Needs({"openvpn", "openssl"})
    @CsvSource({"127.0.0.1, 127.0.0.1:0, 127.0.0.1", "::1, [::1]:0, ::1", "::, 0, 127.0.0.1", "::, 0, ::1"})
    void isTheSameAsThatOfPortShare(String bind, String listen, String client) throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Path ours = folder.resolve("ours");
        int vpn = Sockets.freePort();
        int from = Sockets.freePort();
        try (ServerSocket web = Sockets.backend();
                OpenVpn openVpn = OpenVpn.create(folder.resolve("keys"));
                Portshare portshare = Portshare.serving("""
                    listen: "%s"
                    routes: [{name: web, to: "%s", journal: %s}]
                    """.formatted(listen, at(web), ours))) {
            openVpn.server(
                    "plain",
                    bind,
                    vpn,
                    "--port-share",
                    "127.0.0.1",
                    String.valueOf(web.getLocalPort()),
                    theirs.toString());
            String told = told(theirs, web, from, client, vpn);
            assertThat(told(ours, web, from, client, portshare.port())).isEqualTo(told);
            assertThat(told).endsWith(client + ":" + from).contains(" rw-r----- ");
        }
    }

    @Test
    @Needs({"netns", "python3"})
    void isThereForEachConnectionWhenItsFirstByteComes() throws Exception {
        Path journal = folder.resolve("journal");
        try (NetworkNamespace namespace = new NetworkNamespace();
                Portshare _ = start(namespace, """
                    listen: 127.0.0.1:443
                    routes: [{name: web, to: 127.0.0.1:5001, journal: %s}]
                    """.formatted(journal))) {
            Crowd crowd = Crowd.of(namespace, 443, 2000, journal.toString(), "127.0.0.1:5001");
            assertThat(crowd.served()).isEqualTo(2000);
            assertThat(crowd.told()).isEqualTo(2000);
            await().atMost(Portshare.PATIENCE).until(() -> files(journal).isEmpty());
        }
    }

    /** The kernel gives connections to two backends the same port; then the file of one would be the other's. */
    @Test
    @Needs({"netns", "python3"})
    void twoBackendsThatShareItNeverTakeOneClientForAnother() throws Exception {
        Path journal = folder.resolve("journal");
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace
                    .run("bash", "-c", "echo '40000 40049' > /proc/sys/net/ipv4/ip_local_port_range")
                    .ok();
            try (Portshare portshare = start(namespace, """
                listen: 127.0.0.1:443
                routes:
                  - {name: ssh, when: {protocol: ssh}, to: 127.0.0.1:5002, journal: %s}
                  - {name: web, to: 127.0.0.1:5001, journal: %1$s}
                """.formatted(journal))) {
                Crowd crowd = Crowd.of(namespace, 443, 36, journal.toString(), "127.0.0.1:5001", "127.0.0.1:5002");
                assertThat(crowd.served()).isEqualTo(36);
                assertThat(crowd.told()).isEqualTo(36);
                crowd = Crowd.of(namespace, 443, 90, journal.toString(), "127.0.0.1:5001", "127.0.0.1:5002");
                assertThat(crowd.told()).as("whoever gets through").isEqualTo(crowd.served());
                assertThat(portshare.line("Give each backend a journal of its own"))
                        .contains(" WARN ");
            }
        }
    }

    /** The function in docs/journal.md. */
    @Test
    @Needs("python3")
    void theExampleOfTheDocumentationKnowsTheClient() throws Exception {
        String page = Files.readString(Repository.MODULE.resolve("../docs/journal.md"));
        String example = page.substring(page.indexOf("```python\n") + 10);
        example = example.substring(0, example.indexOf("```"));
        Path journal = folder.resolve("journal");
        int backend = Sockets.freePort();
        String server = example + """
            listener = socket.create_server(("::", %d), family=socket.AF_INET6, dualstack_ipv6=True)
            for _ in range(3):
                connection, _ = listener.accept()
                connection.recv(100)
                connection.sendall(("%%s %%d\\n" %% client(connection, "%s")).encode())
            """.formatted(backend, journal);
        Process python =
                Command.builder(List.of("python3", "-c", server)).inheritIO().start();
        try (Portshare portshare = Portshare.serving("""
            listen: ["0", 127.0.0.1:0]
            routes:
              - {name: four, when: {from: 0.0.0.0/0}, to: 127.0.0.1:%d, journal: %s}
              - {name: six, to: "[::1]:%1$d", journal: %2$s}
            """.formatted(backend, journal), 2)) {
            await().atMost(Portshare.PATIENCE).until(() -> isListening(backend));
            for (String address : List.of("127.0.0.1", "::1")) {
                try (Socket client = Sockets.connect(address, portshare.port())) {
                    client.getOutputStream().write(PLAIN);
                    assertThat(client.getInputStream().readNBytes(address.length() + 1 + 5))
                            .asString(StandardCharsets.US_ASCII)
                            .isEqualTo(address + " " + client.getLocalPort());
                }
            }
            try (Socket client = Sockets.connect("127.0.0.1", portshare.port(1))) {
                client.getOutputStream().write(PLAIN);
                assertThat(client.getInputStream().readNBytes(15))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("127.0.0.1 " + client.getLocalPort());
            }
        } finally {
            Command.end(python);
        }
    }

    /** Without a connection, which the server would count. */
    private static boolean isListening(int port) throws IOException {
        String entry = ":%04X 00000000000000000000000000000000:0000 0A".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp6")).stream().anyMatch(line -> line.contains(entry));
    }

    private Portshare start(NetworkNamespace namespace, String yaml) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "routes", ".yaml"), yaml);
        return Portshare.under(namespace.prefix(), "--config", file.toString());
    }

    @Test
    void theNextStartClearsAwayWhatAKilledOneLeft() throws Exception {
        Path journal = folder.resolve("journal");
        try (ServerSocket web = Sockets.backend()) {
            String yaml = "routes: [{name: web, to: \"%s\", journal: %s}]".formatted(at(web), journal);
            try (Portshare portshare = Portshare.routing(yaml);
                    Socket _ = Sockets.connect(portshare, PLAIN);
                    Socket server = accept(web)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
            }
            assertThat(files(journal)).as("killed").hasSize(1);
            Path notes = Files.createFile(journal.resolve("notes"));
            try (Portshare _ = Portshare.routing(yaml)) {
                await().atMost(Portshare.PATIENCE)
                        .untilAsserted(() -> assertThat(files(journal)).containsExactly(notes));
            }
        }
    }

    @Test
    @Needs({"netns", "python3"})
    void aFullDiskIsAWarningOnceAndTheConnectionsGoOn() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            Path mount = Files.createDirectory(folder.resolve("full"));
            Path file = Files.writeString(folder.resolve("full.yaml"), """
                listen: 127.0.0.1:443
                routes: [{name: web, to: 127.0.0.1:5001, journal: %s/journal}]
                """.formatted(mount));
            // ip netns exec has mounts of its own; the inodes are those of the mount's root, the directory and one
            // file.
            List<String> prefix = List.of(
                    "ip",
                    "netns",
                    "exec",
                    namespace.prefix().getLast(),
                    "bash",
                    "-c",
                    "mount -t tmpfs -o nr_inodes=3 journal " + mount + " && exec \"$@\"",
                    "bash");
            try (Portshare portshare = Portshare.under(prefix, "--config", file.toString())) {
                Crowd crowd = Crowd.of(namespace, 443, 10, "", "127.0.0.1:5001");
                assertThat(crowd.served()).isEqualTo(10);
                assertThat(portshare.line("their backend is not told")).contains(" WARN ", mount + "/journal", "space");
            }
        }
    }
}
