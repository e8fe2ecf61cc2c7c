package dev.portshare.detect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** All detectors in their order, as a connection meets them. */
class ClassifierFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.all();
    }

    @MethodSource("seeds")
    @FuzzTest
    void lawsHold(byte[] head) {
        HeadLaws.of(new Classifier(Detectors.BUILTIN)::classify).hold(head);
    }
}
