package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what a gate shows is said at {@code check}. */
class GateFindingsTest {
    private static final String SSH = "{name: ssh, when: {protocol: ssh}, to: \"127.0.0.1:22\"}";
    private static final String WEB = "{name: web, to: \"127.0.0.1:2\"}";

    private static List<Finding> findings(String routes, String sni) throws Exception {
        String yaml = "listen: 443\nroutes: [" + routes + "]\ngate: {sni: " + sni + ", opens: ssh, for: 10m}\n";
        return Review.of(RouteFile.parse("r.yaml", yaml, Path.of(".")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        {name: web, to: "127.0.0.1:2"} ; ssh.example.org ; gate[0].sni ; is easily guessed
        {name: web, to: "127.0.0.1:2"} ; knock ; gate[0].sni ; is easily guessed
        {name: a, when: {sni: knock-5f2c.a.org}, to: "127.0.0.1:2"}, {to: "127.0.0.1:3"} ; knock-5f2c.a.org ; gate[0].sni ; the route a has it as well
        {name: a, when: {protocol: tls}, to: "127.0.0.1:2"} ; knock-5f2c.a.org ; gate ; on :443 whoever is not recognised is closed at once
        {name: a, when: {protocol: tls}, to: reject}, {to: "127.0.0.1:3"} ; knock-5f2c.a.org ; gate ; on :443 whoever knocks is closed at once
        """)
    void eachIsTold(String routes, String sni, String path, String message) throws Exception {
        assertThat(findings(SSH + ", " + routes, sni)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ADVICE);
            assertThat(finding.path()).isEqualTo(path);
            assertThat(finding.message()).startsWith(message);
        });
    }

    @Test
    void whereThereIsNoneNothingIsSaid() throws Exception {
        assertThat(findings(SSH + ", " + WEB, "knock-5f2c.a.org")).isEmpty();
    }

    /** A route that is not there for all takes nothing from those behind it; one in front takes all from it. */
    @Test
    void aRouteBehindAGateShadowsNone() throws Exception {
        String any = "{name: ssh, to: \"127.0.0.1:22\"}";
        assertThat(findings(any + ", " + WEB, "knock-5f2c.a.org"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("gate[0].opens");
                    assertThat(finding.message())
                            .startsWith("the route ssh takes every TLS client of an address that has knocked");
                });
        assertThat(findings(WEB + ", " + any, "knock-5f2c.a.org"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).startsWith("can never be reached"));
    }

    @Test
    void openVpnBehindAGateIsNotExposed() throws Exception {
        String vpn = "{name: ssh, when: {protocol: openvpn}, to: \"127.0.0.1:22\"}";
        assertThat(findings(vpn + ", " + WEB, "knock-5f2c.a.org")).isEmpty();
    }
}
