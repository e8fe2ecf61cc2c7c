package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.LoadBalancer;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind HAProxy and nginx, and of curl itself: routes and log know the client that the PROXY header names. */
class ProxyProtocolIT {
    /** Where the client connects from; the proxies connect from 127.0.0.1. */
    private static final String CLIENT = "127.0.0.9";

    private static final String ROUTES = """
        listen: {address: 127.0.0.1:0, proxy-protocol: {from: [127.0.0.1, "::1"]}}
        routes:
          - {name: client, when: {from: 127.0.0.9}, to: "%s"}
          - {name: proxy, when: {from: 127.0.0.1}, to: "%1$s"}
        """;

    @TempDir
    private Path folder;

    @Test
    @Needs({"haproxy", "nginx", "curl", "openssl"})
    void behindHaproxyWithEachVersionOfTheProtocol() throws Exception {
        int v1 = Sockets.freePort();
        int v2 = Sockets.freePort();
        int checksum = Sockets.freePort();
        try (Nginx web = new Nginx(folder);
                Portshare portshare = Portshare.serving(ROUTES.formatted(web.alpha()));
                LoadBalancer haproxy = LoadBalancer.haproxy(
                        folder,
                        checksum,
                        listener(v1, portshare, "send-proxy")
                                + listener(v2, portshare, "send-proxy-v2")
                                + listener(checksum, portshare, "send-proxy-v2 proxy-v2-options crc32c,unique-id"))) {
            // Its own visit, to see whether it listens: an end without a head behind the header.
            assertThat(portshare.connection().get("dst")).isEqualTo("127.0.0.1:" + checksum);
            for (int port : new int[] {v1, v2, checksum}) {
                assertThat(web.curl("127.0.0.1", port, Nginx.ALPHA, "/who", "--interface", CLIENT)
                                .run()
                                .ok()
                                .out())
                        .startsWith("alpha ");
                assertIsTheClients(portshare.connection(), port);
            }
            assertThat(haproxy.toString()).doesNotContain("ALERT");
        }
    }

    /** HAProxy ends TLS, and tells of it, of the name that was asked for, and a checksum over it all. */
    @Test
    @Needs({"haproxy", "nginx", "curl", "openssl"})
    void behindHaproxyThatTellsOfTls() throws Exception {
        int port = Sockets.freePort();
        try (Nginx web = new Nginx(folder);
                ServerSocket backend = Sockets.backend();
                Portshare portshare = Portshare.serving(ROUTES.formatted(at(backend)))) {
            Thread.ofVirtual().start(() -> answer(backend));
            Path pem = folder.resolve("haproxy.pem");
            Files.writeString(
                    pem, Files.readString(folder.resolve("alpha.crt")) + Files.readString(folder.resolve("alpha.key")));
            try (LoadBalancer _ = LoadBalancer.haproxy(folder, port, """
                frontend tls
                  bind 127.0.0.1:%d ssl crt %s
                  default_backend portshare
                backend portshare
                  server portshare 127.0.0.1:%d send-proxy-v2-ssl-cn proxy-v2-options ssl,cert-cn,ssl-cipher,authority,crc32c
                """.formatted(port, pem, portshare.port()))) {
                assertThat(web.curl("127.0.0.1", port, Nginx.ALPHA, "/who", "--interface", CLIENT)
                                .run()
                                .ok()
                                .out())
                        .isEqualTo("fine");
                assertIsTheClients(portshare.connection(), port);
            }
        }
    }

