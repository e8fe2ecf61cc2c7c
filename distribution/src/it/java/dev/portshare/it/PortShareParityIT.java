package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Relay;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line does what OpenVPN's own {@code port-share} does, and what it cannot. */
class PortShareParityIT {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whatIsNotOpenVpnReachesTheOtherServer(String address) throws Exception {
        try (ServerSocket vpn = Sockets.backend();
                ServerSocket web = Sockets.backend();
                Portshare portshare = Portshare.start("--listen", "0", "--openvpn", at(vpn), "--otherwise", at(web));
                Socket client = connect(address, portshare.port())) {
            client.getOutputStream().write(PLAIN);
            try (Socket server = accept(web)) {
                assertThat(server.getInputStream().readNBytes(PLAIN.length)).isEqualTo(PLAIN);
                server.getOutputStream().write(PLAIN);
            }
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(PLAIN);
            client.shutdownOutput();
            assertThat(portshare.connection().route()).isEqualTo("otherwise");
        }
    }

    /** port-share ends both directions when one has ended. */
    @Test
    void aClientThatHasEndedItsDirectionStillGetsTheAnswer() throws Exception {
        byte[] answer = Sockets.random(1_000_000);
        try (ServerSocket web = Sockets.backend();
                Portshare portshare =
                        Portshare.start("--listen", "0", "--openvpn", "127.0.0.1:1", "--otherwise", at(web));
                Socket client = connect(portshare, PLAIN)) {
            client.shutdownOutput();
            try (Socket server = accept(web)) {
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(PLAIN);
                var sent = Sockets.send(server, answer);
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
                sent.join();
            }
        }
    }

    /** port-share decides on two bytes, which do not tell a tls-crypt-v2 client's first packet from others. */
    @Test
    @Needs({"openvpn", "openssl", "tun"})
    void aTlsCryptV2ClientWhoseFirstTwoBytesComeAloneReachesOpenVpn(@TempDir Path keys) throws Exception {
        int server = Sockets.freePort();
        try (OpenVpn openVpn = OpenVpn.create(keys);
                Portshare portshare =
                        Portshare.start("--listen", "0", "--openvpn", "127.0.0.1:" + server, "--otherwise", "reject");
                Relay relay = new Relay(portshare.port(), 2)) {
            openVpn.server("tls-crypt-v2", server);
            openVpn.client("tls-crypt-v2", "127.0.0.1", relay.port());
            openVpn.stopClient("tls-crypt-v2", relay.port());
            assertThat(portshare.connection().get("proto")).isEqualTo("openvpn");
        }
    }
}
