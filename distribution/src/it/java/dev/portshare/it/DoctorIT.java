package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.FullBacklog;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.NetworkNamespace;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What is wrong with a machine is found, and what the doctor prescribes helps. */
@ResourceLock(Portshare.OPEN_FILES)
class DoctorIT {
    private static final Pattern REMEDY = Pattern.compile("\"remedy\": \"((?:sysctl|ip) [^,\"]*)");

    /** A port of OpenVPN's and one of a web server's, and 443: in a network namespace all are free. */
    private static final List<String> ROUTES = List.of(
            "doctor", "--json", "--listen", "443", "--openvpn", "127.0.0.1:1194", "--otherwise", "127.0.0.1:8443");

    @TempDir
    private Path folder;

    private static Command.Result examine(List<String> prefix) {
        return Command.of(Portshare.words(prefix, ROUTES)).run();
    }

    /** Listens on ports of {@code namespace} until it is destroyed. */
    private Process listen(NetworkNamespace namespace, String... addresses) throws Exception {
        Path ready = folder.resolve("ready");
        List<String> words = new ArrayList<>(namespace.prefix());
        words.addAll(List.of("python3", "-c", """
            import socket, sys, time
            sockets = []
            for address in sys.argv[2:]:
                host, port = address.rsplit(":", 1)
                sockets.append(socket.create_server((host, int(port))))
            open(sys.argv[1], "w").close()
            time.sleep(3600)
            """, ready.toString()));
        words.addAll(List.of(addresses));
        Process process = new ProcessBuilder(words).inheritIO().start();
        org.awaitility.Awaitility.await().atMost(Portshare.PATIENCE).until(() -> Files.deleteIfExists(ready));
        return process;
    }

    @Test
    @Needs({"netns", "python3", "sysctl"})
    void whatIsWrongIsFoundAndItsRemedyHelps() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace.sysctl("net.core.somaxconn", 128);
            namespace.sysctl("net.ipv6.conf.all.disable_ipv6", 1);
            namespace
                    .run("sysctl", "-w", "net.ipv4.tcp_congestion_control=reno")
                    .ok();
            Process servers = listen(namespace, "127.0.0.1:1194", "127.0.0.1:8443");
            try {
                Command.Result wrong = examine(namespace.prefix());
                assertThat(wrong.exit()).isEqualTo(1);
                assertThat(wrong.out().lines())
                        .as(wrong.toString())
                        .satisfiesExactly(
                                line -> assertThat(line).startsWith("{\"check\": \"port\", \"finding\": \"IPv6 is"),
                                line -> assertThat(line).startsWith("{\"check\": \"backlog\", "));
                follow(wrong.out(), namespace);
                Command.Result right = examine(namespace.prefix());
                assertThat(right.out()).isEmpty();
                assertThat(right.ok().err()).isEmpty();
            } finally {
                servers.destroyForcibly();
            }
        }
    }

    /** Pacing is what a machine's default may be, and this one's is in no test's hands but in a network namespace. */
    @Test
    @Needs({"netns", "python3", "sysctl", "bbr"})
    void theRemedyAgainstPacingHelps() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace.run("sysctl", "-w", "net.ipv4.tcp_congestion_control=bbr").ok();
            Process servers = listen(namespace, "127.0.0.1:1194", "127.0.0.1:8443");
            try {
                assertThat(congestionControl(namespace)).isEqualTo("bbr");
                Command.Result wrong = examine(namespace.prefix());
                assertThat(wrong.out()).containsOnlyOnce("\"check\": \"pacing\"");
                follow(wrong.out(), namespace);
                assertThat(congestionControl(namespace)).isEqualTo("cubic");
                assertThat(examine(namespace.prefix()).ok().out()).isEmpty();
            } finally {
                servers.destroyForcibly();
            }
        }
    }

    /** What a backend on loopback sends by. */
    private static String congestionControl(NetworkNamespace namespace) {
        return namespace.run("python3", "-c", """
            import socket
            listener = socket.create_server(("127.0.0.1", 0))
            client = socket.create_connection(listener.getsockname())
            backend = listener.accept()[0]
            print(backend.getsockopt(socket.IPPROTO_TCP, 13, 16).rstrip(b"\\0").decode())
            """).ok().out().strip();
    }

    private static void follow(String findings, NetworkNamespace namespace) {
        List<String> remedies = REMEDY.matcher(findings)
                .results()
                .map(remedy -> remedy.group(1))
                .toList();
        assertThat(remedies).isNotEmpty();
        remedies.forEach(remedy -> namespace.run(remedy.split(" ")).ok());
    }

    @Test
    @Needs({"netns", "python3"})
    void whoHasThePortAndWhoCanReachOpenVpnIsTold() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace
                    .run("sysctl", "-w", "net.ipv4.tcp_congestion_control=reno")
                    .ok();
            Process servers = listen(namespace, "0.0.0.0:443", "0.0.0.0:1194");
            try {
                assertThat(examine(namespace.prefix()).out().lines())
                        .satisfiesExactly(
                                line -> assertThat(line)
                                        .contains("\"[::]:443 is taken by python3 (process " + servers.pid()),
                                line -> assertThat(line)
                                        .contains("\"127.0.0.1:8443, backend of otherwise, refuses connections"),
                                line -> assertThat(line).contains("\"OpenVPN listens on port 1194 of every address"));
            } finally {
                servers.destroyForcibly();
            }
        }
    }

    @Test
    @Needs({"netns", "setpriv"})
    void aPrivilegeThatIsMissingIsTold() {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            List<String> unprivileged = Stream.concat(
                            namespace.prefix().stream(),
                            Stream.of("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"))
                    .toList();
            assertThat(examine(unprivileged).out()).contains("\"this user may not listen on port 443\"");
        }
    }

    @Test
    void eachBackendThatDoesNotAcceptIsTold() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                FullBacklog full = new FullBacklog()) {
            Path routes = Files.writeString(folder.resolve("routes.yaml"), """
                listen: 127.0.0.1:0
                routes:
                  - {name: well, when: {protocol: tls}, to: "%s"}
                  - {name: unknown, when: {from: 192.0.2.0/24}, to: "none.invalid:1"}
                  - {name: full, when: {from: 198.51.100.0/24}, to: "%s"}
                  - {name: gone, to: "unix:%s"}
                timeouts: {connect: 500ms}
                """.formatted(
                            at(echo), at(full.socket()), folder.resolve("none.sock")));
            Command.Result result = Portshare.run("doctor", "--config", routes.toString());
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.out())
                    .doesNotContain("backend of well")
                    .contains("backend: none.invalid:1, backend of unknown, has no address\n    why:    ")
                    .contains(", backend of full, does not answer\n")
                    .contains(", backend of gone, cannot be reached\n");
        }
    }

    @Test
    void aWrongRouteFileIsRefusedBeforeAnythingIsLookedAt() {
        assertThat(Portshare.run("doctor", "--config", "/nonexistent.yaml").exit())
                .isEqualTo(2);
    }
}
