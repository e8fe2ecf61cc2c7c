package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.OpenVpn;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of connections, under floods of them, over all event loops. */
class LimitsIT {
    private static final int FLOOD = 300;

    @TempDir
    private Path folder;

    private final List<Socket> flood = new ArrayList<>();

    @AfterEach
    void leave() throws IOException {
        for (Socket client : flood) {
            client.close();
        }
    }

    private Portshare start(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), "listen: 127.0.0.1:0\n" + yaml);
        return Portshare.start("--config", file.toString());
    }

    private void flood(Portshare portshare, byte[] head) throws IOException {
        for (int i = 0; i < FLOOD; i++) {
            try {
                flood.add(connect(portshare, head));
            } catch (IOException _) {
                // Closed as soon as it was accepted.
            }
        }
    }

    /** Web clients and such as never say what they want fill all places but the reserved: OpenVPN gets in, as if they were not there. */
    @Test
    @Needs({"openvpn", "openssl"})
    void aFloodOfWebClientsLocksNoOpenVpnClientOut() throws Exception {
        int vpn = Sockets.freePort();
        try (OpenVpn openVpn = OpenVpn.create(Files.createDirectory(folder.resolve("keys")));
                ServerSocket web = Sockets.echo();
                Portshare portshare = start("""
                    routes:
                      - {name: vpn, when: {protocol: openvpn}, to: 127.0.0.1:%d}
                      - {name: web, to: "%s"}
                    limits: {connections: 50, reserve: {vpn: 5}}
                    """.formatted(vpn, at(web)))) {
            openVpn.server("tls-crypt", vpn);
            flood(portshare, PLAIN);
            Connection refused = portshare.connection();
            assertThat(refused.close()).isEqualTo("limit-connections");
            flood(portshare, new byte[] {0x16});
            openVpn.client("tls-crypt", "127.0.0.1", portshare.port());
            openVpn.stopClient("tls-crypt", portshare.port());
            await().atMost(Portshare.PATIENCE)
                    .untilAsserted(() -> assertThat(ended(portshare))
                            .anyMatch(line -> line.contains(" route=vpn ") && line.endsWith("close=completed")));
            assertThat(ended(portshare).stream().filter(line -> line.endsWith("close=limit-connections")))
                    .as("lines of about 550 that were closed")
                    .hasSizeBetween(20, 200);
            openVpn.stopServer("tls-crypt", vpn);
        }
    }

    private static List<String> ended(Portshare portshare) {
        return portshare.log().stream().filter(line -> line.contains(" close=")).toList();
    }

    @Test
    void thoseWhoWaitCostNothingAndAreServedInTheEnd() throws Exception {
        int places = 20;
        try (ServerSocket web = Sockets.echo();
                Portshare portshare = start("""
                    routes: [{name: web, to: "%s"}]
                    limits: {connections: %d, excess: wait}
                    """.formatted(at(web), places))) {
            Set<Socket> waiting = new HashSet<>();
            for (int i = 0; i < 5 * places; i++) {
                Socket client = connect(portshare, PLAIN);
                flood.add(client);
                waiting.add(client);
            }
            while (!waiting.isEmpty()) {
                Set<Socket> served = new HashSet<>();
                await().atMost(Portshare.PATIENCE).until(() -> {
                    for (Socket client : waiting) {
                        if (client.getInputStream().available() >= PLAIN.length) {
                            served.add(client);
                        }
                    }
                    return served.size() >= places;
                });
                assertThat(served).as("never more than there are places").hasSize(places);
                if (waiting.size() == 5 * places) {
                    Duration before = Kernel.cpu(portshare.pid());
                    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                    assertThat(Kernel.cpu(portshare.pid()).minus(before)).isLessThan(Duration.ofMillis(300));
                }
                for (Socket client : served) {
                    assertThat(Arrays.equals(client.getInputStream().readNBytes(PLAIN.length), PLAIN))
                            .isTrue();
                    client.close();
                }
                waiting.removeAll(served);
            }
            await().atMost(Portshare.PATIENCE)
                    .untilAsserted(() -> assertThat(ended(portshare)).hasSize(5 * places));
            assertThat(ended(portshare)).allMatch(line -> line.endsWith("close=completed"));
            assertThat(portshare.log().stream().filter(line -> line.contains(" WARN ")))
                    .hasSizeBetween(1, 10)
                    .allMatch(line -> line.contains("New clients wait until others have left"));
        }
    }

    @Test
    void neverMoreThanTheLimitOverAllEventLoops() throws Exception {
        try (ServerSocket web = Sockets.echo();
                Portshare portshare = start("""
                    routes: [{name: web, to: "%s"}]
                    limits: {connections-per-client: 30}
                    """.formatted(at(web)))) {
            for (int round = 0; round < 3; round++) {
                flood(portshare, PLAIN);
                int served = 0;
                for (Socket client : flood) {
                    try {
                        served += client.getInputStream().readNBytes(PLAIN.length).length == PLAIN.length ? 1 : 0;
                    } catch (IOException _) {
                        // Was closed, unread.
                    }
                }
                assertThat(served).isEqualTo(30);
                leave();
                flood.clear();
                await().atMost(Portshare.PATIENCE).until(() -> isServed(portshare));
                // Whoever asked for that has left too, before the next round.
                int done = 31 * (round + 1);
                await().atMost(Portshare.PATIENCE)
                        .until(() -> ended(portshare).stream()
                                        .filter(line -> line.endsWith("close=completed"))
                                        .count()
                                >= done);
            }
        }
    }

    private static boolean isServed(Portshare portshare) {
        try (Socket client = connect(portshare, PLAIN)) {
            return client.getInputStream().readNBytes(PLAIN.length).length == PLAIN.length;
        } catch (IOException e) {
            return false;
        }
    }
}
