package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.telemetry.History.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    @Test
    void whatGrowsIsKeptByStepsAndTheRestAsItIs() {
        add(100, 3);
        assertThat(history.count()).isZero();
        add(107, 5);
        add(107, 4);
        assertThat(history.values(Series.ACCEPTED, 720)).containsExactly(7, 0);
        assertThat(history.values(Series.ACTIVE, 720)).containsExactly(5, 4);
        assertThat(history.values(Series.ACTIVE, 1)).containsExactly(4);
    }

    @Test
    void anHourIsKept() {
        for (int i = 0; i <= History.LENGTH + 2; i++) {
            add(0, i);
        }
        assertThat(history.count()).isEqualTo(History.LENGTH + 2);
        assertThat(history.values(Series.ACTIVE, Integer.MAX_VALUE))
                .hasSize(720)
                .startsWith(3)
                .endsWith(722);
    }

    private void add(long accepted, long active) {
        Totals totals = new Totals();
        totals.add(accepted, active, List.of(), new Counters());
        history.add(totals);
    }
}
