package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Ten thousand clients that send a byte of a ClientHello a second: the phase in which peers have no bound. */
class SlowlorisIT {
    private static final int CLIENTS = 10_000;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Their memory is bounded, others are served meanwhile, and all are gone when their time from accept is over. */
    @Test
    void slowHeadsCostLittleHoldUpNobodyAndEndInTime() throws Exception {
        byte[] hello = Corpus.head("tls-chromium-1").bytes();
        Path file = Files.createTempFile("portshare", ".yaml");
        List<Socket> slow = new ArrayList<>();
        try (ServerSocket echo = Sockets.echo()) {
            Files.writeString(file, """
                listen: 127.0.0.1:0
                routes:
                  - {name: slow, when: {sni: "*.dev.test"}, to: reject}
                  - {name: echo, when: {from: 127.0.0.1}, to: "%s"}
                timeouts: {head: 8s}
                log: {connections: refused}
                """.formatted(at(echo)));
            try (Portshare portshare = Portshare.under(
                    List.of("bash", "-c", "ulimit -n 15000 && exec \"$@\"", "bash"), "--config", file.toString())) {
                assertThat(isServed(portshare)).isTrue();
                long before = resident(portshare);
                for (int i = 0; i < CLIENTS; i++) {
                    Socket client = slowFrom(portshare, "127.0.0.2");
                    slow.add(client);
                    client.getOutputStream().write(hello, 0, 1);
                }
                for (int second = 1; second < 4; second++) {
                    for (Socket client : slow) {
                        send(client, hello[second]);
                    }
                    assertThat(isServed(portshare)).isTrue();
                    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                }
                assertThat(resident(portshare) - before).as("KiB more for all").isLessThan(64 * 1024);
                for (int i = 0; i < CLIENTS; i++) {
                    Connection connection = portshare.connection();
                    assertThat(connection.close()).isEqualTo("no-route");
                    assertThat(connection.get("proto")).isEqualTo("unrecognised");
                    assertThat(connection.number("ms")).isBetween(7_900L, 16_000L);
                }
                assertThat(isServed(portshare)).isTrue();
            }
        } finally {
            for (Socket client : slow) {
                client.close();
            }
            Files.delete(file);
        }
    }

    private static Socket slowFrom(Portshare portshare, String address) throws IOException {
        Socket client = new Socket();
        client.bind(new InetSocketAddress(address, 0));
        client.connect(new InetSocketAddress("127.0.0.1", portshare.port()));
        return client;
    }

    private static void send(Socket client, byte next) {
        try {
            client.getOutputStream().write(next);
        } catch (IOException _) {
            // Its time was over.
        }
    }

    private static boolean isServed(Portshare portshare) throws IOException {
        try (Socket client = connect(portshare, PLAIN)) {
            return client.getInputStream().readNBytes(PLAIN.length).length == PLAIN.length;
        }
    }

    /** The memory that it takes up, in KiB. */
    private static long resident(Portshare portshare) throws IOException {
        Matcher matcher = RESIDENT.matcher(Files.readString(Path.of("/proc/" + portshare.pid() + "/status")));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
