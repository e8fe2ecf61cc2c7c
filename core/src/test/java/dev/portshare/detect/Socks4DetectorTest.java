package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Socks4DetectorTest {
    private static final String CONNECT = "\u0004\u0001\u0000\u0050";
    private static final String NAMED = CONNECT + "\0\0\0\u0001";

    private final Detector detector = new Socks4Detector();

    @ParameterizedTest
    @ValueSource(
            strings = {
                CONNECT + "\u00c0\u0000\u0002\u0007" + "\0", // no user
                CONNECT + "\u00c0\u0000\u0002\u0007" + "Fred\0",
                "\u0004\u0002\u0000\u0050" + "\u00c0\u0000\u0002\u0007" + "Fred\0", // BIND
                CONNECT + "\0\0\0\0" + "x\0", // no address, and no name either
                NAMED + "\0" + "far.dev.test\0", // 4a
                NAMED + "Fred\0" + "a\0"
            })
    void aRequestMatchesWithItsLastByte(String request) {
        assertThat(decision(request)).isEqualTo(matchedAt(request.length() - 1, "socks4"));
        assertThat(decision(request + "\u0016\u0003")).isEqualTo(matchedAt(request.length() - 1, "socks4"));
        assertThat(decision(request.substring(0, request.length() - 1))).isEqualTo(Decision.NONE);
    }

    @Test
    void refusesWithTheFirstByteThatNoRequestHas() {
        assertThat(decision("\u0005")).isEqualTo(refusedAt(0));
        assertThat(decision("\u0004\u0000")).isEqualTo(refusedAt(1));
        assertThat(decision("\u0004\u0003")).isEqualTo(refusedAt(1));
        assertThat(decision(NAMED + "a\nb")).isEqualTo(refusedAt(9));
        assertThat(decision(NAMED + "a\u007f")).isEqualTo(refusedAt(9));
        assertThat(decision(NAMED + "\0\0")).isEqualTo(refusedAt(9)); // no name
        assertThat(decision(NAMED + "\0a\u001b")).isEqualTo(refusedAt(10));
    }

    @Test
    void userAndNameHaveAtMost255Bytes() {
        String longest = "x".repeat(255);
        assertThat(decision(NAMED + longest + "\0" + longest + "\0")).isEqualTo(matchedAt(8 + 512 - 1, "socks4"));
        assertThat(decision(NAMED + longest + "x")).isEqualTo(refusedAt(8 + 255));
        assertThat(decision(NAMED + "\0" + longest + "x")).isEqualTo(refusedAt(9 + 255));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
