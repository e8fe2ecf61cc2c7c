package dev.portshare.detect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.detect.tls.TlsDetector;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** ClientHellos, whole, in fragments, and framed as SSLv2. */
class TlsFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.concat(Seeds.of("tls"), Seeds.of("sslv2"));
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        HeadLaws.of(new TlsDetector()).hold(head);
    }
}
