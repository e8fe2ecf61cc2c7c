package dev.portshare.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "9949, 9.9 kB",
        "9951, 10 kB",
        "999499, 999 kB",
        "999501, 1.0 MB",
        "123456789, 123 MB",
        "9e18, 9.0 EB"
    })
    void bytesHaveThreeDigitsAtMost(double bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0 s",
        "59, 59 s",
        "60, 1 min 0 s",
        "3599, 59 min 59 s",
        "3600, 1 h 0 min",
        "90061, 1 d 1 h",
        "31536000, 365 d 0 h"
    })
    void anAgeHasItsTwoLargestUnits(long seconds, String text) {
        assertThat(Figures.age(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
