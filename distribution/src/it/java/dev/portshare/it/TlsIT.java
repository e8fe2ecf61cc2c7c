package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Authority;
import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Sshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl, openssl, ssh and OpenVPN by TLS that portshare ends, and nginx by TLS that it begins. */
@Needs({"nginx", "curl", "openssl"})
class TlsIT {
    private static final int SIZE = 50_000_000;

    @TempDir
    private static Path folder;

    private static Authority authority;
    private static Path original;
    private static String plain;
    private static String plainHttp2;
    private static Nginx nginx;
    private static Portshare portshare;

    @BeforeAll
    static void start() throws Exception {
        authority = new Authority(folder);
        authority.sign("www", "DNS:www.test,DNS:*.www.test");
        authority.sign("other", "DNS:other.test");
        authority.sign("alice", "email:alice@www.test");
        new Authority(Files.createDirectory(folder.resolve("foreign"))).sign("alice", "email:alice@www.test");
        int port = Sockets.freePort();
        int second = Sockets.freePort();
        plain = "127.0.0.1:" + port;
        plainHttp2 = "127.0.0.1:" + second;
        String location = "location = /who { return 200 \"plain $server_protocol\\n\"; }";
        nginx = new Nginx(
                folder,
                "server { listen %s; %s } server { listen %s http2; %s }"
                        .formatted(plain, location, plainHttp2, location));
        original = nginx.www().resolve("big");
        Files.write(original, Sockets.random(SIZE));
        portshare = Portshare.serving("""
            listen: 0
            routes:
              - name: acme
                when: {alpn: acme-tls/1}
                to: 127.0.0.1:%5$d
              - name: staff
                when: {sni: staff.www.test}
                tls:
                  certificate: %1$s/www.pem
                  key: %1$s/www.key
                  client-certificates: {ca: %1$s/ca.pem}
                then:
                  - {name: alice, when: {client-certificate: alice}, to: %2$s}
                  - {name: others, to: reject}
              - name: web
                tls:
                  certificates:
                    - {certificate: %1$s/www.pem, key: %1$s/www.key}
                    - {certificate: %1$s/other.pem, key: %1$s/other.key}
                  alpn: [h2, http/1.1]
                then:
                  - {name: web2, when: {alpn: h2}, to: "%3$s"}
                  - {name: web1, to: "%2$s"}
              - name: to-alpha
                when: {protocol: http, host: alpha.test}
                tls: {to-backend: true, verify: %4$s, name: alpha.test}
                to: "%6$s"
              - name: to-wrong
                when: {protocol: http}
                tls: {to-backend: true, verify: %1$s/ca.pem, name: alpha.test}
                to: "%6$s"
            """.formatted(
                        folder, plain, plainHttp2, folder.resolve("alpha.crt"), Sockets.freePort(), nginx.alpha()));
    }

    @AfterAll
    static void stop() {
        try (Nginx _ = nginx;
                Portshare _ = portshare) {}
    }

