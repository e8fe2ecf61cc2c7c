package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds for every detector and any bytes: sslh read behind a packet, and misaligned (CVE-2025-46806, #342). */
class AnyBytesTest {
    static final List<NamedDetector> DETECTORS = Detectors.BUILTIN;

    @ParameterizedTest
    @FieldSource("DETECTORS")
    void readsNothingOutsidePositionAndLimit(NamedDetector row) {
        HeadLaws<Detection> laws = HeadLaws.of(row.detector());
        for (byte[] head : heads()) {
            for (int offset : new int[] {1, 2, 3, 7}) {
                for (byte around : new byte[] {0, 0x16, 0x38, (byte) 0xFF}) {
                    laws.nothingOutsidePositionAndLimitCounts(head, offset, around);
                }
            }
        }
    }

    @Test
    void matchesNeverTellMoreThanOneProtocol() {
        for (byte[] head : heads()) {
            assertThat(DETECTORS.stream()
                            .filter(row -> row.detector().detect(ByteBuffer.wrap(head)) instanceof Detection.Match))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    /** So the order of the table decides nothing for what real clients send, and none of them waits for another's bytes. */
    @Test
    void withTheByteThatMatchesEveryOtherDetectorHasRefused() {
        for (Corpus.Entry entry : Corpus.all()) {
            for (NamedDetector row : DETECTORS) {
                Decision decision = Decision.of(row.detector(), entry.bytes());
                if (decision.detection() instanceof Detection.Match) {
                    ByteBuffer head = ByteBuffer.wrap(entry.bytes(), 0, decision.index() + 1);
                    assertThat(DETECTORS.stream()
                                    .filter(other -> other != row)
                                    .filter(other -> other.detector().detect(head.duplicate()) != Detection.NO_MATCH))
                            .as("%s is %s at byte %d", entry, row.name(), decision.index())
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("DETECTORS")
    void nothingYetIsNoVerdict(NamedDetector row) {
        assertThat(row.detector().detect(ByteBuffer.allocate(0))).isEqualTo(Detection.NEED_MORE);
    }

    private static List<byte[]> heads() {
        Random random = new Random(1194);
        List<byte[]> heads = new ArrayList<>();
        for (int size = 0; size <= 64; size++) {
            heads.add(new byte[size]);
            byte[] ones = new byte[size];
            Arrays.fill(ones, (byte) 0xFF);
            heads.add(ones);
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            heads.add(noise);
            heads.add(Arrays.copyOf(Corpus.bytes("tls-noext.bin"), size));
            heads.add(Arrays.copyOf(Corpus.bytes("openvpn-tlscrypt-1.bin"), Math.min(size, 56)));
        }
        Corpus.all().stream()
                .map(Corpus.Entry::bytes)
                .filter(bytes -> bytes.length <= 2_048)
                .forEach(heads::add);
        return heads;
    }
}
