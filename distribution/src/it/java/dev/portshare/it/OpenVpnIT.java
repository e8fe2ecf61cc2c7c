package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real OpenVPN client reaches a real OpenVPN server, in every mode, over both address families. */
@Needs({"openvpn", "openssl"})
class OpenVpnIT {
    private static final int TRAFFIC = 4 << 20;

    @TempDir
    private static Path keys;

    private static OpenVpn openVpn;
    private static Portshare portshare;
    private static int serverPort;

    @BeforeAll
    static void start() throws Exception {
        openVpn = OpenVpn.create(keys);
        serverPort = Sockets.freePort();
        portshare = Portshare.start("--listen", "0", "--openvpn", "127.0.0.1:" + serverPort, "--otherwise", "reject");
    }

    @AfterAll
    static void stop() {
        try (OpenVpn _ = openVpn;
                Portshare _ = portshare) {}
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "tls-auth", "tls-auth-nodir", "tls-crypt"})
    void everyModeConnectsOverBothFamilies(String mode) throws Exception {
        connectsOverBothFamilies(mode);
    }

    /** A test of its own, since without a tunnel device OpenVPN cannot do this one over TCP. */
    @Test
    @Needs("tun")
    void tlsCryptV2ConnectsOverBothFamilies() throws Exception {
        connectsOverBothFamilies("tls-crypt-v2");
    }

    private static void connectsOverBothFamilies(String mode) throws Exception {
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            openVpn.server(mode, serverPort);
            openVpn.client(mode, address, portshare.port());
            openVpn.stopClient(mode, portshare.port());
            openVpn.stopServer(mode, serverPort);
            // A handshake takes some kilobytes each way.
            assertCarried(portshare.connection(), address, 1000);
        }
    }

    @ParameterizedTest
    @CsvSource({"tls-auth, 127.0.0.1", "tls-crypt-v2, ::1"})
    @Needs({"tun", "python3"})
    void aTunnelCarriesTrafficWholeBothWays(String mode, String address) throws Exception {
        try (OpenVpn tunnels = openVpn.withTunnels()) {
            tunnels.server(mode, serverPort);
            tunnels.client(mode, address, portshare.port());
            tunnels.data(TRAFFIC);
        }
        assertCarried(portshare.connection(), address, TRAFFIC);
    }

    private static void assertCarried(Connection connection, String from, long bytes) {
        assertThat(connection.get("proto")).isEqualTo("openvpn");
        assertThat(connection.route()).isEqualTo("openvpn");
        assertThat(connection.get("backend")).isEqualTo("127.0.0.1:" + serverPort);
        assertThat(connection.get("src")).startsWith(from.contains(":") ? "[::1]:" : "127.0.0.1:");
        assertThat(connection.number("in")).isGreaterThan(bytes);
        assertThat(connection.number("out")).isGreaterThan(bytes);
    }
}