    @ParameterizedTest
    @CsvSource({
        "www.test, --http2, HTTP/2.0, web2",
        "a.www.test, --http1.1, HTTP/1.1, web1",
        "other.test, --http2 --tls-max 1.2, HTTP/2.0, web2",
        "other.test, --http1.1 --tls-max 1.2, HTTP/1.1, web1"
    })
    void curlReachesAPlainServer(String name, String options, String version, String route) throws Exception {
        assertThat(curl(name, "/who", options.split(" ")).run().ok().out()).isEqualTo("plain " + version + "\n");
        var connection =
                ended(each -> each.route().equals(route) && each.get("sni").equals(name));
        assertThat(connection.close()).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"--http1.1", "--http2"})
    void fiftyMegabytesArriveWholeEitherWay(String version) throws Exception {
        Path down = folder.resolve("down" + version);
        curl("www.test", "/big", version, "--output", down.toString()).run().ok();
        assertThat(Files.mismatch(original, down)).isEqualTo(-1);
        curl("www.test", "/upload/up" + version, version, "--upload-file", original.toString())
                .run()
                .ok();
        assertThat(Files.mismatch(original, nginx.www().resolve("upload/up" + version)))
                .isEqualTo(-1);
        assertThat(ended(each -> each.number("out") > SIZE).close()).isEqualTo("completed");
        assertThat(ended(each -> each.number("in") > SIZE).close()).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_2, TLSv1.2",
        "-tls1_3, TLSv1.3",
        "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384, ECDHE-ECDSA-AES256-GCM-SHA384",
        "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305, ECDHE-ECDSA-CHACHA20-POLY1305",
        "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256, TLS_CHACHA20_POLY1305_SHA256",
        "-groups X25519, X25519",
        "-groups P-384, secp384r1"
    })
    void opensslIsServed(String options, String shown) throws Exception {
        assertThat(openssl(options)).contains(shown).contains("Verify return code: 0 (ok)");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_1 -cipher DEFAULT@SECLEVEL=0, alert protocol version",
        "-tls1 -cipher DEFAULT@SECLEVEL=0, alert protocol version",
        "-tls1_2 -cipher AES128-SHA, alert handshake failure",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA, alert handshake failure",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256, alert handshake failure",
        "-alpn imap, no application protocol"
    })
    void whatIsTooWeakOrForeignIsRefusedWithAnAlert(String options, String alert) throws Exception {
        assertThat(openssl(options)).contains(alert);
        assertThat(ended(each -> each.close().equals("tls-handshake")).route()).isEqualTo("web");
    }

    @Test
    void aSessionIsResumedByItsTicket() throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            Path session = folder.resolve("session" + version);
            assertThat(asking(version + " -sess_out " + session)).contains("New, TLSv1");
            assertThat(asking(version + " -sess_in " + session)).contains("Reused, TLSv1");
        }
    }

    /** Until the answer has come, and with it the ticket. */
    private static String asking(String options) {
        return Command.of(
                        "bash",
                        "-c",
                        "printf 'GET /who HTTP/1.0\\r"
                                + "\\n"
                                + "\\r"
                                + "\\n"
                                + "' | openssl s_client -ign_eof -servername www.test -CAfile "
                                + authority.file() + " -connect 127.0.0.1:" + portshare.port() + " " + options)
                .run()
                .ok()
                .out();
    }

    @Test
    void aClientIsKnownByItsCertificate() throws Exception {
        assertThat(staff(
                                "--cert",
                                folder.resolve("alice.pem").toString(),
                                "--key",
                                folder.resolve("alice.key").toString())
                        .ok()
                        .out())
                .isEqualTo("plain HTTP/1.1\n");
        assertThat(ended(each -> each.route().equals("alice")).close()).isEqualTo("completed");
        assertThat(staff(
                                "--cert",
                                folder.resolve("other.pem").toString(),
                                "--key",
                                folder.resolve("other.key").toString())
                        .exit())
                .isNotZero();
        assertThat(ended(each -> each.route().equals("others")).close()).isEqualTo("rejected");
        Path foreign = folder.resolve("foreign");
        for (var refused : List.of(
                staff(),
                staff(
                        "--cert",
                        foreign.resolve("alice.pem").toString(),
                        "--key",
                        foreign.resolve("alice.key").toString()))) {
            assertThat(refused.exit()).isNotZero();
            assertThat(ended(each -> each.route().equals("staff")).close()).isEqualTo("tls-handshake");
        }
    }

    private static Command.Result staff(String... options) {
        List<String> words = new ArrayList<>(List.of(options));
        words.add("--http1.1");
        return curl("staff.www.test", "/who", words.toArray(String[]::new)).run();
    }

    @Test
    void anAcmeChallengeIsAnsweredByAnotherServer() throws Exception {
        int port = Sockets.freePort();
        Process server = Command.builder(List.of(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        folder.resolve("other.pem").toString(),
                        "-key",
                        folder.resolve("other.key").toString(),
                        "-alpn",
                        "acme-tls/1",
                        "-www"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s_server.out").toFile())
                .start();
        try (Portshare own = Portshare.serving("""
            listen: 0
            routes:
              - {name: acme, when: {alpn: acme-tls/1}, to: 127.0.0.1:%2$d}
              - {name: web, tls: {certificate: %1$s/www.pem, key: %1$s/www.key, alpn: [h2]}, to: "%3$s"}
            """.formatted(folder, port, plain))) {
            Awaitility.await().atMost(Portshare.PATIENCE).until(() -> {
                try (var _ = Sockets.connect("127.0.0.1", port)) {
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
            assertThat(openssl(own.port(), "-alpn acme-tls/1 -servername other.test"))
                    .contains("CN = other")
                    .contains("ALPN protocol: acme-tls/1");
            assertThat(own.connection().route()).isEqualTo("acme");
            assertThat(openssl(own.port(), "-alpn h2")).contains("CN = www").contains("ALPN protocol: h2");
            assertThat(own.connection().route()).isEqualTo("web");
        } finally {
            Command.end(server);
        }
    }

    @Test
    void aCertificateIsRenewedByAReloadUnderTraffic() throws Exception {
        Path certificate = folder.resolve("renewed.pem");
        Path key = folder.resolve("renewed.key");
        take("www", certificate, key);
        Path file = Files.writeString(folder.resolve("renewed.yaml"), """
            listen: 127.0.0.1:0
            routes: [{name: web, tls: {certificate: renewed.pem, key: renewed.key}, to: "%s"}]
            """.formatted(plain));
        try (Portshare own = Portshare.configured(file, 1)) {
            var download = CompletableFuture.supplyAsync(() -> curl(
                            own.port(),
                            "www.test",
                            "/big",
                            "--limit-rate",
                            "20M",
                            "--output",
                            folder.resolve("slow").toString())
                    .run());
            Path slow = folder.resolve("slow");
            Awaitility.await().atMost(Portshare.PATIENCE).until(() -> Files.exists(slow) && Files.size(slow) > 0);
            for (int i = 0; i < 6; i++) {
                String name = i % 2 == 0 ? "other" : "www";
                take(name, certificate, key);
                assertThat(own.reload()).contains("reloaded");
                assertThat(curl(own.port(), name + ".test", "/who").run().ok().out())
                        .startsWith("plain ");
            }
            Files.writeString(key, "nothing");
            assertThat(own.reload()).contains("reload refused");
            assertThat(own.line("renewed.key: has no private key in it")).contains("routes[0].tls.key");
            assertThat(curl(own.port(), "www.test", "/who").run().ok().out()).startsWith("plain ");
            download.get().ok();
            assertThat(Files.mismatch(original, folder.resolve("slow"))).isEqualTo(-1);
        }
    }

    private static void take(String name, Path certificate, Path key) throws IOException {
        Files.writeString(certificate, Files.readString(folder.resolve(name + ".pem")));
        Files.writeString(key, Files.readString(folder.resolve(name + ".key")));
    }

    @Test
    void aBackendIsReachedByTlsAndOnlyIfItIsTheOne() throws Exception {
        assertThat(http("alpha.test").ok().out()).isEqualTo("alpha alpha.test HTTP/1.1 TLSv1.3\n");
        assertThat(ended(each -> each.route().equals("to-alpha")).close()).isEqualTo("completed");
        assertThat(http("else.test").exit()).isNotZero();
        assertThat(ended(each -> each.route().equals("to-wrong")).close()).isEqualTo("backend-tls");
    }

    private static Command.Result http(String host) {
        return Command.of(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail",
                        "--max-time",
                        "30",
                        "--header",
                        "Host: " + host,
                        "http://127.0.0.1:" + portshare.port() + "/who")
                .run();
    }

    @Test
    @Needs({"sshd", "ssh", "ssh-keygen", "openvpn", "socat"})
    void sshAndOpenVpnComeThroughTls() throws Exception {
        int vpnPort = Sockets.freePort();
        int between = Sockets.freePort();
        Path own = Files.createDirectory(folder.resolve("inside"));
        try (Sshd sshd = new Sshd(own);
                OpenVpn openVpn = OpenVpn.create(own);
                Portshare inside = Portshare.serving("""
                    listen: 0
                    routes:
                      - name: outer
                        tls: {certificate: %1$s/www.pem, key: %1$s/www.key, alpn: [http/1.1]}
                        then:
                          - {name: ssh, when: {protocol: ssh}, to: "%2$s"}
                          - {name: vpn, when: {protocol: openvpn}, to: 127.0.0.1:%3$d}
                          - {name: web, to: "%4$s"}
                    """.formatted(folder, sshd.address(), vpnPort, plain))) {
            String proxy =
                    "openssl s_client -quiet -verify_quiet -verify_return_error -CAfile %s/ca.pem -servername www.test -connect 127.0.0.1:%d"
                            .formatted(folder, inside.port());
            var refused = Command.of(
                            "ssh",
                            "-F",
                            "none",
                            "-o",
                            "ProxyCommand=" + proxy,
                            "-o",
                            "StrictHostKeyChecking=no",
                            "-o",
                            "UserKnownHostsFile=/dev/null",
                            "-o",
                            "BatchMode=yes",
                            "www.test")
                    .run();
            assertThat(refused.err()).contains("Permission denied");
            var ssh = inside.connection();
            assertThat(ssh.get("proto")).isEqualTo("ssh");
            assertThat(ssh.route()).isEqualTo("ssh");
            assertThat(ssh.get("sni")).isEqualTo("www.test");
            assertThat(curl(inside.port(), "www.test", "/who").run().ok().out()).isEqualTo("plain HTTP/1.1\n");
            assertThat(inside.connection().route()).isEqualTo("web");

            Process socat = Command.builder(List.of(
                            "socat",
                            "TCP-LISTEN:" + between + ",bind=127.0.0.1,reuseaddr,fork",
                            "OPENSSL:127.0.0.1:" + inside.port() + ",cafile=" + folder
                                    + "/ca.pem,commonname=www.test,snihost=www.test"))
                    .start();
            try {
                openVpn.server("tls-auth", vpnPort);
                openVpn.client("tls-auth", "127.0.0.1", between);
                openVpn.stopClient("tls-auth", between);
                openVpn.stopServer("tls-auth", vpnPort);
                var vpn = inside.connection();
                assertThat(vpn.get("proto")).isEqualTo("openvpn");
                assertThat(vpn.route()).isEqualTo("vpn");
                assertThat(vpn.number("out")).isGreaterThan(1000);
            } finally {
                Command.end(socat);
            }
        }
    }

    /** The next connection that ended and is such a one: others may be of tests before. */
    private static Connection ended(Predicate<Connection> meant) throws InterruptedException {
        Connection connection = portshare.connection();
        while (!meant.test(connection)) {
            connection = portshare.connection();
        }
        return connection;
    }

    private static Command curl(String name, String path, String... options) {
        return curl(portshare.port(), name, path, options);
    }

    private static Command curl(int port, String name, String path, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--max-time",
                "50",
                "--cacert",
                authority.file().toString(),
                "--connect-to",
                "::127.0.0.1:" + port));
        words.addAll(List.of(options));
        words.add("https://" + name + path);
        return Command.of(words);
    }

    private static String openssl(String options) {
        return openssl(portshare.port(), options);
    }

    private static String openssl(int port, String options) {
        List<String> words = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-CAfile",
                authority.file().toString()));
        if (!options.contains("-servername")) {
            words.addAll(List.of("-servername", "www.test"));
        }
        words.addAll(List.of(options.split(" ")));
        Command.Result result = Command.of(words).run();
        return result.out() + result.err();
    }
}
