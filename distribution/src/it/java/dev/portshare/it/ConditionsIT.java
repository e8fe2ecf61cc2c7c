package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Routes that ask for more than the protocol. */
class ConditionsIT {
    @Test
    void theListenerDecides() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.serving("""
                    listen: ["127.0.0.1:0", "[::1]:0"]
                    routes:
                      - {name: first, when: {listener: "127.0.0.1:0"}, to: "%1$s"}
                      - {name: second, when: {listener: "[::1]:0"}, to: "%1$s"}
                    """.formatted(at(echo)), 2)) {
            assertThat(echo(portshare, "127.0.0.1", "127.0.0.1", 0).route()).isEqualTo("first");
            assertThat(echo(portshare, "::1", "::1", 1).route()).isEqualTo("second");
        }
    }

    @Test
    void theClientsAddressDecides() throws Exception {
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = Portshare.serving("""
                    listen: 0
                    routes:
                      - {name: office, when: {from: [127.0.0.2/31, "2001:db8::/32"]}, to: "%1$s"}
                      - {name: six, when: {from: "::1/128"}, to: "%1$s"}
                      - {name: not-four, when: {not: {from: 127.0.0.4/32}}, to: "%1$s"}
                      - {name: four, to: "%1$s"}
                    """.formatted(at(echo)))) {
            assertThat(echo(portshare, "127.0.0.3", "127.0.0.1", 0).route()).isEqualTo("office");
            assertThat(echo(portshare, "::1", "::1", 0).route()).isEqualTo("six");
            assertThat(echo(portshare, "127.0.0.5", "127.0.0.1", 0).route()).isEqualTo("not-four");
            assertThat(echo(portshare, "127.0.0.4", "127.0.0.1", 0).route()).isEqualTo("four");
        }
    }

    @Test
    void aRejectedClientIsClosedAtOnceAndSoIsOneThatNoRouteTakes() throws Exception {
        try (Portshare portshare = Portshare.routing("""
            routes:
              - {name: no-browsers, when: {protocol: tls}, to: reject}
              - {name: vpn, when: {protocol: openvpn}, to: 127.0.0.1:1}
            """)) {
            Connection rejected =
                    refused(portshare, Corpus.head("tls-chromium-1").bytes());
            assertThat(rejected.route()).isEqualTo("no-browsers");
            assertThat(rejected.get("sni")).isEqualTo("www.dev.test");
            assertThat(rejected.get("backend")).isEqualTo("-");
            assertThat(rejected.close()).isEqualTo("rejected");
            Connection unrouted = refused(portshare, PLAIN);
            assertThat(unrouted.route()).isEqualTo("-");
            assertThat(unrouted.close()).isEqualTo("no-route");
        }
    }

    private static Connection refused(Portshare portshare, byte[] head) throws Exception {
        try (Socket client = Sockets.connect(portshare, head)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            return portshare.connection();
        }
    }

    private static Connection echo(Portshare portshare, String from, String to, int listener) throws Exception {
        try (Socket client = new Socket()) {
            client.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            client.connect(new InetSocketAddress(to, portshare.port(listener)), (int) Portshare.PATIENCE.toMillis());
            client.getOutputStream().write(PLAIN);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
        }
        return portshare.connection();
    }
}
