package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Nginx;
import dev.portshare.it.harness.Portshare;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** curl and openssl reach the nginx server that their SNI and ALPN name, with the TLS session end to end. */
@Needs({"nginx", "curl", "openssl"})
class HttpsIT {
    @TempDir
    private static Path folder;

    private static Nginx nginx;
    private static Portshare portshare;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(folder);
        portshare = Portshare.serving("""
            listen: 0
            routes:
              - name: acme
                when: {alpn: acme-tls/1}
                to: "%2$s"
              - name: alpha
                when: {sni: alpha.test}
                to: "%1$s"
              - name: beta
                when: {sni: "*.beta.test"}
                to: "%2$s"
              - name: h2
                when: {sni: gamma.test, alpn: h2}
                to: "%1$s"
              - name: rest
                to: "%3$s"
            """.formatted(nginx.alpha(), nginx.beta(), nginx.rest()));
    }

    @AfterAll
    static void stop() {
        try (Nginx _ = nginx;
                Portshare _ = portshare) {}
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, --http1.1, HTTP/1.1 TLSv1.3",
        "127.0.0.1, --http2, HTTP/2.0 TLSv1.3",
        "127.0.0.1, --tls-max 1.2, HTTP/2.0 TLSv1.2",
        "::1, --http1.1, HTTP/1.1 TLSv1.3",
        "::1, --http2, HTTP/2.0 TLSv1.3",
        "::1, --tls-max 1.2, HTTP/2.0 TLSv1.2"
    })
    void curlSpeaksEveryVersionOverBothFamilies(String address, String option, String versions) throws Exception {
        assertThat(who("alpha.test", address, option.split(" "))).isEqualTo("alpha alpha.test " + versions);
        Connection connection = portshare.connection();
        assertThat(connection.get("proto")).isEqualTo("tls");
        assertThat(connection.get("sni")).isEqualTo("alpha.test");
        assertThat(connection.get("src")).startsWith(address.equals("::1") ? "[::1]:" : "127.0.0.1:");
        assertThat(connection.route()).isEqualTo("alpha");
    }

    @ParameterizedTest
    @CsvSource({
        "alpha.test, alpha",
        "www.beta.test, beta",
        "beta.test, rest",
        "a.b.beta.test, beta",
        "other.test, rest",
        "notalpha.test, rest"
    })
    void theServerNameDecides(String name, String server) throws Exception {
        // No certificate is good for two labels under a wildcard.
        assertThat(who(name, "127.0.0.1", "--insecure")).startsWith(server + " " + name + " ");
        assertThat(portshare.connection().route()).isEqualTo(server);
    }

    @ParameterizedTest
    @CsvSource({"--http2, alpha, h2", "--http1.1, rest, rest"})
    void theApplicationProtocolDecides(String option, String server, String route) throws Exception {
        assertThat(who("gamma.test", "127.0.0.1", option, "--insecure")).startsWith(server + " gamma.test ");
        assertThat(portshare.connection().route()).isEqualTo(route);
    }

    @Test
    void anAcmeChallengeGoesWhereItsProtocolIsNamed() throws Exception {
        // nginx knows no such protocol, and says so.
        assertThat(openssl("-servername", "alpha.test", "-alpn", "acme-tls/1")).contains("no application protocol");
        Connection connection = portshare.connection();
        assertThat(connection.get("alpn")).isEqualTo("acme-tls/1");
        assertThat(connection.route()).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALPHA.TEST", "alpha.test.", "Alpha.Test."})
    void caseAndTrailingDotOfTheServerNameMeanNothing(String name) throws Exception {
        assertThat(openssl("-servername", name)).contains("CN = alpha");
        assertThat(portshare.connection().route()).isEqualTo("alpha");
    }

    @Test
    void aClientWithoutServerNameTakesWhatAsksForNone() throws Exception {
        assertThat(openssl("-noservername")).contains("CN = rest");
        Connection connection = portshare.connection();
        assertThat(connection.get("proto")).isEqualTo("tls");
        assertThat(connection.get("sni")).isEqualTo("-");
        assertThat(connection.route()).isEqualTo("rest");
    }

    private static String who(String name, String address, String... options) {
        return nginx.curl(address, portshare.port(), name, "/who", options)
                .run()
                .ok()
                .out()
                .strip();
    }

    private static String openssl(String... options) {
        String[] words = new String[options.length + 4];
        words[0] = "openssl";
        words[1] = "s_client";
        words[2] = "-connect";
        words[3] = "127.0.0.1:" + portshare.port();
        System.arraycopy(options, 0, words, 4, options.length);
        // It exits with 1 where the server refuses to go on; the certificate is what counts.
        Command.Result result = Command.of(words).run();
        return result.out() + result.err();
    }
}
