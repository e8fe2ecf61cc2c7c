package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmbDetectorTest {
    private final Detector detector = new SmbDetector();

    @ParameterizedTest(name = "{0} matches at {2}")
    @CsvSource({
        "SMB1, 00000023ff534d4272 00000000 18, 13",
        "SMB2, 00000066fe534d4240000100000000000000, 17",
        "SMB2 of 64 KB, 0000fffffe534d4240000000000000000000, 17",
        "NetBIOS session request,"
            + " 810000442041414141414141414141414141414141414141414141414141414141414141410020414141414141414141414141414141414141414141414141414141414141414100,"
            + " 71",
    })
    void matchesWithTheByteThatMakesItSure(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(matchedAt(index, "smb"));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "keep alive, 85, 0",
        "length 34, 00000022, 3",
        "length 64 KiB, 0001, 1",
        "SMB2 in 101 bytes, 00000065fe, 4",
        "encrypted, 00000066fd, 4",
        "other name, 00000023ff534d43, 7",
        "session setup, 00000023ff534d4273, 8",
        "SMB1 with a status, 00000023ff534d427201, 9",
        "SMB1 reply, 00000023ff534d42720000000098, 13",
        "SMB2 header of 65, 00000066fe534d4241, 8",
        "SMB2 with a status, 00000066fe534d424000000001, 12",
        "SMB2 session setup, 00000066fe534d424000010000000000 01, 16",
        "session request of 67, 81000043, 3",
        "session request with flags, 8101, 1",
        "name of 31, 810000441f, 4",
        "name with Q, 81000044204151, 6",
        "scope, 8100004420414141414141414141414141414141414141414141414141414141414141414101, 37",
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }
}
