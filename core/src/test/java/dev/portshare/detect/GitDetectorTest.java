package dev.portshare.detect;

import static dev.portshare.detect.Decision.matchedAt;
import static dev.portshare.detect.Decision.refusedAt;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitDetectorTest {
    private final Detector detector = new GitDetector();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git-upload-pack /project.git\0host=git.dev.test\0",
                "git-upload-pack /project.git\0host=git.dev.test:9418\0\0version=2\0",
                "git-receive-pack ~user/a b\0host=[::1]\0",
                "git-upload-archive /\0",
                "git-upload-pack /\0",
                "git-receive-pack /\0",
                "git-upload-pack /p\u00e9\0host=a\0"
            })
    void aRequestMatchesWithItsLastByte(String request) {
        String head = "%04x%s".formatted(4 + request.length(), request);
        assertThat(decision(head)).isEqualTo(matchedAt(head.length() - 1, "git"));
        assertThat(decision(head + "0000")).isEqualTo(matchedAt(head.length() - 1, "git"));
        assertThat(decision(head.substring(0, head.length() - 1))).isEqualTo(Decision.NONE);
        assertThat(decision(head.substring(0, 4).toUpperCase(java.util.Locale.ROOT) + request))
                .isEqualTo(matchedAt(head.length() - 1, "git"));
    }

    @Test
    void refusesWithTheFirstByteThatNoRequestHas() {
        assertThat(decision("1000")).isEqualTo(refusedAt(0)); // 4096 bytes
        assertThat(decision("0 no")).isEqualTo(refusedAt(1));
        assertThat(decision("000f")).isEqualTo(refusedAt(2));
        assertThat(decision("0015")).isEqualTo(refusedAt(3)); // 21 bytes
        assertThat(decision("0016git-upload-pack /\0")).isEqualTo(matchedAt(21, "git"));
        assertThat(decision("0016git-r")).isEqualTo(refusedAt(8));
        assertThat(decision("0018git-upload-a")).isEqualTo(refusedAt(15));
        assertThat(decision("0032git-upload-pack p")).isEqualTo(refusedAt(20));
        assertThat(decision("0032want ")).isEqualTo(refusedAt(4));
        assertThat(decision("0032git-upload-pack /\n")).isEqualTo(refusedAt(21));
        assertThat(decision("0016git-upload-pack /a")).isEqualTo(refusedAt(21)); // no room for the NUL
        assertThat(decision("0032git-upload-pack /a\0host=\u001b")).isEqualTo(refusedAt(28));
    }

    private Decision decision(String head) {
        return Decision.of(detector, head);
    }
}
