package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.config.RouteFile;
import dev.portshare.detect.openvpn.Recorded;
import dev.portshare.detect.openvpn.Recorded.Packet;
import dev.portshare.handover.Handover;
import dev.portshare.os.SocketPair;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code openvpn-key}: who proves a key reaches OpenVPN, everybody else the web server, with all their bytes. */
class OpenVpnKeyTest {
    private static final String TLS_CRYPT = "{tls-crypt: ta.key}";
    private static final String ANY_MODE = "[{tls-crypt: ta.key}, {tls-auth: ta.key, auth: SHA1, direction: 0},"
            + " {tls-crypt-v2: v2-server.key}, {secret: ta.key}]";
    /** No clock ends what these tests decide by bytes. */
    private static final String PATIENT = "openvpn-grace: 1m, head: 1m";

    @TempDir
    private Path folder;

    private ServerSocket vpn;
    private ServerSocket web;

    @BeforeEach
    void start() throws IOException {
        vpn = Front.backend();
        web = Front.backend();
        for (String file : List.of("ta.key", "wrong-ta.key", "v2-server.key", "wrong-v2-server.key")) {
            Files.writeString(folder.resolve(file), Recorded.keyText(file));
        }
    }

    @AfterEach
    void stop() throws IOException {
        vpn.close();
        web.close();
    }

    private Front front(String when, String timeouts) throws Exception {
        return Front.reading(file("{" + when + "}", timeouts, ""));
    }

    private Path file(String when, String timeouts, String more) throws IOException {
        return Files.writeString(
                folder.resolve("portshare.yaml"), """
                    listen: 127.0.0.1:0
                    routes:
                      - {name: vpn, when: %s, to: "%s"}
                      - {name: web, to: "%s"}
                    timeouts: {%s}
                    %s
                    """.formatted(when, Front.at(vpn), Front.at(web), timeouts, more));
    }

    private static Packet first(String mode) {
        return Recorded.packets().stream()
                .filter(packet -> packet.mode().equals(mode))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] flipped(byte[] packet, int at) {
        byte[] other = packet.clone();
        other[at] ^= 1;
        return other;
    }

    /** A client that sends {@code bytes} reaches {@code backend} with them, and what is logged of it. */
    private static ConnectionRecord reaches(ServerSocket backend, Front front, byte[] bytes) throws Exception {
        try (Socket client = front.connect(bytes);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            client.getOutputStream().write(PLAIN);
            assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
        }
        return front.record();
    }

    /** Of the live connections; "null" of one that is not decided. */
    private static List<String> routes(Front front) {
        List<String> routes = Collections.synchronizedList(new ArrayList<>());
        front.portshare
                .telemetry()
                .eachLive(session -> routes.add(String.valueOf(session.live().route())))
                .join();
        return routes;
    }

    static Stream<Packet> recorded() {
        return Recorded.packets().stream();
    }

    static Stream<Packet> wrong() {
        return Recorded.vectors().filter(packet -> packet.expect().startsWith("bad"));
    }

