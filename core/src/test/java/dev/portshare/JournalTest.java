package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portshare.config.Configuration;
import dev.portshare.config.RouteFile;
import dev.portshare.handover.Handover;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As long as a connection to a backend lives, and no longer, a file tells whose it is. */
class JournalTest {
    private static final String ROUTE = "routes: [{name: all, to: \"%s\", journal: %s}]";

    @TempDir
    Path folder;

    private Path journal() {
        return folder.resolve("journal");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String endpoint(Object address) {
        return Endpoint.of((InetSocketAddress) address).toString();
    }

    private static void handledFirstByte(Socket server) throws IOException {
        assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
    }

    /** The name that OpenVPN gives the file of the connection that {@code server} has, over IPv4. */
    private static String name(Socket server) {
        return "[AF_INET]" + endpoint(server.getRemoteSocketAddress());
    }

    private static Configuration configuration(String listen, String rest) throws Exception {
        return RouteFile.parse("new.yaml", "listen: \"%s\"\n%s".formatted(listen, rest), Path.of("."));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0, 127.0.0.1, 127.0.0.1, openvpn, [AF_INET]127.0.0.1:, [AF_INET]127.0.0.1:",
        "0, 127.0.0.1, 127.0.0.1, openvpn, [AF_INET]127.0.0.1:, [AF_INET6]::ffff:127.0.0.1:",
        "0, ::1, ::1, openvpn, [AF_INET6]::1:, [AF_INET6]::1:",
        "0, ::1, 127.0.0.1, openvpn, [AF_INET]127.0.0.1:, [AF_INET6]::1:",
        "0, 127.0.0.1, ::1, plain, [::1]:, 127.0.0.1:",
        "0, ::1, 127.0.0.1, plain, 127.0.0.1:, [::1]:"
    })
    void theNameIsWhatTheBackendSeesAndItSaysTheClient(
            String listen, String client, String backend, String format, String name, String text) throws Exception {
        try (ServerSocket listener = Front.backend(backend);
                Front front = Front.serving(
                        "listen: \"%s\"%nroutes: [{name: all, to: \"%s\", journal: %s, journal-format: %s}]"
                                .formatted(listen, at(listener), journal(), format));
                Socket socket = front.connect(client)) {
            socket.getOutputStream().write(PLAIN);
            try (Socket server = accept(listener)) {
                handledFirstByte(server);
                Path file = journal().resolve(name + server.getPort());
                assertThat(file).hasContent(text + socket.getLocalPort());
                assertThat(Files.size(file))
                        .isEqualTo(Files.readString(file).strip().length());
                assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
                assertThat(Files.getPosixFilePermissions(journal()))
                        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
                Front.reset(server);
            }
            await().untilAsserted(() -> assertThat(names(journal())).isEmpty());
        }
    }

