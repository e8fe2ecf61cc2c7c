package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TincDetectorTest {
    private final Detector detector = new TincDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "1.0, 30206e6f64655f612031370a, 11",
        "1.1, 30206e6f64655f612031372e370a, 13",
        "name of one letter, 30206e2031370a, 6",
        "invitation,"
            + " 30203f61422b2f61422b2f61422b2f61422b2f61422b2f61422b2f61422b2f61422b2f61422b2f61422b2f307a5a2031372e310a,"
            + " 51",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "tinc"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "other request, 31, 0",
        "pkt-line, 3030, 1",
        "LDAP, 300c, 1",
        "two blanks, 302020, 2",
        "hyphen, 3020612d, 3",
        "control connection, 30205e, 2",
        "version 18, 302061203138, 5",
        "no minor, 3020612031372e0a, 7",
        "minor of four digits, 3020612031372e31323334, 10",
        "CR, 3020612031370d, 6",
        "name of 256,"
            + " 30206e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e,"
            + " 257",
        "short key, 30203f61626320, 6",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
