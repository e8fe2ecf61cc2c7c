package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.admin.AdminOptions;
import dev.portshare.config.RouteFile;
import dev.portshare.handover.Handover;
import dev.portshare.listen.ListenException;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import dev.portshare.session.MappedAddresses.Counts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source: mapped}, and who stands behind an address. */
class MappedTest {
    private static final byte[] OTHER = {'S', 'S', 'H', '-', '2', '.', '0', '-', 'x', '\r', '\n'};
    private static final String ROUTES = """
        listen: [127.0.0.1:0, "[::1]:0"]
        mapped: {pool: %s, remember: 1h, map: {%s}}
        routes:
          - {name: ssh, when: {protocol: ssh}, to: "%s", source: mapped}
          - {name: web, to: "%s", source: mapped}
        """;

    @TempDir
    private Path folder;

    private ServerSocket backend;

    @BeforeEach
    void listen() throws Exception {
        backend = Front.backend();
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
    }

    private String yaml(String pool, String map) {
        return ROUTES.formatted(pool, map, at(backend), at(backend));
    }

    private String yaml() {
        return yaml("127.77.0.0/16", "");
    }

    /** A client at {@code address}, and what the backend sees of it. */
    private Pair connect(Front front, String address, byte[] head) throws IOException {
        Socket client = new Socket();
        InetAddress own = InetAddress.getByName(address);
        client.bind(new InetSocketAddress(own, 0));
        String listener = front.portshare.addresses().get(address.contains(":") ? 1 : 0);
        int port = Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
        client.connect(new InetSocketAddress(address.contains(":") ? "::1" : "127.0.0.1", port));
        client.getOutputStream().write(head);
        Socket server = accept(backend);
        assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
        return new Pair(client, server);
    }

    private record Pair(Socket client, Socket server) implements AutoCloseable {
        InetSocketAddress seen() {
            return (InetSocketAddress) server.getRemoteSocketAddress();
        }

        String host() {
            return seen().getAddress().getHostAddress();
        }

        String exact() {
            return host() + ":" + seen().getPort();
        }

