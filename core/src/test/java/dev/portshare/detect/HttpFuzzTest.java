package dev.portshare.detect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portshare.detect.http.HttpDetector;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Request lines and the fields behind them. */
class HttpFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.of("http");
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        HeadLaws.of(new HttpDetector()).hold(head);
    }
}
