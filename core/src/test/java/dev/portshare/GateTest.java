package dev.portshare;

import static dev.portshare.Front.accept;
import static dev.portshare.Front.at;
import static dev.portshare.detect.proxy.Headers.ascii;
import static dev.portshare.detect.proxy.Headers.concat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.RouteFile;
import dev.portshare.detect.tls.Hellos;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks for a secret name opens a route for the own address, and nobody else. */
class GateTest {
    private static final String FILE = """
        listen: {address: 127.0.0.1:0%s}
        routes:
          - {name: ssh, when: {protocol: ssh}, to: "%s"}
          - {name: web, to: "%s"}
        gate: {sni: knock-5f2c.dev.test, opens: ssh, for: 10m}
        """;
    private static final String BEHIND = ", proxy-protocol: {from: 127.0.0.1}";
    private static final byte[] SSH = ascii("SSH-2.0-x\r\n");
    private static final byte[] KNOCK = Hellos.head("Knock-5f2c.Dev.Test");

    private static byte[] from(String address, byte[] head) {
        return concat(ascii("PROXY " + address + " 51234 443\r\n"), head);
    }

    /** Sends {@code bytes}: they come to {@code backend}, and to no other. */
    private static void assertTaken(Front front, ServerSocket backend, byte[] bytes) throws Exception {
        try (Socket client = front.connect(bytes);
                Socket server = accept(backend)) {
            assertThat(server.getInputStream().read()).isIn((int) 'S', 0x16);
        }
        front.record();
    }

    @Test
    void aRouteIsThereForWhoHasKnockedAlone() throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.serving(FILE.formatted(BEHIND, at(ssh), at(web)))) {
            String knocker = "TCP4 192.0.2.7 203.0.113.5";
            String other = "TCP4 192.0.2.8 203.0.113.5";
            assertTaken(front, web, from(knocker, SSH));
            assertTaken(front, web, from(knocker, KNOCK));
            assertTaken(front, ssh, from(knocker, SSH));
            assertTaken(front, web, from(other, SSH));
            assertTaken(front, web, from(knocker, KNOCK));
            assertTaken(front, web, from(other, Hellos.head("knock-5f2d.dev.test")));
            assertTaken(front, web, from(other, SSH));
            assertThat(front.portshare.gates()).containsOnlyKeys("ssh for 10m").containsValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TCP6 2001:db8:1:2::7 2001:db8::5, TCP6 2001:db8:1:2:ffff::8 2001:db8::5, true",
        "TCP6 2001:db8:1:2::7 2001:db8::5, TCP6 2001:db8:1:3::7 2001:db8::5, false",
        "TCP4 192.0.2.7 203.0.113.5, TCP4 192.0.2.8 203.0.113.5, false",
        "UNKNOWN 192.0.2.7 203.0.113.5, TCP4 192.0.2.7 203.0.113.5, false",
        "UNKNOWN 192.0.2.7 203.0.113.5, TCP4 127.0.0.1 203.0.113.5, true"
    })
    void itCountsForTheClientThatAProxyNamesOrItself(String knocker, String client, boolean opens) throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.serving(FILE.formatted(BEHIND, at(ssh), at(web)))) {
            assertTaken(front, web, from(knocker, KNOCK));
            assertTaken(front, opens ? ssh : web, from(client, SSH));
        }
    }

    /** However TCP cuts the hello, though the web server would get all that it may become. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 60, 100})
    void aKnockInPiecesIsOne(int length) throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend();
                Front front = Front.serving(FILE.formatted("", at(ssh), at(web)))) {
            try (Socket client = front.connect(Arrays.copyOf(KNOCK, length))) {
                assertTaken(front, web, SSH);
                client.getOutputStream().write(KNOCK, length, KNOCK.length - length);
                try (Socket server = accept(web)) {
                    assertThat(server.getInputStream().readNBytes(KNOCK.length)).isEqualTo(KNOCK);
                }
            }
            assertTaken(front, ssh, SSH);
        }
    }

    /** A silent client's backend is connected at accept: the one of a gate that is opened meanwhile is another. */
    @Test
    void whatIsOpenWhenTheHeadIsDecidedCounts() throws Exception {
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend();
                Front front =
                        Front.serving(FILE.formatted("", at(ssh), at(web)) + "timeouts: {silent: 0s, head: 1h}\n");
                Socket early = front.connect();
                Socket atWeb = accept(web)) {
            assertTaken(front, web, KNOCK);
            early.getOutputStream().write(SSH);
            try (Socket atSsh = accept(ssh)) {
                assertThat(atSsh.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
                assertThat(atWeb.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aReloadLeavesOpenWhatIsOpenAndConnectionsGoOnWhereItShuts(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("portshare.yaml");
        try (ServerSocket ssh = Front.backend();
                ServerSocket web = Front.backend()) {
            String yaml = FILE.formatted("", at(ssh), at(web));
            Files.writeString(file, yaml);
            try (Front front = Front.reading(file)) {
                assertTaken(front, web, KNOCK);
                Files.writeString(file, yaml.replace("10m", "1h"));
                front.portshare.reload(RouteFile.read(file));
                try (Socket client = front.connect(SSH);
                        Socket server = accept(ssh)) {
                    assertThat(server.getInputStream().readNBytes(SSH.length)).isEqualTo(SSH);
                    Files.writeString(file, yaml.replace("5f2c", "77e1"));
                    front.portshare.reload(RouteFile.read(file));
                    assertTaken(front, web, SSH);
                    server.getOutputStream().write(5);
                    assertThat(client.getInputStream().read()).isEqualTo(5);
                }
                front.record();
                Files.writeString(file, yaml.substring(0, yaml.indexOf("gate:")));
                front.portshare.reload(RouteFile.read(file));
                assertTaken(front, ssh, SSH);
                Files.writeString(file, yaml);
                front.portshare.reload(RouteFile.read(file));
                assertTaken(front, web, SSH);
            }
        }
    }
}
