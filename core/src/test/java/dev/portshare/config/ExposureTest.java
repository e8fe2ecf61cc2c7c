package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who puts an OpenVPN server where anybody finds it is told; who does not, is not. */
class ExposureTest {
    private static boolean isExposed(String listen, String routes) throws ConfigurationException {
        String yaml = "{listen: %s, routes: [%s, {name: web, to: \"127.0.0.1:1\"}]}".formatted(listen, routes);
        return Review.of(RouteFile.parse("r.yaml", yaml, Path.of(""))).stream()
                .peek(finding -> assertThat(finding.severity()).isEqualTo(Severity.ADVICE))
                .anyMatch(finding -> finding.path().endsWith("].when.protocol"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{when: {protocol: openvpn}, to: '127.0.0.1:2'}",
                "{when: {protocol: [tls, openvpn]}, to: '127.0.0.1:2'}",
                "{when: {protocol: openvpn, from: ['::/0', 0.0.0.0/0]}, to: '127.0.0.1:2'}",
                "{when: {protocol: openvpn, from: ['::/0']}, to: '127.0.0.1:2'}",
                "{when: {protocol: openvpn, not: {from: 10.0.0.0/8}}, to: '127.0.0.1:2'}",
                "{when: {from: 192.0.2.0/24}, to: '127.0.0.1:2'}, {when: {protocol: openvpn}, to: '127.0.0.1:2'}"
            })
    void mostOfTheInternetReachesIt(String routes) throws ConfigurationException {
        assertThat(isExposed("443", routes)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{when: {protocol: openvpn, from: [192.0.2.0/24, '2001:db8::/32']}, to: '127.0.0.1:2'}",
                "{when: {protocol: openvpn}, to: reject}",
                "{when: {protocol: tls}, to: '127.0.0.1:2'}",
                "{when: {protocol: openvpn, not: {from: 192.0.2.0/24}}, to: reject},"
                        + " {when: {protocol: openvpn}, to: '127.0.0.1:2'}"
            })
    void onlyWhoShouldReachesIt(String routes) throws ConfigurationException {
        assertThat(isExposed("443", routes)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "443",
                "systemd:https",
                "'203.0.113.5:443'",
                "'[2001:db8::5]:443'",
                "vpn.example.org:443",
                "['127.0.0.1:1', 443]"
            })
    void fromTheInternet(String listen) throws ConfigurationException {
        assertThat(isExposed(listen, "{when: {protocol: openvpn}, to: '127.0.0.1:2'}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'127.0.0.1:443'",
                "'[::1]:443'",
                "'192.168.1.1:443'",
                "'[fd00::1]:443'",
                "localhost:443",
                "unix:/run/p"
            })
    void notFromTheInternet(String listen) throws ConfigurationException {
        assertThat(isExposed(listen, "{when: {protocol: openvpn}, to: '127.0.0.1:2'}"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'127.0.0.1:443'", "8443"})
    void atTheListenerThatTheRouteIsFor(String listener) throws ConfigurationException {
        assertThat(isExposed(
                        "['127.0.0.1:443', 8443]",
                        "{when: {protocol: openvpn, listener: %s}, to: '127.0.0.1:2'}".formatted(listener)))
                .isEqualTo(listener.equals("8443"));
    }
}
