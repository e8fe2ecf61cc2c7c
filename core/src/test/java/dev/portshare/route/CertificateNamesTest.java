package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.tls.TestCertificates;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
    private static final List<String> NAMES = List.of("dev.test", "*.dev.test", "127.0.0.1", "2001:db8:0:0:0:0:0:7");

    @ParameterizedTest
    @CsvSource({
        "dev.test, true",
        "DEV.test., true",
        "a.dev.test, true",
        "a.b.dev.test, false",
        ".dev.test, false",
        "xdev.test, false",
        "test, false",
        "127.0.0.1, true",
        "127.0.0.2, false",
        "2001:db8::7, true",
        "*.dev.test, true"
    })
    void aWildcardStandsForOneLabel(String server, boolean good) {
        assertThat(CertificateNames.match(NAMES, server)).isEqualTo(good);
    }

    @Test
    void aWildcardIsNoAddress() {
        assertThat(CertificateNames.match(List.of("*.0.0.1"), "127.0.0.1")).isFalse();
    }

    @Test
    void serversAreInTheAlternativeNamesAloneAndHoldersInTheSubjectToo() throws Exception {
        assertThat(CertificateNames.servers(certificate("server")))
                .containsExactly("dev.test", "*.dev.test", "127.0.0.1");
        assertThat(CertificateNames.servers(certificate("stranger"))).isEmpty();
        assertThat(CertificateNames.holders(certificate("client"))).containsExactly("alice", "alice@dev.test");
        assertThat(CertificateNames.commonName(certificate("client"))).isEqualTo("alice");
    }

    private static X509Certificate certificate(String name) throws Exception {
        byte[] pem = TestCertificates.pem(name + ".pem").getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }
}
