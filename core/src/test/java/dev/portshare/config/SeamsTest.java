package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.openvpn.Recorded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tells a front with OpenVPN keys from a web server is said at {@code check}. */
class SeamsTest {
    private static final String VPN = "{name: vpn, when: {openvpn-key: {tls-crypt: ta.key}}, to: \"127.0.0.1:1\"}";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeTheKey() throws Exception {
        Path key = Files.writeString(folder.resolve("ta.key"), Recorded.keyText("ta.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private java.util.List<Finding> findings(String routes, String more) throws Exception {
        String yaml = "listen: 443\nroutes: [" + routes + "]\n" + more.replace('|', '\n');
        return Review.of(RouteFile.parse("r.yaml", yaml, folder));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        {name: web, to: "127.0.0.1:2"}                            ; 3s ; timeouts.silent ; a client that says nothing reaches the web server late
        {name: tls, when: {protocol: tls}, to: "127.0.0.1:2"}     ; 0s ; routes          ; on :443 whoever has no openvpn-key is closed at once
        {name: web, to: reject}                                   ; 0s ; routes          ; on :443 whoever has no openvpn-key is closed at once
        """)
    void eachSeamIsTold(String route, String silent, String path, String message) throws Exception {
        assertThat(findings(VPN + ", " + route, "timeouts: {silent: " + silent + "}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ADVICE);
                    assertThat(finding.path()).isEqualTo(path);
                    assertThat(finding.message()).startsWith(message);
                });
    }

    @Test
    void whereThereIsNoneNothingIsSaid() throws Exception {
        assertThat(findings(VPN + ", {name: web, to: \"127.0.0.1:2\"}", "timeouts: {silent: 0s}"))
                .isEmpty();
    }

    /** Whoever takes OpenVPN without a key hides nothing: another advice tells of that. */
    @Test
    void withARouteForAnyOpenVpnItIsExposedAndHasNoSeams() throws Exception {
        assertThat(findings(VPN + ", {when: {protocol: openvpn}, to: \"127.0.0.1:3\"}, {to: \"127.0.0.1:2\"}", ""))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path()).isEqualTo("routes[1].when.protocol"));
    }

    /** Each route for a key of its own is reached, and one for a key that stands in front is not. */
    @Test
    void routesAreToldApartByTheirKeys() throws Exception {
        Files.writeString(folder.resolve("v2.key"), Recorded.keyText("v2-server.key"));
        Files.setPosixFilePermissions(folder.resolve("v2.key"), PosixFilePermissions.fromString("rw-------"));
        String both = "{when: {openvpn-key: [{tls-crypt: ta.key}, {tls-crypt-v2: v2.key}]}, to: \"127.0.0.1:4\"}";
        String web = ", {to: \"127.0.0.1:2\"}";
        assertThat(findings(VPN + ", " + both + web, "timeouts: {silent: 0s}")).isEmpty();
        assertThat(findings(both + ", " + VPN + web, "timeouts: {silent: 0s}"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).startsWith("can never be reached"));
    }
}
