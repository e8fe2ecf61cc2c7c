package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteSampleTest {
    @Test
    void keepsWhatItWasGivenHoweverMuchItIs() {
        ByteSample sample = new ByteSample(0);
        for (long id = 0; id < 10_000; id += 3) {
            sample.put(id, id + 1, 2 * id);
        }
        // A far one whose place another has.
        sample.put(3L << 40, 5, 6);
        for (long id = 0; id < 10_000; id++) {
            assertThat(sample.in(id)).isEqualTo(id % 3 == 0 ? id + 1 : 0);
            assertThat(sample.out(id)).isEqualTo(id % 3 == 0 ? 2 * id : 0);
        }
        assertThat(sample.in(3L << 40)).isEqualTo(5);
    }
}
