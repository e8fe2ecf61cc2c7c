package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.config.RouteFile;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in at a listener, and to a route, by {@code allow} and {@code deny}. */
class AccessTest {
    private static final String FILE = """
        listen: {address: 127.0.0.1:0, %s}
        routes: [{name: all, to: "%s"}]
        """;
    private static final String ROUTE = """
        routes:
          - {name: ssh, when: {protocol: ssh}, to: "%1$s"}
          - {name: web, when: {not: {protocol: ssh}}, to: "%1$s", %2$s}
          - {name: last, to: "%1$s"}
        timeouts: {silent: %3$s}
        """;
    private static final String BEHIND = "proxy-protocol: {from: 127.0.0.1}, ";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        deny: 127.0.0.1                         | false
        deny: [192.0.2.0/24, 127.0.0.0/8]       | false
        deny: 192.0.2.0/24                      | true
        allow: 127.0.0.0/8                      | true
        allow: [192.0.2.0/24, "::/0"]           | false
        allow: 127.0.0.0/8, deny: 127.0.0.1     | false
        allow: 127.0.0.1, deny: 192.0.2.0/24    | true
        """)
    void letsInWhoIsAllowedAndNotDenied(String lists, boolean letsIn) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(FILE.formatted(lists, at(backend)))) {
            assertLetsIn(letsIn, front, backend, PLAIN, PLAIN);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        deny: 127.0.0.1      | PROXY TCP4 192.0.2.7 203.0.113.5 51234 443   | true
        deny: 192.0.2.0/24   | PROXY TCP4 192.0.2.7 203.0.113.5 51234 443   | false
        deny: "2001:db8::/32"| PROXY TCP6 2001:db8::7 2001:db8::5 51234 443 | false
        deny: 127.0.0.1      | PROXY UNKNOWN                                | false
        allow: 192.0.2.0/24  | PROXY TCP4 192.0.2.7 203.0.113.5 51234 443   | true
        allow: 192.0.2.0/24  | PROXY UNKNOWN                                | false
        """)
    void behindAProxyItIsTheClientThatIsJudged(String lists, String header, boolean letsIn) throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.serving(FILE.formatted(BEHIND + lists, at(backend)))) {
            assertLetsIn(letsIn, front, backend, concat(ascii(header + "\r\n"), PLAIN), PLAIN);
        }
    }

    /** Sends {@code bytes}: either {@code head} comes to the backend, or the client comes to no route. */
    private static void assertLetsIn(boolean letsIn, Front front, ServerSocket backend, byte[] bytes, byte[] head)
            throws Exception {
        try (Socket client = front.connect(bytes)) {
            if (letsIn) {
                try (Socket server = accept(backend)) {
                    assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
                }
            } else {
                ConnectionRecord denied = front.onlyRecord(CloseReason.DENIED);
                assertThat(denied.route()).isNull();
                assertThat(denied.protocol()).isNull();
                assertEnded(client);
            }
        }
    }

    private static void assertEnded(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException _) {
            // Nobody has read what it sent.
        }
    }

    /** The others are taken as well, and go to no other route. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        deny: 127.0.0.1                         | false
        deny: 192.0.2.0/24                      | true
        allow: 127.0.0.0/8                      | true
        allow: [192.0.2.0/24, "::/0"]           | false
        allow: 127.0.0.0/8, deny: 127.0.0.1     | false
        """)
    void aRouteServesWhoIsAllowedAndNotDenied(String lists, boolean serves) throws Exception {
        for (String silent : List.of("3s", "0s")) {
            try (ServerSocket backend = Front.backend();
                    Front front = Front.routing(ROUTE.formatted(at(backend), lists, silent));
                    Socket client = front.connect(PLAIN)) {
                if (serves) {
                    try (Socket server = accept(backend)) {
                        assertThat(server.getInputStream().readNBytes(PLAIN.length))
                                .isEqualTo(PLAIN);
                    }
                } else {
                    ConnectionRecord denied = front.onlyRecord(CloseReason.DENIED);
                    assertThat(denied.route()).isEqualTo("web");
                    assertThat(denied.protocol()).isEqualTo("http");
                    assertThat(denied.backend()).isNull();
                    assertThat(denied.client()).isNotNull();
                    assertEnded(client);
                    backend.setSoTimeout(1);
                    assertThatThrownBy(backend::accept)
                            .as("nothing came to a backend")
                            .isInstanceOf(SocketTimeoutException.class);
                }
            }
        }
    }

    /** Though where it goes is certain with its first byte: the log shall say what it was. */
    @Test
    void whoIsTurnedAwayIsRecognisedFirst() throws Exception {
        try (ServerSocket backend = Front.backend();
                Front front = Front.routing("routes: [{name: all, to: '%s', deny: 127.0.0.1}]".formatted(at(backend)));
                Socket client = front.connect(Arrays.copyOf(PLAIN, 5))) {
            client.getOutputStream().write(PLAIN, 5, PLAIN.length - 5);
            assertThat(front.onlyRecord(CloseReason.DENIED).protocol()).isEqualTo("http");
        }
    }

    @Test
    void aReloadEndsThoseThatTheirRouteTurnsAway(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("portshare.yaml");
        try (ServerSocket backend = Front.backend()) {
            String yaml = "listen: {address: 127.0.0.1:0, proxy-protocol: {from: 127.0.0.1}}\n"
                    + ROUTE.formatted(at(backend), "deny: ./banned.txt", "3s");
            Path list = Files.writeString(folder.resolve("banned.txt"), "");
            Files.writeString(file, yaml);
            try (Front front = Front.reading(file);
                    Socket banned = front.connect(concat(ascii("PROXY TCP4 192.0.2.7 203.0.113.5 1 443\r\n"), PLAIN));
                    Socket _ = accept(backend);
                    Socket elsewhere =
                            front.connect(concat(ascii("PROXY TCP4 192.0.2.7 203.0.113.5 2 443\r\nSSH-2.0-x\r\n")));
                    Socket server = accept(backend)) {
                Files.writeString(list, "192.0.2.7\n");
                front.portshare.reload(RouteFile.read(file));
                ConnectionRecord record = front.onlyRecord(CloseReason.DENIED);
                assertThat(record.client()).hasToString("192.0.2.7:1");
                assertThat(record.route()).isEqualTo("web");
                assertEnded(banned);
                server.getOutputStream().write(5);
                assertThat(elsewhere.getInputStream().read()).isEqualTo(5);
            }
        }
    }

    /** The list is a file, as fail2ban writes it. */
    @Test
    void aReloadEndsThoseThatItDeniesAndNobodyElse(@TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("banned.txt"), "# nobody yet\n");
        Path file = folder.resolve("portshare.yaml");
        try (ServerSocket backend = Front.backend()) {
            Files.writeString(file, FILE.formatted(BEHIND + "deny: ./banned.txt", at(backend)));
            try (Front front = Front.reading(file);
                    Socket banned = front.connect(concat(ascii("PROXY TCP4 192.0.2.7 203.0.113.5 1 443\r\n"), PLAIN));
                    Socket itsServer = accept(backend);
                    Socket other = front.connect(concat(ascii("PROXY TCP4 192.0.2.8 203.0.113.5 1 443\r\n"), PLAIN));
                    Socket server = accept(backend);
                    Socket early = front.connect(ascii("PROXY TCP4 192.0.2.9 "))) {
                Files.writeString(list, "192.0.2.7\n127.0.0.1\n");
                front.portshare.reload(RouteFile.read(file));
                ConnectionRecord record = front.onlyRecord(CloseReason.DENIED);
                assertThat(record.client()).hasToString("192.0.2.7:1");
                assertThat(record.route()).isEqualTo("all");
                assertEnded(banned);
                itsServer.getInputStream().readNBytes(PLAIN.length);
                assertThat(itsServer.getInputStream().read()).isEqualTo(-1);
                server.getInputStream().readNBytes(PLAIN.length);
                server.getOutputStream().write(5);
                assertThat(other.getInputStream().read()).isEqualTo(5);
                early.getOutputStream().write(ascii("203.0.113.5 1 443\r\nHELLO\r\n"));
                try (Socket last = accept(backend)) {
                    assertThat(last.getInputStream().read()).isEqualTo('H');
                }
            }
        }
    }
}
