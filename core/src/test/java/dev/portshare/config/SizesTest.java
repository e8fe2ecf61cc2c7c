package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"0KiB, 0", "64KiB, 65536", "100MiB, 104857600", "2GiB, 2147483648", "999999999GiB, 1073741822926258176"
    })
    void isANumberAndAUnit(String notation, long bytes) {
        assertThat(Sizes.parse(notation)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64k", "64KB", "64 KiB", "1.5MiB", "-1MiB", "9999999999GiB", "MiB"})
    void nothingElseIsASize(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sizes.parse(notation))
                .withMessage(
                        "\"" + notation + "\" is no size; write a whole number and KiB, MiB or GiB, such as 100MiB");
    }
}
