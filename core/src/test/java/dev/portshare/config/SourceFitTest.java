package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source from which nothing can come to the backend is an error of the file. */
class SourceFitTest {
    private static final String IPV6_CLIENT =
            "to 127.0.0.1:1194 an IPv6 client cannot come from its own address; write when: {from: 0.0.0.0/0} here, and"
                    + " for IPv6 clients a route with from: \"::/0\" to an IPv6 backend such as \"[::1]:1194\"";
    private static final String IPV4_CLIENT =
            "to [::1]:1194 an IPv4 client cannot come from its own address; write when: {from: \"::/0\"} here, and for"
                    + " IPv4 clients a route with from: 0.0.0.0/0 to an IPv4 backend such as 127.0.0.1:1194";

    static Stream<Arguments> misfits() {
        return Stream.of(
                arguments("443", "to: 127.0.0.1:1194, source: transparent", IPV6_CLIENT),
                arguments("443", "to: '[::1]:1194', source: transparent", IPV4_CLIENT),
                arguments("'[::]:443'", "to: 127.0.0.1:1194, source: transparent", IPV6_CLIENT),
                arguments("example.org:443", "to: 127.0.0.1:1194, source: transparent", IPV6_CLIENT),
                arguments("'systemd:https'", "to: 127.0.0.1:1194, source: transparent", IPV6_CLIENT),
                arguments(
                        "{address: '127.0.0.1:443', proxy-protocol: {from: 127.0.0.1}}",
                        "to: 127.0.0.1:1194, source: transparent",
                        IPV6_CLIENT),
                arguments(
                        "443",
                        "when: {from: [10.0.0.0/8, '2001:db8::/32']}, to: 127.0.0.1:1194, source: transparent",
                        IPV6_CLIENT),
                arguments(
                        "443",
                        "when: {not: {from: '2001:db8::/32'}}, to: 127.0.0.1:1194, source: transparent",
                        IPV6_CLIENT),
                arguments(
                        "443",
                        "to: '[::1]:1194', source: mapped",
                        "mapped addresses are IPv4, and cannot come to [::1]:1194; have the backend listen on IPv4 as"
                                + " well, and write such as 127.0.0.1:1194"),
                arguments(
                        "443",
                        "to: 192.0.2.7:1194, source: mapped",
                        "addresses of 127.64.0.0/10 do not leave this machine, and cannot come to 192.0.2.7:1194; write"
                                + " into mapped: a pool: that the backend has a route to, by way of this machine"),
                arguments(
                        "443",
                        "to: '[::1]:1194', source: 127.0.0.9",
                        "127.0.0.9 cannot come to [::1]:1194, which is of the other family; write an IPv6 address"),
                arguments(
                        "443",
                        "to: 127.0.0.1:1194, source: '::1'",
                        "::1 cannot come to 127.0.0.1:1194, which is of the other family; write an IPv4 address"),
                arguments(
                        "443",
                        "to: 192.0.2.7:1194, source: 127.0.1.0/30",
                        "127.0.1.0-127.0.1.3 does not leave this machine, and cannot come to 192.0.2.7:1194; write an"
                                + " address that the backend has a route to"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void isAnErrorWhereItStands(String listen, String route, String problem) {
        String start = "  - {name: a, " + route.substring(0, route.indexOf("source: ") + "source: ".length());
        assertThatThrownBy(() -> parse(listen, "{name: a, " + route + "}"))
                .hasMessage("r.yaml:3:" + (start.length() + 1) + ": routes[0].source: " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:443", "127.0.0.1:443", "[127.0.0.1:443, 'unix:/x']"})
    void ipv4ListenersBringIpv4Clients(String listen) throws ConfigurationException {
        parse(listen, "{to: 127.0.0.1:1194, source: transparent}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{when: {from: 0.0.0.0/0}, to: 127.0.0.1:1194, source: transparent}",
                "{when: {from: [10.0.0.0/8, 192.0.2.7]}, to: 127.0.0.1:1194, source: transparent}",
                "{when: {from: '::/0'}, to: '[::1]:1194', source: transparent}",
                "{when: {not: {from: '::/0'}}, to: 127.0.0.1:1194, source: transparent}",
                "{when: {not: {from: 0.0.0.0/0}}, to: '[::1]:1194', source: transparent}",
                "{to: localhost:1194, source: transparent}",
                "{to: 127.0.0.1:1194, source: mapped}",
                "{to: localhost:1194, source: mapped}",
                "{to: 192.0.2.7:1194, source: 192.0.2.1-192.0.2.6}",
                "{to: '[2001:db8::7]:1194', source: '2001:db8::/120'}"
            })
    void whatFitsIsTaken(String route) throws ConfigurationException {
        parse("443", route);
    }

    @Test
    void earlierRoutesMayTakeTheOtherFamily() throws ConfigurationException {
        parse(
                "443",
                "{name: six, when: {protocol: openvpn, from: '::/0'}, to: '[::1]:1194', source: transparent}\n"
                        + "  - {name: four, when: {protocol: openvpn}, to: 127.0.0.1:1194, source: transparent}");
    }

    @Test
    void listenersOfTheRouteAloneCount() throws ConfigurationException {
        parse("[443, '127.0.0.1:444']", "{when: {listener: '127.0.0.1:444'}, to: 127.0.0.1:1194, source: transparent}");
    }

    @Test
    void anotherPoolMayLeaveTheMachine() throws ConfigurationException {
        Configuration configuration = RouteFile.parse(
                "r.yaml",
                "listen: 443\nroutes: [{to: 192.0.2.7:1194, source: mapped}]\nmapped: {pool: 10.64.0.0/16}\n",
                Path.of(""));
        assertThat(configuration.mapping()).isNotNull();
    }

    private static void parse(String listen, String route) throws ConfigurationException {
        var _ = RouteFile.parse("r.yaml", "listen: " + listen + "\nroutes:\n  - " + route + "\n", Path.of(""));
    }
}
