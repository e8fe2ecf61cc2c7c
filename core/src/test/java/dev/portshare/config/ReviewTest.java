package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be obeyed and is hardly meant, where, and what to write instead. */
class ReviewTest {
    static Stream<Arguments> files() {
        return Stream.of(
                arguments(
                        """
                        listen: 443
                        routes:
                          - {to: "127.0.0.1:1"}
                          - name: vpn
                            when: {protocol: openvpn}
                            to: 127.0.0.1:2
                        """,
                        ":4:5: warning: routes[1]: can never be reached: routes[0] takes all it would; write it before"
                                + " routes[0], or leave it out"),
                arguments(
                        """
                        listen: [443, 8443]
                        routes:
                          - {name: tls, when: {protocol: [tls, silent], listener: 443}, to: "127.0.0.1:1"}
                          - {name: alt, when: {protocol: tls, listener: 8443}, to: "127.0.0.1:2"}
                          - {name: web, when: {sni: a.org}, to: "127.0.0.1:2"}
                        """,
                        ":5:5: warning: routes[2]: can never be reached: routes[0] (tls) and routes[1] (alt) take all"
                                + " it would; write it before routes[0] (tls), or leave it out"),
                arguments(
                        """
                        listen: 443
                        routes:
                          - {name: all, when: {sni: "*.a.org"}, to: "127.0.0.1:1"}
                          - {name: some, when: {sni: [b.a.org, a.org, c.a.org]}, to: "127.0.0.1:1"}
                        """,
                        ":4:30: warning: routes[1].when.sni: b.a.org, c.a.org can never be reached here: routes[0]"
                                + " (all) takes them before; write the route before routes[0] (all), or leave the names"
                                + " out"),
                arguments(
                        """
                        listen: 443
                        routes:
                          - {when: {protocol: [http, ssh]}, to: "127.0.0.1:1", proxy-protocol: v1}
                        """,
                        ":3:72: warning: routes[0].proxy-protocol: sshd does not speak the PROXY protocol, and ends"
                                + " every connection that begins with its header; write source: mapped"
                                + " instead, by which it tells clients apart"),
                arguments(
                        """
                        listen: 127.0.0.1:443
                        routes:
                          - {when: {protocol: openvpn}, to: "127.0.0.1:1", proxy-protocol: v2}
                          - {to: "127.0.0.1:2", proxy-protocol: v2}
                        """,
                        ":3:68: warning: routes[0].proxy-protocol: OpenVPN does not speak the PROXY protocol, and ends"
                                + " every connection that begins with its header; write source: mapped"
                                + " instead, by which it tells clients apart"),
                arguments(
                        """
                        listen: 443
                        routes:
                          - {when: {from: 10.1.0.0/16, not: {from: 10.0.0.0/8}}, to: "127.0.0.1:1"}
                        """,
                        ":3:12: warning: routes[0].when: never holds: \"not\" excludes all that is asked for; correct"
                                + " it, or leave the route out"),
                arguments(
                        """
                        listen: 443
                        routes:
                          - {when: {sni: git.a.org}, to: "127.0.0.1:1"}
                          - {name: web, when: {sni: "*.a.org"}, to: "127.0.0.1:2"}
                        """,
                        ":3:18: advice: routes[0].when.sni: if one certificate covers both git.a.org and *.a.org of"
                                + " routes[1] (web), browsers may send requests for the latter to 127.0.0.1:1, over an"
                                + " HTTP/2 connection that they have there; give each backend a certificate for its own"
                                + " names alone, let it answer 421 to others, or switch HTTP/2 off there"),
                arguments(
                        """
                        listen: 443
                        routes:
                          - {when: {protocol: openvpn}, to: "127.0.0.1:1"}
                        """,
                        ":3:23: advice: routes[0].when.protocol: anybody can find out that OpenVPN is here, by sending"
                            + " what its clients send first; if nobody should, add \"openvpn-key\" with the server's"
                            + " configuration, as in openvpn-key: {config: /etc/openvpn/server/server.conf}, or"
                            + " \"from\" with the networks that your clients come from. Without tls-auth or tls-crypt"
                            + " in its own configuration OpenVPN even answers them; with these it only closes as no"
                            + " web server does"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhereItStandsAndWhatToWrite(String yaml, String problem) throws ConfigurationException {
        Configuration configuration = RouteFile.parse("r.yaml", yaml, Path.of(""));
        assertThat(new Places("r.yaml", yaml).of(Review.of(configuration)))
                .extracting(Problem::toString)
                .containsExactly("r.yaml" + problem);
    }

    @Test
    void ofManyItNamesAFew() throws ConfigurationException {
        String names = IntStream.range(0, 10).mapToObj(i -> "n" + i + ".a.org").collect(Collectors.joining(", "));
        String routes = names.replaceAll("[^ ,]+", "{when: {sni: $0}, to: unix:/x}");
        List<Finding> findings = Review.of(RouteFile.parse(
                "r.yaml",
                "{listen: 443, routes: [" + routes + ", {when: {sni: [" + names + ", b.org]}, to: reject}]}",
                Path.of("")));
        assertThat(findings)
                .extracting(Finding::message)
                .containsExactly(
                        "n0.a.org, n1.a.org, n2.a.org, n3.a.org and 6 more can never be reached here: routes[0] and"
                                + " routes[1] and routes[2] and routes[3] and 6 more take them before; write the route"
                                + " before routes[0], or leave the names out");
    }

    @Test
    void warningsLeaveAdviceOutAndHaveNoLineWhereTheFileHasGone(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("r.yaml"), """
            listen: 443
            routes:
              - {when: {sni: a.org}, to: "127.0.0.1:1"}
              - {when: {sni: b.a.org}, to: "127.0.0.1:2"}
              - {when: {sni: a.org}, to: "127.0.0.1:3"}
            """);
        Configuration configuration = RouteFile.read(file);
        assertThat(Review.warnings(file, configuration)).hasSize(1).allMatch(problem -> problem.line() == 5);
        Files.delete(file);
        assertThat(Review.warnings(file, configuration))
                .hasSize(1)
                .allMatch(problem -> problem.line() == 0 && problem.path().equals("routes[2]"));
    }
}
