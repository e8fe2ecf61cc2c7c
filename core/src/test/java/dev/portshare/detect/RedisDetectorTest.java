package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisDetectorTest {
    private final Detector detector = new RedisDetector();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*1\r\n$4\r\nPING\r\n",
                "*2\r\n$7\r\nCOMMAND\r\n",
                "*1048576\r\n$4\r\nMSET\r\n",
                "*3\r\n$9\r\nFT.SEARCH\r\n",
                "*2\r\n$5\r\nhello\r\n"
            })
    void anArrayMatchesWithTheEndOfTheCommandsName(String head) {
        assertThat(decision(head)).isEqualTo(matchedAt(head.length() - 1, "redis"));
        assertThat(decision(head + "$")).isEqualTo(matchedAt(head.length() - 1, "redis"));
        assertThat(decision(head.substring(0, head.length() - 1))).isEqualTo(Decision.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING\r\n",
                "ping\n",
                "PING x\r\n",
                "AUTH secret\r\n",
                "INFO replication\r\n",
                "HELLO 3\r\n",
                "SELECT 0\r\n",
                "Client setname a\r\n",
                "COMMAND\r\n",
                "role\r\n"
            })
    void anInlineCommandMatchesWithItsLineEnd(String head) {
        assertThat(decision(head)).isEqualTo(matchedAt(head.length() - 1, "redis"));
        assertThat(decision(head.substring(0, head.length() - 1))).isEqualTo(Decision.NONE);
    }

    @Test
    void refusesWithTheFirstByteThatNoCommandHas() {
        assertThat(decision("*0\r\n")).isEqualTo(refusedAt(1));
        assertThat(decision("*1048577\r\n")).isEqualTo(refusedAt(7));
        assertThat(decision("*1\n")).isEqualTo(refusedAt(2));
        assertThat(decision("*1\r\n+")).isEqualTo(refusedAt(4));
        assertThat(decision("*1\r\n$65")).isEqualTo(refusedAt(6));
        assertThat(decision("*1\r\n$4\r\n1")).isEqualTo(refusedAt(8));
        assertThat(decision("*1\r\n$4\r\nPI G")).isEqualTo(refusedAt(10));
        assertThat(decision("*1\r\n$4\r\nPINGx")).isEqualTo(refusedAt(12));
        assertThat(decision("$4\r\n")).isEqualTo(refusedAt(0));
        assertThat(decision("PINGS\r\n")).isEqualTo(refusedAt(4));
        assertThat(decision("PI\r\n")).isEqualTo(refusedAt(2));
        assertThat(decision("hello there")).isEqualTo(refusedAt(6));
        assertThat(decision("PING \0")).isEqualTo(refusedAt(5));
        assertThat(decision("PING\t")).isEqualTo(refusedAt(4));
        // Words of other protocols, too.
        assertThat(decision("GET /\r\n")).isEqualTo(refusedAt(0));
        assertThat(decision("EHLO a\r\n")).isEqualTo(refusedAt(0));
    }

    @Test
    void inlineCommandHasAtMost512Bytes() {
        String begin = "PING " + "x".repeat(512 - 5 - 2);
        assertThat(decision(begin + "\r\n")).isEqualTo(matchedAt(511, "redis"));
        assertThat(decision(begin + "x\n")).isEqualTo(matchedAt(511, "redis"));
        assertThat(decision(begin + "x\r\n")).isEqualTo(refusedAt(511));
        assertThat(decision(begin + "xx")).isEqualTo(refusedAt(511));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
