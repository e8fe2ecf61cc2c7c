package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyslogDetectorTest {
    private final Detector detector = new SyslogDetector();

    @Test
    void aMessageMatchesWithTheByteBehindItsPriority() {
        assertThat(decision("<34>1 2003-10-11T22:14:15.003Z a su - ID47 - x\n")).isEqualTo(matchedAt(4, "syslog"));
        assertThat(decision("<13>Nov 24 14:00:00 a logger: x\n")).isEqualTo(matchedAt(4, "syslog"));
        assertThat(decision("<0>x")).isEqualTo(matchedAt(3, "syslog"));
        assertThat(decision("46 <165>1 2003-08-24T05:14:15.000003-07:00 a b")).isEqualTo(matchedAt(8, "syslog"));
        assertThat(decision("4 <0>x")).isEqualTo(matchedAt(5, "syslog"));
        assertThat(decision("9999999 <0>x")).isEqualTo(matchedAt(11, "syslog"));
        assertThat(decision("<34>")).isEqualTo(Decision.NONE);
    }

    @Test
    void priorityIsANumberUpTo191WithoutLeadingZeros() {
        assertThat(IntStream.range(0, 1_000)
                        .filter(n -> decision("<" + n + ">x").detection() != Detection.NO_MATCH))
                .containsExactlyElementsOf(IntStream.rangeClosed(0, 191).boxed().toList());
        assertThat(decision("<01>x")).isEqualTo(refusedAt(2));
        assertThat(decision("<192>x")).isEqualTo(refusedAt(3));
        assertThat(decision("<>x")).isEqualTo(refusedAt(1));
        assertThat(decision("<-1>x")).isEqualTo(refusedAt(1));
    }

    @Test
    void refusesWithTheFirstByteThatNoFrameHas() {
        assertThat(decision("0 node")).isEqualTo(refusedAt(0));
        assertThat(decision("12345678 ")).isEqualTo(refusedAt(7));
        assertThat(decision("3 <0>")).isEqualTo(refusedAt(1)); // too short for any message
        assertThat(decision("12 34")).isEqualTo(refusedAt(3));
        assertThat(decision("1x")).isEqualTo(refusedAt(1));
        assertThat(decision("4 <12>")).isEqualTo(refusedAt(4)); // no room for the text
        assertThat(decision("<34>\n")).isEqualTo(refusedAt(4));
        assertThat(decision("<34>\u001b")).isEqualTo(refusedAt(4));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
