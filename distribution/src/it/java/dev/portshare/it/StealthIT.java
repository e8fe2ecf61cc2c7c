package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Repository;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.probe.Comparison;
import dev.portshare.it.probe.Probe;
import dev.portshare.it.probe.Probes;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real OpenVPN servers, one for each way to use a key, on one port with nginx: clients that prove a key reach theirs, and to
 * everybody else there is nginx and nothing else.
 */
@Needs({"openvpn", "nginx", "openssl", "tun"})
class StealthIT {
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final int RECONNECTS = 100;

    private static final String ROUTES = """
        routes:
          - {name: tls-auth, when: {openvpn-key: {tls-auth: "%1$s/ta.key", auth: SHA256, direction: 0}}, to: "127.0.0.1:%2$d"}
          - {name: tls-auth-nodir, when: {openvpn-key: {tls-auth: "%1$s/ta.key", auth: SHA256}}, to: "127.0.0.1:%3$d"}
          - {name: tls-crypt, when: {openvpn-key: {tls-crypt: "%1$s/ta.key"}}, to: "127.0.0.1:%4$d"}
          - {name: tls-crypt-v2, when: {openvpn-key: {tls-crypt-v2: "%1$s/v2-server.key"}}, to: "127.0.0.1:%5$d"}
          - {name: other, when: {openvpn-key: {config: "%6$s"}}, to: "127.0.0.1:%7$d"}
          - {name: web, to: "%8$s"}
        timeouts: {silent: 0s}
        state-dir: "%9$s"
        """;

    @TempDir
    private static Path folder;

    private static final List<String> MODES = List.of("tls-auth", "tls-auth-nodir", "tls-crypt", "tls-crypt-v2");
    /** The port of each mode's server. */
    private static final Map<String, Integer> SERVERS = new LinkedHashMap<>();

    private static Nginx nginx;
    private static OpenVpn openVpn;
    /** Has a {@code tls-crypt} key of its own. */
    private static OpenVpn other;

    private static int otherPort;
    /** Nobody behind portshare has its keys. */
    private static OpenVpn stranger;

