package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresDetectorTest {
    private final Detector detector = new PostgresDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "SSLRequest, 0000000804d2162f, 7",
        "GSSENCRequest, 0000000804d21630, 7",
        "CancelRequest, 0000001004d2162e, 7",
        "CancelRequest of 3.2, 0000010c04d2162e, 7",
        "StartupMessage, 00000010 000300007573657200750000, 15",
        "StartupMessage of 3.2, 00000010 000300027573657200750000, 15",
        "empty value, 0000000c 00030000 61000000, 11",
        "whatever follows, 0000000804d2162f 1603, 7",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "postgres"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "TLS, 16, 0",
        "length 0, 00000000, 3",
        "length 7, 00000007, 3",
        "length 9, 00000009, 3",
        "length 11, 0000000b, 3",
        "length 10001, 00002711, 3",
        "length 10240, 000028, 2",
        "length 64K, 0001, 1",
        "protocol 2, 0000012800020000, 5",
        "protocol 1, 00000128 0001, 5",
        "short startup, 0000000800, 4",
        "code 1234 5677, 0000000804d2162d, 7",
        "code 1234 5681, 0000000804d21631, 7",
        "cancel of 8 bytes, 0000000804d2162e, 7",
        "SSLRequest of 16 bytes, 0000001004d2162f, 7",
        "request of 15 bytes, 0000000f04, 4",
        "request of 269 bytes, 0000010d04, 4",
        "no name, 0000001000030000 00, 8",
        "name to the end, 0000000c00030000 6162, 9",
        "value to the end, 0000000d00030000 61006262, 11",
        "one byte behind the pairs, 0000000d00030000 610000, 10",
        "two bytes behind the pairs, 0000000e00030000 610000, 10",
        "final byte, 0000000c00030000 61000001, 11",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
