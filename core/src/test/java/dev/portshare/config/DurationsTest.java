package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0s, PT0S",
        "500ms, PT0.5S",
        "5s, PT5S",
        "2m, PT2M",
        "8760h, PT8760H",
        "31536000000ms, PT8760H",
        "0000000007s, PT7S"
    })
    void isANumberAndAUnit(String notation, Duration duration) {
        assertThat(Durations.parse(notation)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5s", "1.5s", "1h30m", "5 s", "5d", "5S", "s", "soon"})
    void nothingElseIsADuration(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(notation))
                .withMessage("\"" + notation + "\" is no duration; write a whole number and ms, s, m or h, such as 5s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8761h", "31536000001ms", "9999999999h", "99999999999999999999ms"})
    void isAtMostAYear(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(notation))
                .withMessage("\"" + notation + "\" is too long; write at most 8760h");
    }
}
