package dev.portshare.detect.tls;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenSSL answers in SSLv2's framing is TLS, and has no server name. */
class Sslv2HelloTest {
    private final Detector detector = new TlsDetector();

    @Test
    void helloMatchesWithItsLastByte() {
        assertThat(Decision.of(detector, Corpus.bytes("sslv2-compat-hello.bin")))
                .isEqualTo(matchedAt(35, "tls"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0300", "0301", "0302", "0303", "03ff"})
    void helloOffersSslv3OrLater(String version) {
        assertThat(Decision.ofHex(detector, hello(version, 9, 0, 16))).isEqualTo(matchedAt(35, "tls"));
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0", "3, 0, 1", "9, 0, 32", "9, 0, 33", "9, 16, 16", "9, 32, 32", "300, 0, 300", "16374, 0, 0"})
    void lengthsAddUpToTheHello(int suites, int sessionId, int challenge) {
        int last = 2 + 9 + suites + sessionId + challenge - 1;
        assertThat(Decision.ofHex(detector, hello("0303", suites, sessionId, challenge)))
                .isEqualTo(matchedAt(last, "tls"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "three bytes of header,        00,                         0",
        "hello of 11,                  800b,                       1",
        "hello of 16385,               c001,                       1",
        "hello of 16640,               c1,                         0",
        "server hello,                 802204,                     2",
        "SSLv2 alone,                  8022010002,                 3",
        "version 4,                    80220104,                   3",
        "no suites,                    80220103010000,             6",
        "suites of 4 bytes,            80220103010004,             6",
        "more suites than hello,       8022010301001b,             6",
        "session id of 33,             80440103010003 0021,        8",
        "session id beyond the hello,  80220103010009 0011,        8",
        "challenge of one less,        80220103010009 0000 000f,  10",
        "challenge of one more,        80220103010009 0000 0011,  10"
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }

    private static String hello(String version, int suites, int sessionId, int challenge) {
        return "%04x01%s%04x%04x%04x"
                        .formatted(0x8000 | 9 + suites + sessionId + challenge, version, suites, sessionId, challenge)
                + "a5".repeat(suites + sessionId + challenge);
    }
}
