package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Socks5DetectorTest {
    private final Detector detector = new Socks5Detector();

    @Test
    void anOfferMatchesWithItsLastMethod() {
        assertThat(decision("\u0005\u0001\u0000")).isEqualTo(matchedAt(2, "socks5"));
        assertThat(decision("\u0005\u0002\u0000\u0001")).isEqualTo(matchedAt(3, "socks5"));
        assertThat(decision("\u0005\u0001\u0080\u0005\u0001")).isEqualTo(matchedAt(2, "socks5")); // the request follows
        assertThat(decision("\u0005\u0002\u0000")).isEqualTo(Decision.NONE);
        assertThat(decision("\u0005\u00ff" + "\u0002".repeat(255))).isEqualTo(matchedAt(256, "socks5"));
    }

    @Test
    void refusesWithTheFirstByteThatNoOfferHas() {
        assertThat(decision("\u0004\u0001")).isEqualTo(refusedAt(0));
        assertThat(decision("\u0005\u0000")).isEqualTo(refusedAt(1));
    }

    /** IANA, SOCKS Methods: those to 9 are or were assigned, those from 0x80 private, and FF is an answer. */
    @Test
    void methodsAreThoseThatAClientCanOffer() {
        assertThat(IntStream.range(0, 256)
                        .filter(method ->
                                decision("\u0005\u0001" + (char) method).equals(matchedAt(2, "socks5"))))
                .containsExactlyElementsOf(IntStream.concat(IntStream.rangeClosed(0, 9), IntStream.range(0x80, 0xFF))
                        .boxed()
                        .toList());
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