        String own() {
            return Endpoint.of((InetSocketAddress) client.getLocalSocketAddress())
                    .toString();
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private static Counts counts(Front front) {
        return front.portshare.mapped().counts();
    }

    @Test
    void eachClientHasOneAddressAtAllRoutesForAsLongAsItIsRemembered() throws Exception {
        String first;
        try (Front front = Front.serving(yaml())) {
            try (Pair web = connect(front, "127.0.0.2", PLAIN);
                    Pair ssh = connect(front, "127.0.0.2", OTHER);
                    Pair other = connect(front, "127.0.0.3", PLAIN);
                    Pair ipv6 = connect(front, "::1", OTHER)) {
                first = web.host();
                assertThat(first).startsWith("127.77.");
                assertThat(ssh.host()).isEqualTo(first);
                assertThat(other.host()).startsWith("127.77.").isNotEqualTo(first);
                assertThat(ipv6.host()).startsWith("127.77.").isNotIn(first, other.host());
                assertThat(counts(front)).isEqualTo(new Counts(3, 0, 0));
            }
            await().untilAsserted(() -> assertThat(counts(front)).isEqualTo(new Counts(0, 3, 0)));
            for (int i = 0; i < 4; i++) {
                assertThat(front.record().standIn().hostString()).startsWith("127.77.");
            }
            try (Pair again = connect(front, "127.0.0.2", PLAIN)) {
                assertThat(again.host()).isEqualTo(first);
            }
        }
        // It is the one that this client prefers, so another process gives it as well.
        try (Front next = Front.serving(yaml());
                Pair again = connect(next, "127.0.0.2", PLAIN)) {
            assertThat(again.host()).isEqualTo(first);
        }
    }

    @Test
    void aBackendThatCannotBeReachedHoldsNoAddress() throws Exception {
        backend.close();
        try (Front front = Front.serving(yaml())) {
            try (Socket client = front.connect(PLAIN)) {
                assertThat(front.record().close()).isEqualTo(CloseReason.BACKEND_REFUSED);
            }
            assertThat(counts(front)).isEqualTo(new Counts(0, 1, 0));
        }
    }

    @Test
    void aReloadConcernsNewConnectionsAndARefusedOneNone() throws Exception {
        try (Front front = Front.serving(yaml());
                Pair before = connect(front, "127.0.0.2", PLAIN)) {
            front.portshare.reload(RouteFile.parse("x.yaml", yaml(), folder));
            try (Pair same = connect(front, "127.0.0.2", PLAIN)) {
                assertThat(same.host()).isEqualTo(before.host());
            }
            String taken = "listen: [\"%s\"]\n".formatted(at(backend));
            String refused = yaml("127.78.0.0/16", "").replaceFirst("listen:.*\n", taken);
            assertThatThrownBy(() -> front.portshare.reload(RouteFile.parse("x.yaml", refused, folder)))
                    .isInstanceOf(ListenException.class);
            try (Pair same = connect(front, "127.0.0.2", PLAIN)) {
                assertThat(same.host()).isEqualTo(before.host());
            }
            String next = yaml("127.78.0.0/16", "127.0.0.3: 127.79.0.1");
            front.portshare.reload(RouteFile.parse("x.yaml", next, folder));
            try (Pair other = connect(front, "127.0.0.2", PLAIN);
                    Pair fixed = connect(front, "127.0.0.3", PLAIN)) {
                assertThat(other.host()).startsWith("127.78.");
                assertThat(fixed.host()).isEqualTo("127.79.0.1");
            }
            before.client().getOutputStream().write(PLAIN);
            assertThat(before.server().getInputStream().readNBytes(PLAIN.length))
                    .isEqualTo(PLAIN);
        }
    }

    @Test
    void aMachineThatHasNotTheAddressesIsToldOfWithTheRemedy() throws Exception {
        assertThatThrownBy(() -> Front.serving(yaml("198.18.0.0/16", "127.0.0.3: 198.19.0.1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mapped.pool 198.18.0.0/16: cannot connect from 198.18.0.1: ")
                .hasMessageContaining("ip route add local 198.18.0.0/16 dev lo")
                .hasMessageContaining("mapped.map: cannot connect from 198.19.0.1: ")
                .hasMessageContaining("ip route add local 198.19.0.1 dev lo");
        try (Front front = Front.serving(yaml());
                Pair before = connect(front, "127.0.0.2", PLAIN)) {
            assertThatThrownBy(
                            () -> front.portshare.reload(RouteFile.parse("x.yaml", yaml("198.18.0.0/16", ""), folder)))
                    .isInstanceOf(IOException.class);
            try (Pair after = connect(front, "127.0.0.2", PLAIN)) {
                assertThat(after.host()).isEqualTo(before.host());
            }
        }
    }

    @Test
    void theNextProcessKnowsWhoHasWhat() throws Exception {
        // Where a client prefers what another has, an order of arrival decides: here that of the process before.
        String small = yaml("127.77.0.0/29", "");
        try (Front before = Front.serving(small);
                Front after = Front.serving(small);
                Pair one = connect(before, "127.0.0.2", PLAIN);
                Pair two = connect(before, "127.0.0.3", PLAIN);
                Pair three = connect(before, "::1", PLAIN)) {
            SocketPair pair = SocketPair.open();
            before.portshare.handOn(new Handover(pair.one())).join();
            assertThat(after.portshare.takeOver(pair.other())).isEqualTo(3);
            await().untilAsserted(() -> assertThat(counts(after)).isEqualTo(new Counts(3, 0, 0)));
            try (Pair three2 = connect(after, "::1", OTHER);
                    Pair two2 = connect(after, "127.0.0.3", OTHER);
                    Pair one2 = connect(after, "127.0.0.2", OTHER)) {
                assertThat(one2.host()).isEqualTo(one.host());
                assertThat(two2.host()).isEqualTo(two.host());
                assertThat(three2.host()).isEqualTo(three.host());
                assertThat(after.portshare.mapped().at(Endpoint.of(one.seen())).connections())
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void whoTellsTheClientOfAnAddressAndTheAddressesOfAClient() throws Exception {
        Path socket = folder.resolve("admin.sock");
        try (Front front = Front.serving(yaml("127.77.0.0/16", "127.0.0.9: 127.77.0.9"));
                Administered _ = new Administered(front, AdminOptions.at(socket));
                Pair one = connect(front, "127.0.0.2", PLAIN);
                Pair ipv6 = connect(front, "::1", OTHER)) {
            String exact = "\"matching\":1,\"connections\":[{\"id\":";
            assertThat(who(socket, one.exact()))
                    .contains("\"mapped\":{\"src\":\"127.0.0.2\",\"as\":\"" + one.host()
                            + "\",\"connections\":1,\"fixed\":false,\"remembered_seconds\":null}")
                    .contains(exact)
                    .contains("\"src\":\"" + one.own() + "\",\"as\":\"" + one.host() + "\"")
                    .contains("\"route\":\"web\"")
                    .contains("\"seen\":\"" + one.exact() + "\"");
            for (String asked :
                    new String[] {ipv6.exact(), ipv6.host(), "::ffff:" + ipv6.host(), ipv6.own(), "::1", "[::1]"}) {
                assertThat(who(socket, asked))
                        .as(asked)
                        .contains(exact)
                        .contains("\"src\":\"" + ipv6.own() + "\"")
                        .contains("\"seen\":\"" + ipv6.exact() + "\"");
            }
            assertThat(who(socket, one.host() + ":1")).contains("\"src\":\"127.0.0.2\"", "\"matching\":0");
            assertThat(who(socket, "127.77.0.9"))
                    .contains("{\"src\":\"127.0.0.9\",\"as\":\"127.77.0.9\",\"connections\":0,\"fixed\":true,");
            assertThat(who(socket, "192.0.2.1")).contains("{\"address\":\"192.0.2.1\",\"mapped\":null,\"matching\":0");
            for (String wrong : new String[] {"", "example.org", "1.2.3", "1.2.3.4:x", "::1:45776:", "1.2.3.4:70000"}) {
                assertThat(who(socket, wrong))
                        .as(wrong)
                        .startsWith("HTTP/1.1 400 ")
                        .contains("; write ");
            }
            one.close();
            front.record();
            assertThat(who(socket, one.host()))
                    .containsPattern("\"connections\":0,.*\"remembered_seconds\":35\\d\\d\\}");
            assertThat(Administered.ask(UnixDomainSocketAddress.of(socket), "GET /api/status HTTP/1.1"))
                    .contains("\"mapped\":{\"in_use\":1,\"idle\":1,\"shared\":0}");
            assertThat(Administered.ask(UnixDomainSocketAddress.of(socket), "GET /metrics HTTP/1.1"))
                    .contains("\nportshare_mapped_addresses_in_use 1\n")
                    .contains("\nportshare_mapped_addresses_idle 1\n");
            assertThat(Administered.ask(
                            UnixDomainSocketAddress.of(socket), "GET /api/connections?q=" + ipv6.host() + " HTTP/1.1"))
                    .contains("\"matching\":1,", "\"as\":\"" + ipv6.host() + "\"");
        }
    }

    private static String who(Path socket, String address) throws IOException {
        return Administered.ask(UnixDomainSocketAddress.of(socket), "GET /api/who?address=" + address + " HTTP/1.1");
    }

    /** Without a source the kernel chooses, and a Unix-domain backend sees no address. */
    @Test
    void whoKnowsConnectionsWithoutASourceToo() throws Exception {
        Path socket = folder.resolve("admin.sock");
        Path unix = folder.resolve("backend.sock");
        String yaml = """
            routes:
              - {name: ssh, when: {protocol: ssh}, to: "unix:%s"}
              - {name: web, to: "%s"}
            """.formatted(unix, at(backend));
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(unix));
            try (Front front = Front.routing(yaml);
                    Administered _ = new Administered(front, AdminOptions.at(socket));
                    Pair web = connect(front, "127.0.0.2", PLAIN);
                    Socket ssh = front.connect(OTHER);
                    var _ = listener.accept()) {
                assertThat(who(socket, web.exact()))
                        .contains("\"mapped\":null", "\"src\":\"" + web.own() + "\"", "\"as\":null");
                assertThat(who(socket, "127.0.0.1:" + ssh.getLocalPort()))
                        .contains("\"route\":\"ssh\"", "\"seen\":null");
                assertThat(Administered.ask(UnixDomainSocketAddress.of(socket), "GET /api/status HTTP/1.1"))
                        .contains("\"mapped\":null");
            }
        }
    }
}
