package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinecraftDetectorTest {
    private final Detector detector = new MinecraftDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "status, 1200fd050b6d632e6465762e7465737463dd01, 18",
        "login, 1200fd050b6d632e6465762e7465737463dd02, 18",
        "transfer, 1200fd050b6d632e6465762e7465737463dd03, 18",
        "old version, 11002f0b6d632e6465762e7465737463dd01, 17",
        "version -1, 1500ffffffff0f0b6d632e6465762e7465737463dd01, 21",
        "Forge, 1700fd05106d632e6465762e7465737400464d4c0063dd02, 23",
        "address of 128, 8801 00fd05"
            + " 8001616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616163dd01,"
            + " 137",
        "ping of 1.4, fe01, 1",
        "ping of 1.6, fe01fa000b, 1",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "minecraft"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "length 6, 06, 0",
        "length with a byte too many, 8600, 1",
        "length 1032, 8808, 1",
        "length of 1 KB and more, 8009, 1",
        "other packet, 1201, 1",
        "version of six bytes, 1500ffffffffff, 6",
        "version of 36 bits, 1500ffffffff10, 6",
        "version with a byte too many, 1200fd8000, 4",
        "version that leaves no address, 070080, 2",
        "address shorter than its packet, 1200fd050a, 4",
        "address longer, 1200fd050c, 4",
        "blank, 1200fd050b6d20, 6",
        "address that begins with zero, 1200fd050b00, 5",
        "next state 0, 1200fd050b6d632e6465762e7465737463dd00, 18",
        "next state 4, 1200fd050b6d632e6465762e7465737463dd04, 18",
        "127 or 128 bytes of address, 8601 0005, 3",
        "ping of 1.3, fefe, 1",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
