package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Http2DetectorTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Detector detector = new Http2Detector();

    @Test
    void prefaceMatchesWithItsLastByte() {
        assertThat(Decision.of(detector, PREFACE)).isEqualTo(matchedAt(23, "http2"));
        assertThat(Decision.of(detector, Corpus.bytes("http2-curl-prior.bin"))).isEqualTo(matchedAt(23, "http2"));
    }

    @Test
    void everyOtherByteIsRefusedWhereItStands() {
        IntStream.range(0, PREFACE.length())
                .forEach(i -> assertThat(Decision.of(
                                detector, PREFACE.substring(0, i) + (char) (PREFACE.charAt(i) ^ 0x20) + "xx"))
                        .isEqualTo(refusedAt(i)));
    }

    @Test
    void noRequestOfHttp1IsOne() {
        assertThat(Decision.of(new Classifier(Detectors.BUILTIN)::classify, "PRI * HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(refusedAt(11));
    }
}
