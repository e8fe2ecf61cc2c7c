package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import dev.portshare.telemetry.LogOptions.Connections;
import dev.portshare.telemetry.LogOptions.Format;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogOptionsTest {
    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void whatDidNotSimplyEndIsKeptUnlessNothingIs(CloseReason reason) {
        boolean ended = reason == CloseReason.COMPLETED
                || reason == CloseReason.CLIENT_RESET
                || reason == CloseReason.BACKEND_RESET
                || reason == CloseReason.HANDED_ON;
        assertThat(options(Connections.ALL, 1).keeps(1, reason)).isTrue();
        assertThat(options(Connections.REFUSED, 1).keeps(1, reason)).isNotEqualTo(ended);
        assertThat(options(Connections.NONE, 1).keeps(1, reason)).isFalse();
        long sampled = LongStream.range(0, 1000)
                .filter(id -> options(Connections.ALL, 1_000_000).keeps(id, reason))
                .count();
        assertThat(sampled).isBetween(ended ? 0L : 1000L, ended ? 3L : 1000L);
    }

    /** As event loops number them: the first of two has the even ones. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 100})
    void ofAnyLoopsConnectionsASampleIsAFairShare(int loops) {
        LogOptions options = options(Connections.ALL, 100);
        long kept = LongStream.range(0, 100_000)
                .filter(i -> options.keeps(i * loops, CloseReason.COMPLETED))
                .count();
        assertThat(kept).isBetween(900L, 1100L);
    }

    private static LogOptions options(Connections connections, int sample) {
        return new LogOptions(Format.TEXT, null, connections, sample, AddressMask.WHOLE);
    }
}
