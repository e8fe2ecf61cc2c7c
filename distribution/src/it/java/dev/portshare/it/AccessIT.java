package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a route turns away, by a list of 100,000 addresses that changes. */
class AccessIT {
    private static final byte[] SSH = "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII);
    /** Every other /24 of 10.0.0.0/8, and then those of 11.0.0.0/8, and so on. */
    private static final String MANY = IntStream.range(0, 100_000)
            .mapToObj(i -> (10 + (i >> 15)) + "." + (i >> 7 & 255) + "." + (i << 1 & 255) + ".0/24\n")
            .collect(Collectors.joining());

    @TempDir
    private Path folder;

    @Test
    void aRouteTurnsAwayWhomItsListHasAndAReloadEndsThem() throws Exception {
        Path list = Files.writeString(folder.resolve("banned.txt"), MANY);
        Path file = folder.resolve("portshare.yaml");
        try (ServerSocket echo = Sockets.echo()) {
            Files.writeString(file, """
                listen: 0
                routes:
                  - {name: web, when: {protocol: http}, to: "%1$s", deny: ./banned.txt}
                  - {name: rest, to: "%1$s"}
                """.formatted(at(echo)));
            try (Portshare portshare = Portshare.configured(file, 1);
                    Socket four = connect(portshare, "127.0.0.7", PLAIN);
                    Socket six = connect(portshare, "::1", PLAIN);
                    Socket other = connect(portshare, "127.0.0.8", PLAIN);
                    Socket elsewhere = connect(portshare, "127.0.0.7", SSH)) {
                for (Socket client : new Socket[] {four, six, other}) {
                    assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                }
                assertThat(elsewhere.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
                assertThat(explain(file, "127.0.0.7")).contains("route web    takes it: " + at(echo));

                Path next = Files.writeString(folder.resolve("next.txt"), MANY + "127.0.0.7\n::1\n");
                Files.move(next, list, StandardCopyOption.REPLACE_EXISTING);
                assertThat(portshare.reload()).contains(" INFO reloaded ");
                for (int i = 0; i < 2; i++) {
                    Connection ended = portshare.connection();
                    assertThat(ended.close()).isEqualTo("denied");
                    assertThat(ended.route()).isEqualTo("web");
                }
                assertThat(four.getInputStream().read()).isEqualTo(-1);
                assertThat(six.getInputStream().read()).isEqualTo(-1);
                for (Socket client : new Socket[] {other, elsewhere}) {
                    client.getOutputStream().write(SSH);
                    assertThat(client.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
                }
                for (String address : new String[] {"127.0.0.7", "::1"}) {
                    try (Socket denied = connect(portshare, address, PLAIN)) {
                        assertThat(denied.getInputStream().read()).isEqualTo(-1);
                    }
                    Connection ended = portshare.connection();
                    assertThat(ended.close()).isEqualTo("denied");
                    assertThat(ended.route()).isEqualTo("web");
                    assertThat(ended.get("proto")).isEqualTo("http");
                }
                assertThat(explain(file, "127.0.0.7")).contains("route web    takes it, and closes it: denied");
                assertThat(explain(file, "127.0.0.8")).contains("route web    takes it: " + at(echo));
                assertThat(isServed(portshare, "127.0.0.8")).isTrue();

                Files.writeString(list, MANY);
                assertThat(portshare.reload()).contains(" INFO reloaded ");
                await().atMost(Portshare.PATIENCE).until(() -> isServed(portshare, "127.0.0.7"));
            }
        }
    }

    private static String explain(Path file, String from) {
        return Portshare.run("explain", "--config", file.toString(), "--hex", "47 45 54 20 2f 0d 0a", "--from", from)
                .ok()
                .out();
    }

    private static boolean isServed(Portshare portshare, String from) throws IOException {
        try (Socket client = connect(portshare, from, PLAIN)) {
            return Arrays.equals(client.getInputStream().readNBytes(PLAIN.length), PLAIN);
        }
    }

    private static Socket connect(Portshare portshare, String from, byte[] head) throws IOException {
        Socket socket = new Socket();
        int patience = (int) Portshare.PATIENCE.toMillis();
        socket.setSoTimeout(patience);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        String to = from.contains(":") ? "::1" : "127.0.0.1";
        socket.connect(new InetSocketAddress(InetAddress.getByName(to), portshare.port()), patience);
        socket.getOutputStream().write(head);
        return socket;
    }
}
