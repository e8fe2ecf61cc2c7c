package dev.portshare.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PassedSocketsTest {
    @Test
    void descriptorsAreCountedFromThreeAndSeveralMayHaveOneName() {
        PassedSockets passed = PassedSockets.of(
                Map.of("LISTEN_PID", "7", "LISTEN_FDS", "4", "LISTEN_FDNAMES", "https:local:https:web.socket"), 7);
        assertThat(passed.names()).containsExactly("https", "local", "web.socket");
        assertThat(passed.named("https")).containsExactly(3, 5);
        assertThat(passed.named("local")).containsExactly(4);
        assertThat(passed.named("http")).isEmpty();
    }

    @Test
    void whatHasNoNameIsCalledAsSystemdDoes() {
        assertThat(PassedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "2"), 7)
                        .named("unknown"))
                .containsExactly(3, 4);
    }

    @Test
    void whatIsMeantForAnotherProcessIsNotTouched() {
        PassedSockets passed = PassedSockets.of(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7);
        assertThat(passed.names()).isEmpty();
        assertThat(passed.reason()).contains("\"8\"", "this is 7", "exec");
    }

    @Test
    void aCountThatIsNoneIsSaidSo() {
        PassedSockets passed = PassedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "x"), 7);
        assertThat(passed.names()).isEmpty();
        assertThat(passed.reason()).contains("LISTEN_FDS", "\"x\"");
    }
}
