package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastMinuteTest {
    @Test
    void forgetsWhatIsOlder() {
        LastMinute minute = new LastMinute();
        assertThat(minute.growth(seconds(0), 5)).isZero();
        assertThat(minute.growth(seconds(30), 7)).isEqualTo(2);
        assertThat(minute.growth(seconds(60), 8)).isEqualTo(3);
        assertThat(minute.growth(seconds(61), 8)).isEqualTo(1);
        assertThat(minute.growth(seconds(200), 8)).isZero();
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