    private static String key(Packet packet) {
        boolean hasDigest = !packet.digest().equals("-");
        return "openvpn-key: {" + packet.mode() + ": " + packet.file()
                + (hasDigest ? ", auth: " + packet.digest() : "")
                + (packet.direction().equals("-") ? "" : ", direction: " + packet.direction()) + "}";
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void whoProvesTheKeyReachesOpenVpn(Packet packet) throws Exception {
        try (Front front = front(key(packet), PATIENT)) {
            ConnectionRecord record = reaches(vpn, front, packet.bytes());
            assertThat(record.protocol()).isEqualTo("openvpn");
            assertThat(record.route()).isEqualTo("vpn");
        }
    }

    /** The log still tells that it looked like OpenVPN: a client with a wrong key wants to be found. */
    @ParameterizedTest
    @MethodSource("wrong")
    void whoDoesNotReachesTheWebServer(Packet packet) throws Exception {
        try (Front front = front(key(packet), PATIENT)) {
            ConnectionRecord record = reaches(web, front, packet.bytes());
            boolean isShaped = !packet.name().contains("packet-id");
            assertThat(record.protocol()).isEqualTo(isShaped ? "openvpn" : "unrecognised");
            assertThat(record.route()).isEqualTo("web");
        }
    }

    @Test
    void serversOnOnePortAreToldApartByTheirKeys() throws Exception {
        try (ServerSocket other = Front.backend();
                Front front = Front.reading(Files.writeString(
                        folder.resolve("two.yaml"), """
                            listen: 127.0.0.1:0
                            routes:
                              - {name: wrong, when: {openvpn-key: {tls-crypt: wrong-ta.key}}, to: reject}
                              - {name: one, when: {openvpn-key: [{tls-crypt: ta.key}]}, to: "%s"}
                              - {name: two, when: {openvpn-key: {tls-crypt-v2: v2-server.key}}, to: "%s"}
                              - {name: web, to: "%s"}
                            """.formatted(Front.at(vpn), Front.at(other), Front.at(web))))) {
            assertThat(reaches(vpn, front, first("tls-crypt").bytes()).route()).isEqualTo("one");
            assertThat(reaches(other, front, first("tls-crypt-v2").bytes()).route())
                    .isEqualTo("two");
            assertThat(reaches(web, front, first("tls-auth").bytes()).route()).isEqualTo("web");
        }
    }

    /** Each byte comes alone. */
    @ParameterizedTest
    @ValueSource(strings = {"tls-crypt", "tls-auth", "tls-crypt-v2", "secret"})
    void theVerdictDoesNotDependOnHowTheBytesWereCut(String mode) throws Exception {
        byte[] packet = Recorded.packets().stream()
                .filter(recorded -> recorded.mode().equals(mode))
                .filter(recorded -> Stream.of("-/-", mode.equals("secret") ? "SHA1/-" : "SHA1/0")
                        .anyMatch((recorded.digest() + "/" + recorded.direction())::equals))
                .findFirst()
                .orElseThrow()
                .bytes();
        try (Front front = front("openvpn-key: " + ANY_MODE, PATIENT);
                Socket client = front.connect()) {
            for (byte one : packet) {
                client.getOutputStream().write(one);
            }
            try (Socket server = accept(vpn)) {
                assertThat(server.getInputStream().readNBytes(packet.length)).isEqualTo(packet);
            }
        }
    }

    /** Nothing waits, though no clock runs out within a minute. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "000e",
                "0002",
                "05",
                "47",
                "003637",
                "0036380000000000000000",
                "003638010101010101010100000002",
                "0d0a0d0a"
            })
    void bytesThatNoModeOfTheKeysBeginsWithAreNotHeld(String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        try (Front front = front("openvpn-key: " + TLS_CRYPT, PATIENT)) {
            assertThat(reaches(web, front, bytes).route()).isEqualTo("web");
        }
    }

    @Test
    void whatMayStillBecomeAFirstPacketIsHeldForTheGraceAndNoLonger() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        try (Front front = front("openvpn-key: " + TLS_CRYPT, "openvpn-grace: 50ms, head: 1m")) {
            for (int length : List.of(1, 2, 3, 20, packet.length - 1)) {
                ConnectionRecord record = reaches(web, front, Arrays.copyOf(packet, length));
                assertThat(record.route()).isEqualTo("web");
                assertThat(record.headNanos()).isGreaterThanOrEqualTo(50_000_000);
            }
        }
    }

    /** Where silence is the web server's from the start, it gets what comes after the grace, on the same connection. */
    @Test
    void withTheWebServerConnectedAtAcceptTheGraceEndsThereToo() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        try (Front front = front("openvpn-key: " + TLS_CRYPT, "silent: 0s, openvpn-grace: 50ms, head: 1m");
                Socket client = front.connect();
                Socket server = accept(web)) {
            client.getOutputStream().write(packet, 0, 9);
            assertThat(server.getInputStream().readNBytes(9)).isEqualTo(Arrays.copyOf(packet, 9));
            client.getOutputStream().write(packet, 9, packet.length - 9);
            assertThat(server.getInputStream().readNBytes(packet.length - 9))
                    .isEqualTo(Arrays.copyOfRange(packet, 9, packet.length));
        }
    }

    /** It may be some other protocol still: for that there is the head's own time. */
    @Test
    void afterTheGraceOthersAreStillWaitedFor() throws Exception {
        try (ServerSocket dns = Front.backend();
                Front front = Front.reading(
                        Files.writeString(folder.resolve("dns.yaml"), """
                            listen: 127.0.0.1:0
                            routes:
                              - {name: vpn, when: {openvpn-key: {tls-crypt: ta.key}}, to: reject}
                              - {name: dns, when: {protocol: dns}, to: "%s"}
                              - {name: web, to: "%s"}
                            timeouts: {openvpn-grace: 50ms, head: 1m}
                            """.formatted(Front.at(dns), Front.at(web))));
                Socket client = front.connect()) {
            // A query of 54 bytes whose id begins like a reset.
            byte[] query = new byte[56];
            byte[] known = {0, 54, 0x38, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 36};
            System.arraycopy(known, 0, query, 0, known.length);
            Arrays.fill(query, known.length, known.length + 36, (byte) 'a');
            query[53] = 1;
            query[55] = 1;
            client.getOutputStream().write(query, 0, 3);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            client.getOutputStream().write(query, 3, query.length - 3);
            try (Socket server = accept(dns)) {
                assertThat(server.getInputStream().readNBytes(query.length)).isEqualTo(query);
            }
        }
    }