    /** HAProxy checks with a header that says {@code LOCAL}: the connection is its own. */
    @Test
    @Needs("haproxy")
    void theHealthChecksOfHaproxy() throws Exception {
        int port = Sockets.freePort();
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.serving(ROUTES.formatted(at(echo)));
                LoadBalancer _ =
                        LoadBalancer.haproxy(folder, port, listener(port, portshare, "send-proxy-v2 check inter 1h"))) {
            // The check, and this test's own look whether HAProxy listens, in either order: whose is the listener's
            // address?
            List<String> destinations = List.of(
                    portshare.connection().get("dst"), portshare.connection().get("dst"));
            assertThat(destinations).containsExactlyInAnyOrder("127.0.0.1:" + port, "127.0.0.1:" + portshare.port());
        }
    }

    @Test
    @Needs({"nginx", "curl", "openssl"})
    void behindNginx() throws Exception {
        int port = Sockets.freePort();
        try (Nginx web = new Nginx(folder);
                Portshare portshare = Portshare.serving(ROUTES.formatted(web.alpha()));
                LoadBalancer _ = LoadBalancer.nginx(
                        folder,
                        port,
                        "server { listen 127.0.0.1:%d; proxy_pass 127.0.0.1:%d; proxy_protocol on; }"
                                .formatted(port, portshare.port()))) {
            assertThat(portshare.connection().get("dst")).isEqualTo("127.0.0.1:" + port);
            web.curl("127.0.0.1", port, Nginx.ALPHA, "/who", "--interface", CLIENT)
                    .run()
                    .ok();
            assertIsTheClients(portshare.connection(), port);
        }
    }

    /** curl writes the header itself; from 127.0.0.9, which is not trusted, it would be bytes of no protocol. */
    @Test
    @Needs({"nginx", "curl", "openssl"})
    void ofCurlItselfAndOfThoseWhoAreNotTrusted() throws Exception {
        try (Nginx web = new Nginx(folder);
                Portshare portshare = Portshare.serving(ROUTES.formatted(web.alpha()))) {
            web.curl("127.0.0.1", portshare.port(), Nginx.ALPHA, "/who", "--haproxy-protocol")
                    .run()
                    .ok();
            assertThat(portshare.connection().get("sni")).isEqualTo(Nginx.ALPHA);
            Command.Result result = web.curl(
                            "127.0.0.1",
                            portshare.port(),
                            Nginx.ALPHA,
                            "/who",
                            "--interface",
                            CLIENT,
                            "--haproxy-protocol")
                    .run();
            assertThat(result.exit()).isNotZero();
            Connection connection = portshare.connection();
            assertThat(connection.get("proto")).isEqualTo("unrecognised");
            assertThat(connection.get("src")).startsWith(CLIENT + ":");
        }
    }

    /** In segments that the kernel cannot join, also one that ends within the header. */
    @Test
    void inSegmentsOfAnySize() throws Exception {
        byte[] head = ("PROXY TCP4 127.0.0.9 203.0.113.5 51234 443\r\n" + new String(PLAIN, StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.serving(ROUTES.formatted(at(echo)))) {
            for (int size : new int[] {1, 7, 43, 44, 45, 46}) {
                try (Socket client = Sockets.connect(portshare)) {
                    Kernel.writeInSegments(client, head, size);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
                }
                Connection connection = portshare.connection();
                assertThat(connection.get("src")).isEqualTo("127.0.0.9:51234");
                assertThat(connection.get("dst")).isEqualTo("203.0.113.5:443");
                assertThat(connection.route()).isEqualTo("client");
                assertThat(connection.number("in")).isEqualTo(PLAIN.length);
            }
        }
    }

    /** An answer to whoever comes first behind the look whether HAProxy listens, which says nothing. */
    private static void answer(ServerSocket backend) {
        boolean asked = false;
        while (!asked) {
            try (Socket server = Sockets.accept(backend)) {
                asked = server.getInputStream().read() == 'G';
                server.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nfine".getBytes(StandardCharsets.US_ASCII));
                server.shutdownOutput();
                server.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String listener(int port, Portshare portshare, String options) {
        return "listen p%1$d\n  bind 127.0.0.1:%1$d\n  server portshare 127.0.0.1:%2$d %3$s\n"
                .formatted(port, portshare.port(), options);
    }

    private static void assertIsTheClients(Connection connection, int port) {
        assertThat(connection.get("src")).startsWith(CLIENT + ":");
        assertThat(connection.get("dst")).isEqualTo("127.0.0.1:" + port);
        assertThat(connection.route()).isEqualTo("client");
        assertThat(connection.close()).isIn("completed", "client-reset");
    }
}
