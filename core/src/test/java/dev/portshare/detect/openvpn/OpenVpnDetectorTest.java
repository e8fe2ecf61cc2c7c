package dev.portshare.detect.openvpn;

import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Decision;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenVpnDetectorTest {
    private static final int EARLY = 0x0f000001;

    private final Detector detector = new OpenVpnDetector();
    private final Resets resets = new Resets(new Random(1194));

    @Test
    void plainResetMatchesWithItsLastByte() {
        matchesWithItsLastByte(resets.plain());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 28, 32, 36, 48, 64})
    void tlsAuthResetOfEveryDigestMatchesWithItsLastByte(int digest) {
        matchesWithItsLastByte(resets.tlsAuth(digest));
    }

    @Test
    void tlsCryptResetMatchesWithItsLastByte() {
        matchesWithItsLastByte(resets.tlsCrypt());
    }

    @ParameterizedTest
    @ValueSource(ints = {290, 291, 299, 512, 1023, 1024})
    void tlsCryptV2ResetMatchesWithItsLastByte(int wrappedKey) {
        matchesWithItsLastByte(resets.tlsCryptV2(1, wrappedKey));
        matchesWithItsLastByte(resets.tlsCryptV2(EARLY, wrappedKey));
    }

    @Test
    void whatFollowsTheFirstPacketDoesNotMatter() {
        byte[] reset = resets.plain();
        byte[] more = Arrays.copyOf(reset, 100);
        Arrays.fill(more, reset.length, 100, (byte) 0xFF);
        matches(more, reset.length - 1);
        matches(Corpus.bytes("openvpn-plain-retransmit.bin"), 15);
    }

    @Test
    void everyFirstByteButThoseOfAPossibleLengthIsRefused() {
        IntStream.range(0, 256)
                .forEach(b -> assertThat(decision(new byte[] {(byte) b}))
                        .as("first byte %d", b)
                        .isEqualTo(b <= 4 ? new Decision(-1, Detection.NEED_MORE) : refusedAt(0)));
    }

    @Test
    void everyLengthButThoseOfAResetIsRefused() {
        int[] possible = IntStream.concat(
                        IntStream.of(14, 38, 42, 50, 54, 58, 70, 86), IntStream.rangeClosed(54 + 290, 54 + 1024))
                .toArray();
        int[] open = IntStream.range(0, 0x10000)
                .filter(length -> decision(new byte[] {(byte) (length >> 8), (byte) length})
                        .detection()
                        .equals(Detection.NEED_MORE))
                .toArray();
        assertThat(open).isEqualTo(possible);
    }

    /** Every byte with a fixed value, wrong: refused at that byte. Every free one: still a match. */
    @Test
    void fixedBytesAreCheckedAsTheyComeAndFreeOnesAreNot() {
        flipping(resets::plain, "2 11-15");
        flipping(() -> resets.tlsAuth(20), "2 31-34 39-43");
        flipping(() -> resets.tlsAuth(64), "2 75-78 83-87");
        flipping(() -> resets.tlsCryptV2(1, 299), "2 11-14 353-354");
        flipping(() -> resets.tlsCryptV2(EARLY, 299), "2 11-14 353-354");
    }

    @Test
    void length54IsTlsAuthOrTlsCryptWhicheverStillFits() {
        // The packet id stands at 11 in tls-crypt, at 43 in tls-auth with SHA256.
        byte[] neither = resets.tlsCrypt();
        neither[11] = 1;
        neither[43] = 1;
        assertThat(decision(neither)).isEqualTo(refusedAt(43));
        flipping(() -> resets.tlsAuth(32), "2 43-46 51-55");
    }

    @Test
    void sessionIdOfZerosIsRefusedAtItsLastByte() {
        for (byte[] head : new byte[][] {resets.plain(), resets.tlsCrypt(), resets.tlsCryptV2(1, 299)}) {
            Arrays.fill(head, 3, 11, (byte) 0);
            assertThat(decision(head)).isEqualTo(refusedAt(10));
        }
    }

    @ParameterizedTest(name = "{0}: refused at {1}")
    @CsvSource({
        "near-acks.bin,           1",
        "near-data-v2.bin,        1",
        "near-keyid1.bin,         2",
        "near-len13.bin,          1",
        "near-len256.bin,         1",
        "near-msgid1.bin,         15",
        "near-server-reset.bin,   2",
        "near-sid-zero.bin,       10",
        "near-trailing.bin,       1",
        "near-v1-reset.bin,       2",
        "near-v3-len1279.bin,     1",
        "near-v3-len335.bin,      1",
        "dns-tcp.bin,             1",
        "dns-tcp-id38.bin,        1",
        "wireguard-init-len.bin,  1",
        "openvpn-xor-mask.bin,    2",
        "openvpn-static-1.bin,    1",
        "probe-two-zero.bin,      1",
        "probe-epmd.bin,          1",
        "probe-generic.bin,       0",
    })
    void nearMissIsRefusedAsSoonAsItIsOne(String file, int index) {
        assertThat(decision(Corpus.bytes(file))).isEqualTo(refusedAt(index));
    }

    @Test
    void dnsQueryWhoseIdLooksLikeAnOpcodeIsRefused() {
        byte[] query = HexFormat.of().parseHex("0026" + "3834" + "0100" + "0001" + "0000".repeat(15));
        assertThat(decision(query).detection()).isEqualTo(Detection.NO_MATCH);
    }

    private void flipping(Supplier<byte[]> packet, String fixed) {
        boolean[] isFixed = new boolean[2 + 54 + 1024];
        for (String range : fixed.split(" ")) {
            String[] ends = range.split("-");
            Arrays.fill(isFixed, Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1, true);
        }
        int size = packet.get().length;
        for (int i = 2; i < size; i++) {
            byte[] head = packet.get();
            head[i] ^= 0x55;
            if (isFixed[i]) {
                assertThat(decision(head)).as("byte %d", i).isEqualTo(refusedAt(i));
            } else {
                matchesWithItsLastByte(head);
            }
        }
    }

    private void matchesWithItsLastByte(byte[] head) {
        matches(head, head.length - 1);
    }

    private void matches(byte[] head, int index) {
        assertThat(decision(head)).isEqualTo(new Decision(index, Detection.Match.of("openvpn")));
    }

    private Decision decision(byte[] head) {
        return Decision.of(detector, head);
    }
}