    @Test
    void aReplayedPacketReachesTheWebServer() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        try (Front front = front("openvpn-key: " + TLS_CRYPT, PATIENT)) {
            reaches(vpn, front, packet);
            ConnectionRecord replay = reaches(web, front, packet);
            assertThat(replay.protocol()).isEqualTo("openvpn");
            front.portshare.reload(RouteFile.read(folder.resolve("portshare.yaml")));
            reaches(web, front, packet);
        }
    }

    @Test
    void aReplayIsKnownAfterARestart() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        Path file = file("{openvpn-key: " + TLS_CRYPT + "}", PATIENT, "state-dir: ./state");
        try (Front front = Front.reading(file)) {
            reaches(vpn, front, packet);
        }
        try (Front front = Front.reading(file)) {
            reaches(web, front, packet);
        }
    }

    /** OpenVPN has not seen it: whoever decides next lets it in. */
    @Test
    void aPacketThatIsHandedOnBeforeItsBackendGotItIsNoReplay() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        SocketPair pair = SocketPair.open();
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket client = new Socket()) {
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
            }
            Path file = file("{openvpn-key: " + TLS_CRYPT + "}", "connect: 1m", "state-dir: ./state");
            String free = Files.readString(file);
            Files.writeString(file, free.replace(Front.at(vpn), Front.at(full)));
            try (Front before = Front.reading(file)) {
                client.connect(new InetSocketAddress("127.0.0.1", before.port));
                client.getOutputStream().write(packet);
                await().until(() -> routes(before).contains("vpn"));
                Handover handover = new Handover(pair.one());
                before.portshare.handOn(handover).join();
                assertThat(handover.count()).isEqualTo(1);
            }
            Files.writeString(file, free);
            try (Front after = Front.reading(file)) {
                after.portshare.takeOver(pair.other());
                try (Socket server = accept(vpn)) {
                    assertThat(server.getInputStream().readNBytes(packet.length))
                            .isEqualTo(packet);
                }
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void ofCopiesThatComeAtOnceOneIsLetIn() throws Exception {
        byte[] packet = first("tls-crypt").bytes();
        List<Socket> clients = new ArrayList<>();
        try (Front front = front("openvpn-key: " + TLS_CRYPT, PATIENT)) {
            for (int i = 0; i < 20; i++) {
                clients.add(front.connect());
            }
            for (Socket client : clients) {
                client.getOutputStream().write(packet);
            }
            accept(vpn).close();
            for (int i = 1; i < clients.size(); i++) {
                accept(web).close();
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** The recordings are older than an hour, and will not become younger. */
    @Test
    void aPacketOfAnotherTimeReachesTheWebServerWhereThereIsAClock() throws Exception {
        Path file = file("{openvpn-key: " + TLS_CRYPT + "}", PATIENT, "openvpn-clock: 1h");
        try (Front front = Front.reading(file)) {
            reaches(web, front, first("tls-crypt").bytes());
        }
    }

    @Test
    void clientKeysAreTakenByTheirAgeAndByName() throws Exception {
        byte[] packet = first("tls-crypt-v2").bytes();
        String key = "openvpn-key: {tls-crypt-v2: v2-server.key}";
        var proof = Recorded.proof(first("tls-crypt-v2"));
        String hash = proof.clientKey().hash();
        for (String taken : List.of(
                "openvpn-metadata-since: 2026-01-01",
                "openvpn-metadata-since: 2026-01-01T00:00:00Z",
                "openvpn-client: " + hash,
                "not: {openvpn-client: " + "0".repeat(63) + "1}",
                "openvpn-client: ./clients")) {
            Files.writeString(folder.resolve("clients"), "# one\n" + hash.toUpperCase(Locale.ROOT) + " # mine\n");
            try (Front front = front(key + ", " + taken, PATIENT)) {
                reaches(vpn, front, packet);
            }
        }
        for (String refused : List.of(
                "openvpn-metadata-since: 2999-01-01",
                "not: {openvpn-client: " + hash + "}",
                "not: {openvpn-client: ./clients}",
                "openvpn-client: ./nobody")) {
            Files.writeString(folder.resolve("nobody"), "# none yet\n");
            try (Front front = front(key + ", " + refused, PATIENT)) {
                reaches(web, front, packet);
            }
        }
    }

    /** Whoever takes OpenVPN without a key has nothing to hide, and waits for any shape, as long as for any protocol. */
    @Test
    void aRouteWithoutKeyBehindTakesTheOthers() throws Exception {
        try (ServerSocket open = Front.backend();
                Front front = Front.reading(Files.writeString(
                        folder.resolve("open.yaml"), """
                            listen: 127.0.0.1:0
                            routes:
                              - {name: vpn, when: {openvpn-key: {tls-crypt: ta.key}}, to: "%s"}
                              - {name: open, when: {protocol: openvpn}, to: "%s"}
                              - {name: web, to: "%s"}
                            timeouts: {openvpn-grace: 1ms, head: 1m}
                            """.formatted(Front.at(vpn), Front.at(open), Front.at(web))))) {
            reaches(vpn, front, first("tls-crypt").bytes());
            reaches(open, front, first("tls-auth").bytes());
            reaches(open, front, flipped(first("tls-crypt").bytes(), 20));
            byte[] plain = HexFormat.of().parseHex("000e38e6ca65578f67524c0000000000");
            try (Socket client = front.connect(Arrays.copyOf(plain, 9))) {
                await().until(() -> !routes(front).isEmpty());
                client.getOutputStream().write(plain, 9, plain.length - 9);
                try (Socket server = accept(open)) {
                    assertThat(server.getInputStream().readNBytes(plain.length)).isEqualTo(plain);
                }
            }
        }
    }
}
