package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshDetectorTest {
    private final Detector detector = new SshDetector();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n",
                "SSH-2.0-JSCH-0.1.54\n", // a hyphen in the version, and no CR: both are sent
                "SSH-1.99-x\r\n",
                "SSH-1.5-PuTTY\n",
                "SSH-1.3-1\n",
                "SSH-2.0-HTTPx\r\n",
                "SSH-2.0-HTTP/1.1 GET / Host: a.org\r\n"
            })
    void anIdentificationMatchesWithItsLineEnd(String line) {
        assertThat(decision(line)).isEqualTo(matchedAt(line.length() - 1, "ssh"));
        assertThat(decision(line + "\0\0\u0002\u0094")).isEqualTo(matchedAt(line.length() - 1, "ssh"));
        assertThat(decision(line.substring(0, line.length() - 1))).isEqualTo(Decision.NONE);
    }

    @Test
    void refusesWithTheFirstByteThatNoIdentificationHas() {
        assertThat(decision("ssh-2.0-x\n")).isEqualTo(refusedAt(0));
        assertThat(decision("SSH 2.0-x\n")).isEqualTo(refusedAt(3));
        assertThat(decision("SSH-3.0-x\n")).isEqualTo(refusedAt(4));
        assertThat(decision("SSH-2.1-x\n")).isEqualTo(refusedAt(6));
        assertThat(decision("SSH-2.0x\n")).isEqualTo(refusedAt(7));
        assertThat(decision("SSH-1.999-x\n")).isEqualTo(refusedAt(8));
        assertThat(decision("SSH-2.0-\r\n")).isEqualTo(refusedAt(8));
        assertThat(decision("SSH-2.0-x\0\n")).isEqualTo(refusedAt(9));
        assertThat(decision("SSH-2.0-x\u001b[2J\n")).isEqualTo(refusedAt(9));
        assertThat(decision("SSH-2.0-x\u00e9\n")).isEqualTo(refusedAt(9));
        assertThat(decision("SSH-2.0-x\rx\n")).isEqualTo(refusedAt(10));
    }

    /** RFC 4253, 4.2, lets a server send lines before its identification; a client's comes first. */
    @Test
    void lineInFrontIsTheServersAlone() {
        assertThat(decision("\nSSH-2.0-x\r\n")).isEqualTo(refusedAt(0));
        assertThat(decision("hello\r\nSSH-2.0-x\r\n")).isEqualTo(refusedAt(0));
        assertThat(Decision.of(new Classifier(Detectors.BUILTIN)::classify, "\nSSH-2.0-x\r\n"))
                .isEqualTo(refusedAt(2));
    }

    @Test
    void lineHasAtMost255Bytes() {
        String begin = "SSH-2.0-" + "x".repeat(255 - 8 - 2);
        assertThat(decision(begin + "\r\n")).isEqualTo(matchedAt(254, "ssh"));
        assertThat(decision(begin + "x\n")).isEqualTo(matchedAt(254, "ssh"));
        assertThat(decision(begin + "x\r\n")).isEqualTo(refusedAt(254));
        assertThat(decision(begin + "xx\n")).isEqualTo(refusedAt(254));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