    @Test
    void aResetRemovesItToo() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTE.formatted(at(backend), journal()));
                Socket client = front.connect(PLAIN);
                Socket server = accept(backend)) {
            handledFirstByte(server);
            assertThat(names(journal())).containsExactly(name(server));
            Front.reset(client);
            front.onlyRecord(CloseReason.CLIENT_RESET);
            assertThat(names(journal())).isEmpty();
        }
    }

    @Test
    void theEndOfTheProgramRemovesItToo() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTE.formatted(at(backend), journal()));
                Socket _ = front.connect(PLAIN);
                Socket server = accept(backend)) {
            handledFirstByte(server);
            front.portshare.close();
            assertThat(names(journal())).isEmpty();
        }
    }

    @Test
    void aFailedAttemptLeavesNothingBehind() throws Exception {
        int closed;
        try (ServerSocket gone = Front.backend()) {
            closed = gone.getLocalPort();
        }
        try (Front front = Front.routing(ROUTE.formatted("localhost:" + closed, journal()));
                Socket _ = front.connect(PLAIN)) {
            front.onlyRecord(CloseReason.BACKEND_REFUSED);
            assertThat(names(journal())).isEmpty();
        }
    }

    @Test
    void itIsThereForASilentClientOfABackendThatSpeaksFirst() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTE.formatted(at(backend), journal()) + "\ntimeouts: {silent: 0s}");
                Socket client = front.connect();
                Socket server = accept(backend)) {
            await().untilAsserted(() -> assertThat(names(journal())).containsExactly(name(server)));
            server.getOutputStream().write(PLAIN);
            assertThat(client.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
        }
    }

    @Test
    void behindATrustedProxyItSaysTheClientThatTheHeaderNames() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving("listen: {address: \"0\", proxy-protocol: {from: [127.0.0.1]}}\n"
                        + ROUTE.formatted(at(backend), journal()));
                Socket client = front.connect()) {
            client.getOutputStream()
                    .write("PROXY TCP4 192.0.2.7 192.0.2.8 51788 443\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().write(PLAIN);
            try (Socket server = accept(backend)) {
                handledFirstByte(server);
                assertThat(journal().resolve(name(server))).hasContent("[AF_INET]192.0.2.7:51788");
            }
        }
    }

    @Test
    void aClientWithoutAnAddressHasNone() throws Exception {
        Path socket = folder.resolve("front");
        try (ServerSocket backend = Front.backend();
                Front _ = Front.serving("listen: unix:" + socket + "\n" + ROUTE.formatted(at(backend), journal()));
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            client.write(ByteBuffer.wrap(PLAIN));
            try (Socket server = accept(backend)) {
                handledFirstByte(server);
                assertThat(names(journal())).isEmpty();
            }
        }
    }

    @Test
    void theStartRemovesWhatAnEarlierProcessLeftAndNothingElse() throws Exception {
        Files.createDirectory(journal());
        List<String> left = List.of("[AF_INET]127.0.0.1:7", "[AF_INET6]::1:7", "127.0.0.1:7", "[::1]:7");
        List<String> others = List.of("README", "[AF_INET]127.0.0.1:7.bak", "[AF_INET]127.0.0.1:x");
        for (String name : left) {
            Files.writeString(journal().resolve(name), "x");
        }
        for (String name : others) {
            Files.writeString(journal().resolve(name), "x");
        }
        Files.createDirectory(journal().resolve("[AF_INET]127.0.0.1:8"));
        try (ServerSocket backend = Front.backend();
                Front _ = Front.routing(ROUTE.formatted(at(backend), journal()))) {
            await().untilAsserted(() -> assertThat(names(journal())).doesNotContainAnyElementsOf(left));
            assertThat(names(journal())).containsAll(others).contains("[AF_INET]127.0.0.1:8");
        }
    }

    @Test
    void aReloadLeavesLiveConnectionsTheirs() throws Exception {
        Path other = folder.resolve("other");
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTE.formatted(at(backend), journal()));
                Socket _ = front.connect(PLAIN);
                Socket first = accept(backend)) {
            handledFirstByte(first);
            String listen = front.portshare.addresses().getFirst();
            front.portshare.reload(configuration(listen, ROUTE.formatted(at(backend), other)));
            try (Socket _ = front.connect(PLAIN);
                    Socket second = accept(backend)) {
                handledFirstByte(second);
                assertThat(names(journal())).containsExactly(name(first));
                assertThat(names(other)).containsExactly(name(second));
                front.portshare.reload(
                        configuration(listen, "routes: [{name: all, to: \"%s\"}]".formatted(at(backend))));
                assertThat(names(journal())).containsExactly(name(first));
                assertThat(names(other)).containsExactly(name(second));
            }
            Front.reset(first);
            await().untilAsserted(() -> assertThat(names(journal())).isEmpty());
            await().untilAsserted(() -> assertThat(names(other)).isEmpty());
        }
    }

    @Test
    void twoRoutesAndTwoFormatsShareADirectory() throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.routing("""
                    routes:
                      - {name: ssh, when: {protocol: ssh}, to: "%s", journal: %s, journal-format: plain}
                      - {name: web, to: "%s", journal: %2$s}
                    """.formatted(at(ssh), journal(), at(web)));
                Socket _ = front.connect("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                Socket plain = accept(ssh);
                Socket _ = front.connect(PLAIN);
                Socket openVpn = accept(web)) {
            handledFirstByte(openVpn);
            assertThat(plain.getInputStream().read()).isEqualTo('S');
            assertThat(names(journal()))
                    .containsExactlyInAnyOrder(endpoint(plain.getRemoteSocketAddress()), name(openVpn));
        }
    }

    @Test
    void aFileThatCannotBeWrittenHoldsNothingUp() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing(ROUTE.formatted(at(backend), journal()))) {
            Files.delete(journal());
            try (Socket _ = front.connect(PLAIN);
                    Socket server = accept(backend)) {
                handledFirstByte(server);
            }
            front.onlyRecord(CloseReason.COMPLETED);
            front.portshare.reload(
                    configuration(front.portshare.addresses().getFirst(), ROUTE.formatted(at(backend), journal())));
            try (Socket _ = front.connect(PLAIN);
                    Socket server = accept(backend)) {
                handledFirstByte(server);
                assertThat(names(journal())).containsExactly(name(server));
            }
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsAnErrorAtOnce() throws Exception {
        try (ServerSocket backend = Front.backend()) {
            assertThatThrownBy(() -> Front.routing(ROUTE.formatted(at(backend), folder.resolve("a/b"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("journal " + folder.resolve("a/b") + ": no such directory")
                    .hasMessageContaining("install -d");
            Path file = Files.createFile(folder.resolve("file"));
            assertThatThrownBy(() -> Front.routing(ROUTE.formatted(at(backend), file)))
                    .hasMessageContaining("it is no directory");
            Path open = Files.createDirectory(folder.resolve("open"));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThatThrownBy(() -> Front.routing(ROUTE.formatted(at(backend), open)))
                    .hasMessageContaining("chmod o-w " + open);
        }
    }

    /** What the next process does: {@code portshare run}. */
    private static Portshare next(Configuration configuration, BlockingQueue<CloseReason> ended) throws Exception {
        Portshare next = Portshare.bind(configuration, 1, record -> ended.add(record.close()));
        next.serve();
        return next;
    }

    @ParameterizedTest
    @CsvSource({
        "'{name: all, to: \"%s\", journal: %s}'",
        "'{name: renamed, to: \"%s\", journal: %s}'",
        "'{name: all, to: \"%s\", journal: %s, journal-format: plain}'",
        "'{name: all, to: \"%s\"}, {name: other, when: {protocol: ssh}, to: \"%1$s\", journal: %s}'"
    })
    void whatTheNextProcessTakesOverKeepsItsFile(String routes) throws Exception {
        BlockingQueue<CloseReason> ended = new LinkedBlockingQueue<>();
        try (ServerSocket backend = Front.backend();
                Front before = Front.routing(ROUTE.formatted(at(backend), journal()));
                Socket _ = before.connect(PLAIN);
                Socket server = accept(backend)) {
            handledFirstByte(server);
            Path file = journal().resolve(name(server));
            Object key = Files.readAttributes(file, "unix:ino,ctime");
            Files.writeString(journal().resolve("[AF_INET]127.0.0.9:9"), "left by one that was killed");
            SocketPair pair = SocketPair.open();
            before.portshare.handOn(new Handover(pair.one())).join();
            assertThat(file).exists();
            try (Portshare next = next(
                    configuration("127.0.0.1:0", "routes: [" + routes.formatted(at(backend), journal()) + "]"),
                    ended)) {
                assertThat(next.takeOver(pair.other())).isEqualTo(1);
                next.sweep();
                await().untilAsserted(() -> assertThat(names(journal())).containsExactly(name(server)));
                assertThat(Files.readAttributes(file, "unix:ino,ctime")).isEqualTo(key);
                Front.reset(server);
                await().untilAsserted(() -> assertThat(names(journal())).isEmpty());
            }
        }
    }

    @Test
    void whereTheNextProcessHasAnotherJournalItIsWrittenThere() throws Exception {
        Path other = folder.resolve("other");
        try (ServerSocket backend = Front.backend();
                Front before = Front.routing(ROUTE.formatted(at(backend), journal()));
                Socket client = before.connect(PLAIN);
                Socket server = accept(backend)) {
            handledFirstByte(server);
            SocketPair pair = SocketPair.open();
            before.portshare.handOn(new Handover(pair.one())).join();
            try (Portshare next = next(
                    configuration("127.0.0.1:0", ROUTE.formatted(at(backend), other)), new LinkedBlockingQueue<>())) {
                next.takeOver(pair.other());
                next.sweep();
                Path file = other.resolve(name(server));
                await().untilAsserted(() -> assertThat(file).hasContent("[AF_INET]127.0.0.1:" + client.getLocalPort()));
            }
        }
    }
}
