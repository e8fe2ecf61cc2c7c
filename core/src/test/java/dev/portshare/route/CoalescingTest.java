package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers may reuse an HTTP/2 connection for another name of the same certificate, which no peer tells of. */
class CoalescingTest {
    private static final String TWO =
            "{when: {sni: git.example.org}, to: a:1}, {when: {sni: www.example.org}, to: b:1}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                TWO,
                "{when: {sni: git.example.org, alpn: h2}, to: a:1}, {when: {sni: '*.example.org'}, to: b:1}",
                "{when: {sni: example.org}, to: a:1}, {when: {sni: a.b.example.org}, to: b:1}",
                "{when: {sni: a.example.co.uk, alpn: [x, http/1.1]}, to: a:1}, {when: {sni: b.example.co.uk}, to: b:1}",
                "{when: {sni: a.example.org, not: {from: 10.0.0.0/8}}, to: a:1}, {when: {sni: b.example.org}, to: b:1}",
            })
    void twoNamesOfADomainAtTwoBackendsAreToldOf(String routes) throws ConfigurationException {
        assertThat(Coalescing.in(read(routes).routes(), _ -> true)).hasSize(1).allSatisfy(pair -> {
            assertThat(pair.place()).isZero();
            assertThat(pair.other()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // One backend, one name, other domains.
                "{when: {sni: git.example.org}, to: a:1}, {when: {sni: www.example.org}, to: a:1}",
                "{when: {sni: a.example.org, from: 10.0.0.0/8}, to: a:1}, {when: {sni: a.example.org}, to: b:1}",
                "{when: {sni: git.example.org}, to: a:1}, {when: {sni: www.example.net}, to: b:1}",
                "{when: {sni: a.co.uk}, to: a:1}, {when: {sni: b.co.uk}, to: b:1}",
                "{when: {sni: '*.org'}, to: a:1}, {when: {sni: localhost}, to: b:1}",
                // No browser speaks HTTP/2 there.
                "{when: {sni: a.example.org, alpn: acme-tls/1}, to: a:1}, {when: {sni: b.example.org}, to: b:1}",
                "{when: {sni: a.example.org, not: {alpn: h2}}, to: a:1}, {when: {sni: b.example.org}, to: b:1}",
                // No client has both.
                "{when: {sni: a.example.org, from: 10.0.0.0/8}, to: a:1},"
                        + " {when: {sni: b.example.org, from: '::/0'}, to: b:1}",
                "{when: {sni: a.example.org, listener: 443}, to: a:1}, {when: {sni: b.example.org, listener: 80}, to:"
                        + " b:1}",
                "{when: {sni: a.example.org}, to: reject}, {when: {sni: b.example.org}, to: b:1}"
            })
    void othersAreNot(String routes) throws ConfigurationException {
        assertThat(Coalescing.in(read(routes).routes(), _ -> true)).isEmpty();
    }

    @Test
    void aRouteThatIsNotReachedDoesNotCount() throws ConfigurationException {
        assertThat(Coalescing.in(read(TWO).routes(), place -> place == 0)).isEmpty();
    }

    @Test
    void eachDomainIsToldOfOnce() throws ConfigurationException {
        String three = TWO + ", {when: {sni: ftp.example.org}, to: c:1}, {when: {sni: [a.b.net, c.b.net]}, to: d:1}";
        assertThat(Coalescing.in(
                        read(three + ", {when: {sni: d.b.net}, to: a:1}").routes(), _ -> true))
                .extracting(pair -> pair.name() + " " + pair.otherName())
                .containsExactly("git.example.org www.example.org", "a.b.net d.b.net");
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, example.org",
        "*.a.example.org, example.org",
        "example.org, example.org",
        "www.example.co.uk, example.co.uk",
        "*.co.uk,",
        "co.uk,",
        "*.org,",
        "localhost,",
        "/www\\.example\\.org/,"
    })
    void theRegisteredDomainIsTheLastTwoLabelsOrThree(String pattern, @Nullable String domain) {
        assertThat(Coalescing.registeredDomain(ServerNamePattern.parse(pattern)))
                .isEqualTo(domain);
    }

    private static Configuration read(String routes) throws ConfigurationException {
        return RouteFile.parse(
                "r.yaml",
                "listen: [443, 80]\nroutes: [" + routes.replaceAll("to: ([a-d]:1)", "to: '$1'") + "]",
                Path.of(""));
    }
}
