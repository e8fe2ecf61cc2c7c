package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A process that has as many files open as it may waits, without fuss, until it can serve again. sslh's children spun then
 * (CVE-2025-46807), rpxy-l4 accepted on without a pause, and silent clients used up port-share's places.
 */
@ResourceLock(Portshare.OPEN_FILES)
class DescriptorsIT {
    private static final int LIMIT = 100;
    private static final List<String> LIMITED = List.of("bash", "-c", "ulimit -n " + LIMIT + " && exec \"$@\"", "bash");

    @Test
    void newClientsWaitWithoutCostUntilOthersHaveLeft() throws Exception {
        List<Socket> undecided = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.under(
                        LIMITED, "--listen", "0", "--tls", "named.dev.test=127.0.0.1:1", "--otherwise", at(echo))) {
            for (int i = 0; i < LIMIT; i++) {
                // A byte, since the kernel keeps clients that say nothing to itself for a second.
                undecided.add(connect(portshare, new byte[] {0x16}));
            }
            assertThat(portshare.line("cannot accept")).contains(" WARN ").contains("limit on open files");

            Duration before = Kernel.cpu(portshare.pid());
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(Kernel.cpu(portshare.pid()).minus(before)).isLessThan(Duration.ofMillis(300));
            assertThat(portshare.log().stream().filter(line -> line.contains("cannot accept")))
                    .as("one line a listener and event loop, not one a second")
                    .hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());

            undecided.getFirst().getOutputStream().write(PLAIN);
            assertThat(undecided.getFirst().getInputStream().read()).isEqualTo(-1);
            assertThat(portshare.connection().close()).isEqualTo("no-descriptors");

