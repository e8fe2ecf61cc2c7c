package dev.portshare.detect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.detect.openvpn.OpenVpnDetector;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The packets that OpenVPN clients begin with. */
class OpenVpnFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.of("openvpn");
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        HeadLaws.of(new OpenVpnDetector()).hold(head);
    }
}
