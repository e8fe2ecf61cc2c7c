package dev.portshare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

class RationTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Ration ration = new Ration(now::get);

    @Test
    void aFewLinesInEachWindow() {
        for (int window = 0; window < 3; window++) {
            for (int i = 0; i < 1000; i++) {
                assertThat(ration.grants(CloseReason.DENIED)).isEqualTo(i < Ration.LINES);
            }
            now.addAndGet(Ration.WINDOW_NANOS);
        }
    }

    @Test
    void itOwesNothingOnceItHasTold() {
        for (int i = 0; i < Ration.LINES; i++) {
            ration.grants(CloseReason.DENIED);
        }
        assertThat(ration.owes()).isFalse();
        ration.grants(CloseReason.DENIED);
        ration.settle();
        assertThat(ration.owes()).as("not before the window is over").isTrue();
        now.addAndGet(Ration.WINDOW_NANOS);
        ration.settle();
        assertThat(ration.owes()).isFalse();
    }

    @Test
    void theLogOfAFloodHasFewLinesAndThoseOfAllOthers() {
        List<Level> lines = new ArrayList<>();
        AccessLog log = new AccessLog((level, _) -> lines.add(level), LogOptions.DEFAULTS);
        for (int i = 0; i < 1000; i++) {
            log.closed(AccessLogTest.ended(CloseReason.DENIED));
        }
        assertThat(lines).hasSize(Ration.LINES).containsOnly(Level.INFO);
        log.closed(AccessLogTest.ended(CloseReason.NO_ROUTE));
        assertThat(lines).hasSize(Ration.LINES + 1);
    }
}
