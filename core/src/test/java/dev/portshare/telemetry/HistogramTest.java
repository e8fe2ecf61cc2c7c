package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram(0.001, 1);

    @Test
    void aBoundIsInItsBucket() {
        histogram.count(1_000_000);
        histogram.count(1_000_001);
        histogram.count(1_000_000_001);
        assertThat(new long[] {histogram.upTo(0), histogram.upTo(1), histogram.upTo(2)})
                .containsExactly(1, 2, 3);
        assertThat(histogram.count()).isEqualTo(3);
        assertThat(histogram.seconds()).isEqualTo(1.002000002);
    }

    @Test
    void aSumHasWhatItsPartsHave() {
        histogram.count(5);
        Histogram sum = histogram.another();
        assertThat(sum.count()).isZero();
        sum.add(histogram);
        sum.add(histogram);
        assertThat(sum.upTo(0)).isEqualTo(2);
        assertThat(sum.seconds()).isEqualTo(1e-8);
    }
}
