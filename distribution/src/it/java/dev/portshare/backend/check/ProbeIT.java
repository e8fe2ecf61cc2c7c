package dev.portshare.backend.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.detect.openvpn.AuthDigest;
import dev.portshare.detect.openvpn.KeyDirection;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.StaticKey;
import dev.portshare.detect.openvpn.TlsAuthKey;
import dev.portshare.detect.openvpn.TlsCryptKey;
import dev.portshare.detect.openvpn.TlsCryptV2Key;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.OpenVpn;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers are found well, by the right key alone. */
class ProbeIT {
    private static final byte[] NOTHING = {};

    @TempDir
    private Path folder;

    private static SocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private static void assertWell(Probe probe, SocketAddress backend) {
        assertThatCode(() -> probe.check(backend, Portshare.PATIENCE)).doesNotThrowAnyException();
    }

    private static Probe openVpn(@Nullable OpenVpnKey key) {
        return new OpenVpnProbe(NOTHING, key, InstantSource.system());
    }

    @Test
    @Needs({"openvpn", "openssl"})
    void openVpnAnswersWhoHoldsItsKey() throws Exception {
        try (OpenVpn openVpn = OpenVpn.create(folder.resolve("openvpn"))) {
            StaticKey key = StaticKey.parse(Files.readString(openVpn.key("ta.key")));
            AuthDigest digest =
                    AuthDigest.parse(Files.readString(openVpn.key("digest")).strip());
            Map<String, @Nullable OpenVpnKey> keys = new LinkedHashMap<>();
            keys.put("plain", null);
            keys.put("tls-auth", TlsAuthKey.of(key, digest, KeyDirection.ZERO));
            keys.put("tls-auth-nodir", TlsAuthKey.of(key, digest, KeyDirection.NONE));
            keys.put("tls-crypt", TlsCryptKey.of(key));
            keys.put("tls-crypt-v2", TlsCryptV2Key.parse(Files.readString(openVpn.key("v2-server.key"))));
            for (String mode : keys.keySet()) {
                int port = Sockets.freePort();
                openVpn.server(mode, port);
                for (int again = 0; again < 3; again++) {
                    assertWell(openVpn(keys.get(mode)), local(port));
                }
                for (String other : keys.keySet()) {
                    if (!other.equals(mode)) {
                        assertThatThrownBy(() -> openVpn(keys.get(other)).check(local(port), Portshare.PATIENCE))
                                .as("%s of %s", other, mode)
                                .isInstanceOf(IOException.class);
                    }
                }
                openVpn.stopServer(mode, port);
                assertThatThrownBy(() -> openVpn(keys.get(mode)).check(local(port), Portshare.PATIENCE))
                        .hasMessage("Connection refused");
            }
        }
    }

    @Test
    @Needs({"nginx", "openssl"})
    void tlsServersShakeHandsWhateverTheirCertificateSays() throws Exception {
        try (Nginx nginx = new Nginx(folder.resolve("nginx"))) {
            SocketAddress alpha = local(Integer.parseInt(nginx.alpha().replaceFirst(".*:", "")));
            SocketAddress rest = UnixDomainSocketAddress.of(nginx.rest().substring("unix:".length()));
            for (String name : new String[] {null, Nginx.ALPHA, "somebody-else.example", "with_underscore.example"}) {
                assertWell(new TlsProbe(NOTHING, name), alpha);
                assertWell(new TlsProbe(NOTHING, name), rest);
            }
            assertWell(new TcpProbe(NOTHING), alpha);
            assertThatThrownBy(() -> openVpn(null).check(alpha, Portshare.PATIENCE))
                    .isInstanceOf(IOException.class);
        }
    }
}
