package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmppDetectorTest {
    private final Detector detector = new XmppDetector();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<stream:stream ",
                "<stream:stream\n",
                "<?xml version='1.0'?><stream:stream ",
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes' ?>\r\n <stream:stream\t"
            })
    void aStreamMatchesWithTheBlankBehindItsName(String head) {
        assertThat(decision(head)).isEqualTo(matchedAt(head.length() - 1, "xmpp"));
        assertThat(decision(head + "to='a' xmlns='jabber:client'>")).isEqualTo(matchedAt(head.length() - 1, "xmpp"));
        assertThat(decision(head.substring(0, head.length() - 1))).isEqualTo(Decision.NONE);
    }

    @Test
    void refusesWithTheFirstByteThatNoStreamHas() {
        assertThat(decision(" <stream:stream ")).isEqualTo(refusedAt(0));
        assertThat(decision("<!DOCTYPE")).isEqualTo(refusedAt(1));
        assertThat(decision("<34>1 ")).isEqualTo(refusedAt(1));
        assertThat(decision("<stream:streams ")).isEqualTo(refusedAt(14));
        assertThat(decision("<stream:stream>")).isEqualTo(refusedAt(14)); // without its namespace
        assertThat(decision("<?xml?>")).isEqualTo(refusedAt(5));
        assertThat(decision("<?xml version='1.0'><")).isEqualTo(refusedAt(19));
        assertThat(decision("<?xml version='?'?>")).isEqualTo(refusedAt(16));
        assertThat(decision("<?xml \0")).isEqualTo(refusedAt(6));
        assertThat(decision("<?xml version='1.0'?><html>")).isEqualTo(refusedAt(22));
        assertThat(decision("<?xml version='1.0'?>x")).isEqualTo(refusedAt(21));
    }

    @Test
    void declarationAndBlanksAreBounded() {
        String declaration = "<?xml " + "x".repeat(128 - 8) + "?>";
        assertThat(decision(declaration + " ".repeat(16) + "<stream:stream ").detection())
                .isEqualTo(Detection.Match.of("xmpp"));
        assertThat(decision(declaration + " ".repeat(17))).isEqualTo(refusedAt(128 + 16));
        assertThat(decision("<?xml " + "x".repeat(128 - 8) + "x")).isEqualTo(refusedAt(126));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
