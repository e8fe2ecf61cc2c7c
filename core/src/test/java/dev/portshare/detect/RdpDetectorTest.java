package dev.portshare.detect;

import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RdpDetectorTest {
    private static final String NEGOTIATION = "0100080003000000";
    private static final String CORRELATED = "0108080003000000" + "06002400" + "a5".repeat(16) + "00".repeat(16);

    private final Detector detector = new RdpDetector();

    @ParameterizedTest
    @CsvSource({
        "Cookie: mstshash=alice,                 alice",
        "Cookie: mstshash=EXAMPLE\\al,           EXAMPLE\\al",
        "Cookie: mstshash=,                      ''",
        "Cookie: msts=3640205228.15629.0000,     msts=3640205228.15629.0000",
        "tsv://MS Terminal Services Plugin.1.Ts, tsv://MS Terminal Services Plugin.1.Ts",
        "müller,                             müller",
        "x,                                      x"
    })
    void lineIsTheCookieWithAndWithoutNegotiation(String line, String cookie) {
        for (String behind : new String[] {"", NEGOTIATION, CORRELATED}) {
            String head = request(latin1(line) + "0d0a" + behind);
            assertThat(Decision.ofHex(detector, head))
                    .isEqualTo(new Decision(head.length() / 2 - 1, Detection.Match.rdp(cookie)));
        }
    }

    @Test
    void requestNeedsNoCookie() {
        for (String body : new String[] {"", NEGOTIATION, CORRELATED}) {
            String head = request(body);
            assertThat(Decision.ofHex(detector, head))
                    .isEqualTo(new Decision(head.length() / 2 - 1, Detection.Match.rdp(null)));
        }
    }

    @Test
    void whatFollowsTheRequestDoesNotMatter() {
        assertThat(Decision.ofHex(detector, request("") + "ff")).isEqualTo(new Decision(10, Detection.Match.rdp(null)));
    }

    @ParameterizedTest(name = "{0}: refused at {2}")
    @CsvSource({
        "TPKT version 2,                    02,                             0",
        "reserved byte,                     0301,                           1",
        "length 10,                         0300000a,                       3",
        "length 12,                         0300000c,                       3",
        "length 13,                         0300000d,                       3",
        "length 260,                        03000104,                       3",
        "length 512,                        030002,                         2",
        "lengths that differ,               0300000b07,                     4",
        "data,                              0300000b06f0,                   5",
        "credit,                            0300000b06e1,                   5",
        "destination reference,             0300000b06e0000100,             7",
        "class 1,                           0300000b06e00000000010,         10",
        "S7,                                0300001611e00000000100c001,     12",
        "line that begins with its end,     0300001611e000000000000d,       11",
        "control character,                 0300001611e000000000004109,     12",
        "CR before the end,                 0300001712e00000000000410d,     12",
        "CR without LF,                     0300000e09e00000000000410d0d,   13",
        "no CR,                             0300000e09e000000000004141,     12",
        "negotiation of 9 bytes,            0300001411e0,                   4",
        "negotiation in 9 bytes,            030000140fe0000000000001,       11",
        "unknown flag,                      030000130ee000000000000104,     12",
        "correlation that is not there,     030000130ee000000000000108,     12",
        "negotiation length,                030000130ee00000000000010009,   13",
        "upper protocols,                   030000130ee0000000000001000800030001, 17",
        "behind the line no negotiation,    0300001611e0000000000041 0d0a02, 14"
    })
    void impossibleByteIsRefusedAsItComes(String what, String hex, int index) {
        assertThat(Decision.ofHex(detector, hex)).isEqualTo(refusedAt(index));
    }

    /** TPKT, the fixed part of an X.224 connection request, and {@code body}. */
    private static String request(String body) {
        int length = 11 + body.length() / 2;
        return "0300%04x%02xe00000000000".formatted(length, length - 5) + body;
    }

    private static String latin1(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
