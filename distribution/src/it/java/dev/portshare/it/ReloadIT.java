package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Load;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Stream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route file is changed while portshare serves. */
class ReloadIT {
    private static final int RELOADS = 20;
    private static final int CLIENTS_PER_SECOND = 1000;
    /** Between two reloads at least, so that each has clients before, during and after it. */
    private static final int CLIENTS_PER_RELOAD = 100;

    @TempDir
    private Path folder;

    private Path file;
    private int asked;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("portshare.yaml");
    }

    private void write(List<String> listen, String route, String to) throws IOException {
        Files.writeString(
                file,
                "listen: [\"%s\"]\nroutes: [{name: %s, to: \"%s\"}]\n"
                        .formatted(String.join("\", \"", listen), route, to));
    }

    @Test
    void twentyReloadsRefuseNoneOfAThousandClientsASecondAndHurtNoStream() throws Exception {
        List<String> kept = List.of("127.0.0.1:" + Sockets.freePort(), ":" + Sockets.freePort());
        try (ServerSocket even = Sockets.echo();
                ServerSocket odd = Sockets.echo()) {
            write(kept, "start", at(even));
            try (Portshare portshare = Portshare.configured(file, 2)) {
                int[] ports = {portshare.port(0), portshare.port(1)};
                List<String> sockets = List.of(Kernel.listener(ports[0]), Kernel.listener(ports[1]));
                List<Stream> streams = new ArrayList<>();
                streams.add(new Stream(connect("127.0.0.1", ports[0])));
                streams.add(new Stream(connect("::1", ports[1])));
                try (Load load = new Load(CLIENTS_PER_SECOND, ports[0], ports[1])) {
                    for (int i = 1; i <= RELOADS; i++) {
                        long served = load.served() + CLIENTS_PER_RELOAD;
                        await().atMost(Portshare.PATIENCE).until(() -> load.served() > served);
                        // Every other reload brings a listener, and the next one takes it away.
                        List<String> listen = new ArrayList<>(kept);
                        int added = Sockets.freePort();
                        if (i % 2 == 1) {
                            listen.add(i % 3, "127.0.0.1:" + added);
                        }
                        write(listen, "route-" + i, at(i % 2 == 1 ? odd : even));
                        assertThat(portshare.reload()).contains(i % 2 == 1 ? "; added " : "; removed ");
                        if (i % 2 == 1) {
                            streams.add(new Stream(connect("127.0.0.1", added)));
                        }
                        assertThat(List.of(Kernel.listener(ports[0]), Kernel.listener(ports[1])))
                                .isEqualTo(sockets);
                        assertTakes(portshare, ports[i % 2], "route-" + i);
                    }
                    assertThat(load.end().failures()).isEmpty();
                    assertThat(load.served()).isGreaterThan(RELOADS * CLIENTS_PER_RELOAD);
                }
                for (Stream stream : streams) {
                    assertThat(stream.end()).isPositive();
                    stream.close();
                }
                assertThat(streams).hasSize(2 + RELOADS / 2);
            }
        }
    }

    /** Whoever comes on {@code port} from now on is {@code route}'s. */
    private void assertTakes(Portshare portshare, int port, String route) throws Exception {
        // Ports come again within a test; this many bytes do not.
        byte[] head = Arrays.copyOf(PLAIN, PLAIN.length + ++asked);
        try (Socket client = connect("127.0.0.1", port)) {
            client.getOutputStream().write(head);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(head);
        }
        Connection connection;
        do {
            connection = portshare.connection();
            assertThat(connection.close()).isEqualTo("completed");
        } while (connection.number("in") != head.length);
        assertThat(connection.route()).isEqualTo(route);
    }

    @Test
    void aWrongFileIsRefusedWholeAndTheOldRoutesGoOn() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                ServerSocket other = Sockets.backend()) {
            write(List.of("127.0.0.1:0"), "old", at(echo));
            try (Portshare portshare = Portshare.configured(file, 1)) {
                Files.writeString(file, """
                    listen: 127.0.0.1:0
                    routes:
                      - {nme: new, to: reject}
                      - {when: {protocol: opnvpn}, to: reject}
                    """);
                assertThat(portshare.reload()).contains("2 problem(s)");
                portshare.line(" WARN " + file + ":3:6: routes[0].nme: unknown key; did you mean \"name\"?");
                portshare.line(" WARN " + file + ":4:23: routes[1].when.protocol: no protocol \"opnvpn\"");
                assertTakes(portshare, portshare.port(), "old");

                write(List.of("127.0.0.1:0", at(other)), "new", "reject");
                assertThat(portshare.reload()).contains("1 problem(s)");
                portshare.line(" WARN cannot listen on " + at(other) + ": another process");
                assertTakes(portshare, portshare.port(), "old");

                Files.delete(file);
                assertThat(portshare.reload()).contains("1 problem(s)");
                portshare.line(" WARN " + file + ": cannot read: no such file");
                assertTakes(portshare, portshare.port(), "old");
            }
        }
    }

    @Test
    void aFileOfAddressesIsReadAnew() throws Exception {
        Path office = Files.writeString(folder.resolve("office"), "192.0.2.0/24\n");
        try (ServerSocket echo = Sockets.echo()) {
            String routes = """
                listen: 127.0.0.1:0
                routes:
                  - {name: office, when: {from: [./office]}, to: "%1$s"}
                  - {name: world, to: "%1$s"}
                """;
            Files.writeString(file, routes.formatted(at(echo)));
            try (Portshare portshare = Portshare.configured(file, 1)) {
                assertTakes(portshare, portshare.port(), "world");
                Files.writeString(office, "192.0.2.0/24\n127.0.0.0/8 # this machine\n");
                assertTakes(portshare, portshare.port(), "world");
                portshare.reload();
                assertTakes(portshare, portshare.port(), "office");
            }
        }
    }

    @Test
    void afterAStormOfSignalsTheNewestFileIsInForce() throws Exception {
        int storm = 100;
        try (ServerSocket echo = Sockets.echo()) {
            write(List.of("127.0.0.1:0"), "old", at(echo));
            try (Portshare portshare = Portshare.configured(file, 1)) {
                for (int i = 1; i < storm; i++) {
                    write(List.of("127.0.0.1:0"), "route-" + i, at(echo));
                    portshare.signal("HUP");
                }
                // The file has one more route, and the log line counts them.
                Files.writeString(file, Files.readString(file).replace("}]", "}, {name: last, to: reject}]"));
                portshare.signal("HUP");
                portshare.line(": 2 route(s)");
                assertThat(portshare.log().getLast()).contains(": 2 route(s)");
                assertTakes(portshare, portshare.port(), "route-" + (storm - 1));
            }
        }
    }

    @Test
    void aWatchedFileNeedsNoSignal() throws Exception {
        try (ServerSocket echo = Sockets.echo()) {
            write(List.of("127.0.0.1:0"), "old", at(echo));
            Files.writeString(file, Files.readString(file) + "watch: true\n");
            try (Portshare portshare = Portshare.configured(file, 1)) {
                assertTakes(portshare, portshare.port(), "old");
                write(List.of("127.0.0.1:0"), "new", at(echo));
                portshare.line(" INFO reloaded ");
                assertTakes(portshare, portshare.port(), "new");
            }
        }
    }

    @Test
    void routeOptionsCannotBeReadAnew() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.start("--listen", "127.0.0.1:0", "--otherwise", at(echo))) {
            portshare.reload();
            portshare.line("route options, which cannot be read anew");
            assertTakes(portshare, portshare.port(), "otherwise");
        }
    }
}
