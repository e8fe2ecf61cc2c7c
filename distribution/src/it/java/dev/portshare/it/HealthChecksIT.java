package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Certificate;
import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image checks real servers: one that accepts and does nothing is down, and what works is up again. */
class HealthChecksIT {
    @TempDir
    private Path folder;

    private static void signal(String name, String pid) {
        Command.of("bash", "-c", "kill -" + name + " " + pid).run().ok();
    }

    /** A server that is stopped still accepts: the kernel does that for it. */
    @Test
    @Needs({"openvpn", "openssl"})
    void anOpenVpnServerThatHangsIsDown() throws Exception {
        try (OpenVpn openVpn = OpenVpn.create(folder.resolve("openvpn"))) {
            int port = Sockets.freePort();
            openVpn.server("tls-crypt", port);
            String pid = Files.readString(openVpn.key("run/server-tls-crypt-" + port + ".pid"))
                    .split(" ")[0];
            signal("STOP", pid);
            try (Portshare portshare =
                    Portshare.routing("""
                        routes:
                          - name: vpn
                            when: {openvpn-key: {tls-crypt: "%s"}}
                            to: 127.0.0.1:%d
                            health: {check: openvpn, every: 200ms, timeout: 1s, failures: 2}
                          - {name: web, to: 127.0.0.1:1}
                        state-dir: "%s"
                        """.formatted(openVpn.key("ta.key"), port, folder.resolve("state")))) {
                assertThat(portshare.line("backend 127.0.0.1:" + port + " is down"))
                        .contains("check: no answer within 1000 ms", "2 failures");
                signal("CONT", pid);
                portshare.line("backend 127.0.0.1:" + port + " is up again");
            } finally {
                signal("CONT", pid);
            }
        }
    }

    @Test
    @Needs("openssl")
    void aServerIsUpWhenItSpeaksTls() throws Exception {
        int port = Sockets.freePort();
        Certificate certificate = Certificate.create(folder, "server", "DNS:web.test");
        try (Portshare portshare = Portshare.routing("""
            routes:
              - name: web
                to: 127.0.0.1:%d
                health: {check: tls, name: web.test, every: 200ms, failures: 1}
            """.formatted(port))) {
            assertThat(portshare.line(" is down")).contains("check: Connection refused");
            Process server = server(port, certificate);
            try {
                portshare.line("backend 127.0.0.1:" + port + " is up again");
            } finally {
                Command.end(server);
            }
        }
    }

    private Process server(int port, Certificate certificate) throws IOException {
        return Command.builder(List.of(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        certificate.file().toString(),
                        "-key",
                        certificate.key().toString(),
                        "-www"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s_server.log").toFile())
                .start();
    }
}
