package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.LoadBalancer;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** nginx and HAProxy behind portshare know its client, over both families, on a socket that takes both. */
class ClientAddressIT {
    private static final String ROUTES = """
        listen: ":0"
        routes: [{name: web, to: "127.0.0.1:%d", proxy-protocol: %s}]
        timeouts: {silent: 0s}
        """;

    private static final String UNIX_ROUTES = """
        listen: [":0", "unix:%s/portshare.sock"]
        routes: [{name: web, to: "unix:%s", proxy-protocol: %s}]
        timeouts: {silent: 0s}
        """;

    @TempDir
    private Path folder;

    /** nginx answers at once: the client is silent. */
    @ParameterizedTest
    @Needs("nginx")
    @CsvSource({"v1,127.0.0.1", "v1,::1", "v2,127.0.0.1", "v2,::1", "v2-crc32c,::1"})
    void nginxKnowsTheClientBeforeItHasSaidAnything(String version, String address) throws Exception {
        int port = Sockets.freePort();
        try (LoadBalancer _ = LoadBalancer.nginx(
                        folder,
                        port,
                        ("server { listen 127.0.0.1:%d proxy_protocol; return \"$proxy_protocol_addr"
                                        + " $proxy_protocol_port $proxy_protocol_server_addr"
                                        + " $proxy_protocol_server_port\"; }")
                                .formatted(port));
                Portshare portshare = Portshare.serving(ROUTES.formatted(port, version));
                Socket client = Sockets.connect(address, portshare.port())) {
            byte[] answer = client.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII))
                    .isEqualTo(address + " " + client.getLocalPort() + " " + address + " " + portshare.port());
        }
    }

    /** On a Unix socket nginx has no address of its own to compare with: what the header says is all that it knows. */
    @ParameterizedTest
    @Needs("nginx")
    @CsvSource({"v1,127.0.0.1", "v2,::1", "v2-crc32c,127.0.0.1"})
    void nginxOnAUnixSocketKnowsTheClient(String version, String address) throws Exception {
        Path socket = folder.resolve("web.sock");
        try (LoadBalancer _ = nginxOn(socket);
                Portshare portshare = Portshare.serving(UNIX_ROUTES.formatted(folder, socket, version));
                Socket client = Sockets.connect(address, portshare.port())) {
            byte[] answer = client.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII))
                    .isEqualTo("<" + address + "> <" + client.getLocalPort() + ">");
        }
    }

    /** Of a client on a Unix socket there is nothing to know, and nginx serves it all the same. */
    @ParameterizedTest
    @Needs("nginx")
    @ValueSource(strings = {"v1", "v2", "v2-crc32c"})
    void aClientWithoutAddressIsServed(String version) throws Exception {
        Path socket = folder.resolve("web.sock");
        try (LoadBalancer _ = nginxOn(socket);
                Portshare _ = Portshare.serving(UNIX_ROUTES.formatted(folder, socket, version));
                SocketChannel client =
                        SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("portshare.sock")))) {
            byte[] answer = Channels.newInputStream(client).readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("<> <>");
        }
    }

    private LoadBalancer nginxOn(Path socket) throws Exception {
        int port = Sockets.freePort();
        return LoadBalancer.nginx(
                folder,
                port,
                ("server { listen 127.0.0.1:%d; listen unix:%s proxy_protocol;"
                                + " return \"<$proxy_protocol_addr> <$proxy_protocol_port>\"; }")
                        .formatted(port, socket));
    }

    /** HAProxy refuses a header whose checksum is wrong. */
    @ParameterizedTest
    @Needs({"haproxy", "nginx", "curl", "openssl"})
    @CsvSource({"v1,127.0.0.1", "v1,::1", "v2,127.0.0.1", "v2,::1", "v2-crc32c,127.0.0.1", "v2-crc32c,::1"})
    void haproxyKnowsTheClientAndWhatItAsksFor(String version, String address) throws Exception {
        int port = Sockets.freePort();
        try (Nginx web = new Nginx(folder)) {
            Path pem = folder.resolve("haproxy.pem");
            Files.writeString(
                    pem, Files.readString(folder.resolve("alpha.crt")) + Files.readString(folder.resolve("alpha.key")));
            try (LoadBalancer _ = LoadBalancer.haproxy(folder, port, """
                frontend web
                  mode http
                  bind 127.0.0.1:%d accept-proxy ssl crt %s
                  http-request return status 200 content-type text/plain lf-string "%%[src] %%[dst] %%[dst_port] <%%[fc_pp_authority]> <%%[fc_pp_unique_id]>"
                """.formatted(port, pem));
                    Portshare portshare = Portshare.serving(ROUTES.formatted(port, version))) {
                String answer = web.curl(address, portshare.port(), Nginx.ALPHA, "/")
                        .run()
                        .ok()
                        .out();
                Connection connection = portshare.connection();
                assertThat(connection.get("sni")).isEqualTo(Nginx.ALPHA);
                String ends = address + " " + address + " " + portshare.port();
                if (version.equals("v1")) {
                    assertThat(answer).isEqualTo(ends + " <> <>");
                } else {
                    assertThat(answer)
                            .startsWith(ends + " <" + Nginx.ALPHA + "> <" + connection.get("id") + "-")
                            .endsWith(">");
                }
            }
        }
    }
}