    private static String routes;
    private static Portshare portshare;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(Files.createDirectory(folder.resolve("nginx")), "client_header_timeout 2s;");
        openVpn = OpenVpn.create(folder.resolve("keys"));
        other = OpenVpn.create(folder.resolve("other"));
        stranger = OpenVpn.create(folder.resolve("stranger"));
        for (String mode : MODES) {
            int port = Sockets.freePort();
            openVpn.server(mode, port);
            SERVERS.put(mode, port);
        }
        otherPort = Sockets.freePort();
        other.server("tls-crypt", otherPort);
        Path conf = Files.writeString(folder.resolve("server.conf"), """
            proto tcp-server
            dev tun
            tls-crypt other/ta.key
            """);
        Object[] ports = SERVERS.values().toArray();
        routes = ROUTES.formatted(
                folder.resolve("keys"),
                ports[0],
                ports[1],
                ports[2],
                ports[3],
                conf,
                otherPort,
                nginx.alpha(),
                folder.resolve("state"));
        Files.createDirectory(folder.resolve("state"));
        portshare = Portshare.routing(routes);
    }

    @AfterAll
    static void stop() {
        try (Nginx _ = nginx;
                OpenVpn _ = openVpn;
                OpenVpn _ = other;
                Portshare _ = portshare) {}
    }

    @Test
    void whoeverProvesNoKeySeesNginxAndOpenVpnHearsOfNobody() throws Exception {
        List<Probe> probes = new ArrayList<>(Probes.blind());
        for (String mode : MODES) {
            probes.addAll(Probes.forged("forged " + mode, openVpn.firstPacket(mode)));
            probes.addAll(Probes.whole("stranger's " + mode, stranger.firstPacket(mode)));
        }
        List<String> before = quietLogs();
        assertThat(comparison().of("keys", probes)).isEmpty();
        assertThat(logs()).isEqualTo(before);
    }

    @Test
    void theRouteFileOfThePageHasNoSeamThatCheckKnows() throws Exception {
        String page = Files.readString(Repository.MODULE.resolveSibling("docs/stealth.md"));
        String example = page.substring(page.indexOf("```yml\n") + "```yml\n".length());
        String yaml = example.substring(0, example.indexOf("```"))
                .replace("/etc/openvpn/server/", folder + "/")
                .replace("/var/lib/portshare", folder.resolve("state").toString());
        Path file = Files.writeString(folder.resolve("page.yaml"), yaml);
        assertThat(Portshare.run("check", file.toString()).ok().err()).isEmpty();
        Path late = Files.writeString(folder.resolve("late.yaml"), yaml.replace("silent: 0s", "silent: 3s"));
        assertThat(Portshare.run("check", late.toString()).err()).contains("timeouts.silent");
    }

    /** That the comparison can fail: what every OpenVPN server shows, with keys too. */
    @Test
    void withoutPortshareTheProbesTellOpenVpnFromNginx() throws Exception {
        List<Probe> some = Probes.blind().stream()
                .filter(probe -> !probe.name().matches(".*first [0-9]+.*|.*tls-auth (MD5|SHA(1|224|384|512)),.*"))
                .toList();
        long differences = new Comparison(port(nginx.alpha()), SERVERS.get("tls-crypt")).countOf("bare", some);
        assertThat(differences).isGreaterThan(some.size() / 2);
    }

    @Test
    void aFirstPacketIsLetInOnceAndAfterARestartNeitherIsItAgain() throws Exception {
        Map<String, byte[]> packets = new LinkedHashMap<>();
        for (String mode : MODES) {
            byte[] packet = openVpn.firstPacket(mode);
            packets.put(mode, packet);
            assertThat(isAnsweredByOpenVpn(packet)).as(mode).isTrue();
            // Without portshare, a copy is as good.
            assertThat(isAnsweredByOpenVpn(packet, SERVERS.get(mode))).as(mode).isTrue();
        }
        List<Probe> replays = new ArrayList<>();
        for (var packet : packets.entrySet()) {
            replays.addAll(Probes.whole("replayed " + packet.getKey(), packet.getValue()));
        }
        List<String> before = quietLogs();
        assertThat(comparison().of("replays", replays)).isEmpty();
        portshare.signal("TERM");
        portshare.exitCode();
        portshare = Portshare.routing(routes);
        assertThat(comparison().of("replays-later", replays)).isEmpty();
        assertThat(logs()).isEqualTo(before);
    }

    @Test
    void ofOnePacketSentByManyAtOnceOneIsLetIn() throws Exception {
        byte[] packet = openVpn.firstPacket("tls-crypt");
        List<Future<Boolean>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> isAnsweredByOpenVpn(packet)));
            }
        }
        assertThat(answers.stream().filter(Future::resultNow)).hasSize(1);
    }

    @Test
    void aRealClientOfEveryModeReachesTheServerThatHasItsKey() throws Exception {
        for (String mode : MODES) {
            connects(openVpn, mode, mode, SERVERS.get(mode));
        }
        connects(other, "tls-crypt", "other", otherPort);
    }

    @Test
    @Needs("faketime")
    void aClientWhoseClockIsAYearOffIsLetIn() throws Exception {
        for (String days : new String[] {"+365d", "-365d"}) {
            String program = openVpnWithClock(days);
            for (String mode : MODES) {
                assertThat(isAnsweredByOpenVpn(openVpn.firstPacket(mode, program)))
                        .as(mode + " " + days)
                        .isTrue();
            }
        }
        // In the past the certificates would not be valid yet.
        connects(openVpn, "tls-crypt-v2", "tls-crypt-v2", SERVERS.get("tls-crypt-v2"), openVpnWithClock("+365d"));
    }

    @Test
    void aClientThatComesBackAgainAndAgainIsLetInEachTime() throws Exception {
        for (int i = 0; i < RECONNECTS; i++) {
            String mode = MODES.get(i % MODES.size());
            connects(openVpn, mode, mode, SERVERS.get(mode));
        }
    }

    /** A whole handshake, and what the log says of it. */
    private static void connects(OpenVpn client, String mode, String route, int server) {
        connects(client, mode, route, server, "");
    }

    private static void connects(OpenVpn client, String mode, String route, int server, String program) {
        List<String> before = lines(route);
        client.client(mode, "127.0.0.1", portshare.port(), program);
        client.stopClient(mode, portshare.port());
        await().atMost(Portshare.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lines(route).size() > before.size());
        assertThat(lines(route).getLast())
                .contains(" proto=openvpn ")
                .contains(" backend=127.0.0.1:" + server + " ")
                // A handshake takes some kilobytes each way.
                .containsPattern(" in=[0-9]{4,} out=[0-9]{4,} ");
    }

    private static List<String> lines(String route) {
        return portshare.log().stream()
                .filter(line -> line.contains(" route=" + route + " "))
                .toList();
    }

    private static String openVpnWithClock(String offset) throws IOException {
        Path script = Files.writeString(folder.resolve("openvpn" + offset), """
            #!/bin/sh
            LD_PRELOAD='/usr/$LIB/faketime/libfaketime.so.1' FAKETIME=%s exec openvpn "$@"
            """.formatted(offset));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    private static boolean isAnsweredByOpenVpn(byte[] packet) throws IOException {
        return isAnsweredByOpenVpn(packet, portshare.port());
    }

    /** Whether {@code packet} gets an answer of the length that a server's reset has, and not one of nginx. */
    private static boolean isAnsweredByOpenVpn(byte[] packet, int port) throws IOException {
        try (Socket client = Sockets.connect("127.0.0.1", port)) {
            client.getOutputStream().write(packet);
            InputStream in = client.getInputStream();
            return in.read() == 0 && in.read() >= 54;
        }
    }

    private static Comparison comparison() {
        return new Comparison(port(nginx.alpha()), portshare.port(), GRACE);
    }

    private static List<String> logs() throws IOException {
        List<String> logs = new ArrayList<>();
        for (var server : SERVERS.entrySet()) {
            logs.add(openVpn.serverLog(server.getKey(), server.getValue()));
        }
        logs.add(other.serverLog("tls-crypt", otherPort));
        return logs;
    }

    /** When the servers have said all about the clients before. */
    private static List<String> quietLogs() throws IOException {
        List<String> logs = new ArrayList<>();
        await().atMost(Portshare.PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            List<String> now = logs();
            boolean quiet = now.equals(logs);
            logs.clear();
            logs.addAll(now);
            return quiet;
        });
        return logs;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
