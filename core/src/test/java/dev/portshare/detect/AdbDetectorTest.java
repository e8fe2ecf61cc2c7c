package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdbDetectorTest {
    private final Detector detector = new AdbDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "version 0x01000000, 434e584e00000001001000000700000032020000bcb1a7b1686f73743a3a, 28",
        "version 0x01000001, 434e584e010000010000100005000000ffff0f00bcb1a7b1686f73743a, 28",
        "after an empty message,"
            + " 0000000000000000000000000000000000000000ffffffff434e584e01000001000010000500000000000000bcb1a7b1686f73743a,"
            + " 52",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "adb"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "CONNECT, 434f, 1",
        "AUTH, 41, 0",
        "version 2, 434e584e02, 4",
        "other version, 434e584e01000002, 7",
        "16 MiB at once, 434e584e0100000100000001, 11",
        "payload of 4, 434e584e01000001000010000400, 13",
        "payload of 4097, 434e584e01000001000010000110, 13",
        "payload of 64 KB, 434e584e0100000100001000050001, 14",
        "impossible sum, 434e584e010000010000100005000000000010, 18",
        "magic, 434e584e01000001000010000500000000000000bcb1a7b2, 23",
        "a device, 434e584e01000001000010000500000000000000bcb1a7b164, 24",
        "zeros, 000000000000000000000000000000000000000000, 20",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
