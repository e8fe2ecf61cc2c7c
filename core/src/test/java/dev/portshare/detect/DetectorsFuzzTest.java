package dev.portshare.detect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The small detectors: most refuse most heads with a byte or two, so that one target can have them all. */
class DetectorsFuzzTest {
    /** They have targets of their own. */
    private static final List<String> LARGE = List.of("tls", "openvpn", "http");

    static Stream<byte[]> seeds() {
        return Seeds.all();
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        for (NamedDetector row : Detectors.BUILTIN) {
            if (!LARGE.contains(row.name())) {
                HeadLaws.of(row.detector()).hold(head);
            }
        }
    }
}