            for (Socket client : undecided) {
                client.close();
            }
            // One that is quicker than the others' closing may still find no descriptor for its backend.
            await().atMost(Portshare.PATIENCE).until(() -> isServed(portshare));
        } finally {
            for (Socket client : undecided) {
                client.close();
            }
        }
    }

    /**
     * More silent clients than open files allow: an OpenVPN client that tries again, as they do, gets in while all the others
     * still hold on, and two seconds after they have let go everybody is served.
     */
    @Test
    void moreSilentClientsThanFilesKeepNobodyOut() throws Exception {
        byte[] reset = Corpus.head("openvpn-plain-1").bytes();
        List<Socket> silent = new ArrayList<>();
        Path file = Files.createTempFile("portshare", ".yaml");
        try (ServerSocket echo = Sockets.echo()) {
            Files.writeString(file, """
                listen: 127.0.0.1:0
                routes: [{name: vpn, when: {protocol: openvpn}, to: "%s"}, {name: rest, to: reject}]
                timeouts: {head: 2s}
                """.formatted(at(echo)));
            try (Portshare portshare = Portshare.under(LIMITED, "--config", file.toString())) {
                for (int i = 0; i < 4 * LIMIT; i++) {
                    silent.add(connect(portshare));
                }
                portshare.line("cannot accept");
                Duration before = Kernel.cpu(portshare.pid());
                await().atMost(Portshare.PATIENCE).until(() -> isServed(portshare, reset));
                assertThat(silent).as("who are still there").hasSize(4 * LIMIT).allMatch(Socket::isConnected);
                assertThat(Kernel.cpu(portshare.pid()).minus(before)).isLessThan(Duration.ofSeconds(2));
                for (Socket client : silent) {
                    client.close();
                }
                await().atMost(Duration.ofSeconds(2)).until(() -> isServed(portshare, reset));
                for (int i = 0; i < 20; i++) {
                    assertThat(isServed(portshare, reset)).isTrue();
                }
            }
        } finally {
            for (Socket client : silent) {
                client.close();
            }
            Files.delete(file);
        }
    }

    /** Of the last descriptors no client gets one: whoever runs the program is not shut out by those who use it. */
    @Test
    void withoutADescriptorForClientsTheOperatorCanAskReloadAndTurnTheLog(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("portshare.yaml");
        Path log = folder.resolve("portshare.log");
        Path socket = folder.resolve("admin.sock");
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo()) {
            String yaml = """
                listen: 127.0.0.1:%d
                routes: [{name: named, when: {sni: named.dev.test}, to: reject}, {name: %s, to: "%s"}]
                admin: {socket: "%s"}
                log: {file: "%s"}
                """;
            int port = Sockets.freePort();
            Files.writeString(file, yaml.formatted(port, "rest", at(echo), socket, log));
            try (Portshare portshare = Portshare.unseen(LIMITED, "--config", file.toString())) {
                await().atMost(Portshare.PATIENCE).until(() -> logged(log, "listening on"));
                // Half of them live, and half undecided.
                for (int i = 0; i < 10; i++) {
                    Socket client = Sockets.connect("127.0.0.1", port);
                    clients.add(client);
                    client.getOutputStream().write(PLAIN);
                    assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                }
                for (int i = 0; i < LIMIT; i++) {
                    Socket client = Sockets.connect("127.0.0.1", port);
                    clients.add(client);
                    client.getOutputStream().write(0x16);
                }
                await().atMost(Portshare.PATIENCE).until(() -> logged(log, "cannot accept"));
                Duration before = Kernel.cpu(portshare.pid());
                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                assertThat(Kernel.cpu(portshare.pid()).minus(before)).isLessThan(Duration.ofMillis(300));

                for (int i = 0; i < 5; i++) {
                    assertThat(command("status", socket)).contains(" is serving", "of " + LIMIT);
                }
                Files.move(log, folder.resolve("old.log"));
                Files.writeString(file, yaml.formatted(port, "renamed", at(echo), socket, log));
                assertThat(command("reload", socket)).contains("reloaded ");
                assertThat(command("routes", socket)).contains("renamed");
                await().atMost(Portshare.PATIENCE).until(() -> logged(log, "reloaded "));

                // A live connection is served as ever, and whoever waits, when others have left.
                clients.getFirst().getOutputStream().write(PLAIN);
                assertThat(clients.getFirst().getInputStream().readNBytes(PLAIN.length))
                        .isEqualTo(PLAIN);
                for (Socket client : clients) {
                    client.close();
                }
                await().atMost(Portshare.PATIENCE).until(() -> isServed(port));
                await().atMost(Portshare.PATIENCE).until(() -> logged(log, "route=renamed"));
                assertThat(command("status", socket)).contains(" is serving");
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static String command(String command, Path socket) {
        return Portshare.run(command, "--admin", socket.toString()).ok().out();
    }

    private static boolean logged(Path log, String text) throws IOException {
        return Files.exists(log) && Files.readString(log).contains(text);
    }

    private static boolean isServed(int port) throws IOException {
        try (Socket client = Sockets.connect("127.0.0.1", port)) {
            client.getOutputStream().write(PLAIN);
            return Arrays.equals(client.getInputStream().readNBytes(PLAIN.length), PLAIN);
        }
    }

    /** Java does that, as long as no option of ours tells it not to. */
    @Test
    void theSoftLimitIsRaisedToTheHardOne() throws Exception {
        List<String> softly = List.of("bash", "-c", "ulimit -S -n " + LIMIT + " && exec \"$@\"", "bash");
        try (Portshare portshare = Portshare.under(softly, "--listen", "0", "--otherwise", "reject")) {
            portshare.line("listening on");
            String limit = Files.readAllLines(Path.of("/proc", Long.toString(portshare.pid()), "limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            String[] columns = limit.split(" {2,}");
            assertThat(columns[1]).as(limit).isEqualTo(columns[2]).isNotEqualTo(Integer.toString(LIMIT));
        }
    }

    /** Bulk is spliced through pipes; where there is no descriptor for one, it is copied. */
    @Test
    void aLiveConnectionMovesBulkWithoutADescriptorToSpare() throws Exception {
        byte[] bulk = Sockets.random(20_000_000);
        List<Socket> undecided = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.under(
                        LIMITED, "--listen", "0", "--tls", "named.dev.test=127.0.0.1:1", "--otherwise", at(echo));
                Socket client = connect(portshare, PLAIN)) {
            client.getInputStream().readNBytes(PLAIN.length);
            for (int i = 0; i < LIMIT; i++) {
                undecided.add(connect(portshare, new byte[] {0x16}));
            }
            portshare.line("cannot accept");
            var sent = Sockets.send(client, bulk);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bulk);
            sent.get();
        } finally {
            for (Socket other : undecided) {
                other.close();
            }
        }
    }

    private static boolean isServed(Portshare portshare) throws IOException {
        return isServed(portshare, PLAIN);
    }

    private static boolean isServed(Portshare portshare, byte[] head) throws IOException {
        try (Socket client = connect(portshare, head)) {
            return Arrays.equals(client.getInputStream().readNBytes(head.length), head);
        }
    }
}
