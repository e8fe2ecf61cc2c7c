package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfSignedTest {
    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    @Test
    void isACertificateForItsNamesSignedByItself() throws Exception {
        SelfSigned identity = SelfSigned.create(
                List.of("localhost", "*.demo.test", "127.0.0.1", "::1"), Clock.fixed(NOW, ZoneOffset.UTC));

        X509Certificate certificate = identity.certificate();
        assertThatCode(() -> certificate.verify(certificate.getPublicKey())).doesNotThrowAnyException();
        assertThat(certificate.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)))
                .containsExactlyInAnyOrder("localhost", "*.demo.test", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber().signum()).isPositive();
    }

    @Test
    void isValidNowOnMachinesWhoseClocksDiffer() throws Exception {
        X509Certificate certificate = SelfSigned.create(List.of("localhost"), Clock.fixed(NOW, ZoneOffset.UTC))
                .certificate();

        assertThat(certificate.getNotBefore()).isEqualTo(Date.from(Instant.parse("2030-01-01T03:04:05Z")));
        assertThat(certificate.getNotAfter()).isEqualTo(Date.from(Instant.parse("2030-01-08T03:04:05Z")));
    }
}
