package dev.portshare.detect.own;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.ofHex;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portshare.detect.Decision;
import org.junit.jupiter.api.Test;

class BytesDetectorTest {
    @Test
    void aPrefixMatchesWithItsLastByteAndRefusesWithTheFirstThatDiffers() {
        BytesDetector hello = BytesDetector.prefix("foo", "HELLO ");
        assertThat(Decision.of(hello, "HELLO you")).isEqualTo(matchedAt(5, "foo"));
        assertThat(Decision.of(hello, "HELP")).isEqualTo(refusedAt(3));
        assertThat(Decision.of(hello, "HELLO")).isEqualTo(Decision.NONE);
    }

    @Test
    void onlyTheBitsOfTheMaskAreCompared() {
        BytesDetector bot = BytesDetector.hex("telnet-bot", "ff fb", "ff fe");
        assertThat(ofHex(bot, "fffb")).isEqualTo(matchedAt(1, "telnet-bot"));
        assertThat(ofHex(bot, "fffa")).isEqualTo(matchedAt(1, "telnet-bot"));
        assertThat(ofHex(bot, "fffc")).isEqualTo(refusedAt(1));
        assertThat(ofHex(BytesDetector.hex("x", "00 00 01", "000001"), "7f80ff"))
                .isEqualTo(matchedAt(2, "x"));
        assertThat(ofHex(BytesDetector.hex("x", "FFFB", null), "fffa")).isEqualTo(refusedAt(1));
    }

    @Test
    void whatCannotBeObeyedIsRefusedWithARemedy() {
        refuses("f", null, "\"f\" is not hexadecimal; write pairs of digits, such as \"ff fb\"");
        refuses("ff", "0xff", "\"0xff\" is not hexadecimal; write pairs of digits, such as \"ff fb\"");
        refuses(
                "ff fb",
                "ff",
                "the mask has 1 bytes, and \"hex\" has 2; write as many: ff compares a whole byte, 00 leaves it free");
        refuses("ff", "00", "a mask of zeros lets every client through; write ff for each byte that is compared");
        refuses("00".repeat(1025), null, "1025 bytes are too many; write 1024 at most");
        assertThatThrownBy(() -> BytesDetector.prefix("x", "ÿ"))
                .hasMessage(
                        "\"ÿ\" is more than ASCII, and could be sent in several encodings; write the bytes, as in hex:"
                                + " \"48 45\"");
    }

    private static void refuses(String hex, String mask, String message) {
        assertThatThrownBy(() -> BytesDetector.hex("x", hex, mask)).hasMessage(message);
    }
}
