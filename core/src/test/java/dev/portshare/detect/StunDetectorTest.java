package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StunDetectorTest {
    private final Detector detector = new StunDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "Binding, 000100002112a442000000000000000000000000, 19",
        "Allocate, 000300082112a4420000000000000000000000000019000411000000, 27",
        "ConnectionBind, 000b00082112a442000000000000000000000000002a000400000000, 27",
        "padded attribute, 0001000c2112a4420000000000000000000000008022000561626364 65000000, 31",
        "empty attribute, 000100042112a44200000000000000000000000000240000, 23",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "stun"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "channel data, 40, 0",
        "Refresh, 0004, 1",
        "Binding response, 0101, 0",
        "length 2, 00010002, 3",
        "length 65535, 0001ffff, 3",
        "RFC 3489, 00010000 00, 4",
        "attribute longer than the message, 000100082112a442000000000000000000000000001900 05, 23",
        "attribute of 64 KB, 000100082112a4420000000000000000000000000019ff, 22",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
