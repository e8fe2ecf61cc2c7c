package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.telemetry.LogFields;
import dev.portshare.telemetry.LogLine;
import dev.portshare.telemetry.LogOptions.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.Test;

class LogTest {
    /** Far more than anything takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T06:59:00.007Z"));

    private final Memory written = new Memory();
    private final Log log = new Log(CLOCK);

    /** An output that keeps what it gets. */
    private static class Memory implements Output {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        volatile boolean isClosed;
        volatile int followed;

        @Override
        public void write(ByteBuffer lines) throws IOException {
            bytes.write(lines.array(), 0, lines.limit());
        }

        @Override
        public void follow() {
            followed++;
        }

        @Override
        public void close() {
            isClosed = true;
        }

        List<String> lines() {
            return bytes.toString(StandardCharsets.UTF_8).lines().toList();
        }

        /** Without times and levels. */
        List<String> words() {
            return lines().stream().map(line -> line.split(" ", 3)[2]).toList();
        }
    }

    /** An output whose reader begins to read when it is told to. */
    private static final class Unread extends Memory {
        final CountDownLatch reads = new CountDownLatch(1);
        final CountDownLatch writing = new CountDownLatch(1);

        @Override
        public void write(ByteBuffer lines) throws IOException {
            writing.countDown();
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            super.write(lines);
        }
    }

    private static Destination to(Output output) {
        return new Destination(output, Format.TEXT, false);
    }

    private void add(Level level, String words) {
        log.add(level, fields -> fields.message(words, null));
    }

    @Test
    void everyLineIsWrittenInItsOrderWithTimeAndLevel() {
        log.use(to(written));
        IntStream.range(0, 10_000).forEach(i -> add(Level.INFO, "line " + i));
        add(Level.WARN, "h\u00e9");
        log.end(PATIENCE);
        assertThat(written.words()).hasSize(10_001).endsWith("line 9999", "h\u00e9");
        assertThat(written.lines().getFirst())
                .matches("2026-11-2\\dT\\d\\d:\\d\\d:00\\.007(Z|[+-]\\d\\d:\\d\\d) INFO line 0");
    }

    @Test
    void linesWaitUntilItIsToldWhereToWrite() {
        add(Level.INFO, "early");
        log.use(to(written));
        log.end(PATIENCE);
        assertThat(written.words()).containsExactly("early");
    }

    @Test
    void aLogThatWasNeverToldEndsAtOnce() {
        add(Level.INFO, "early");
        log.end(PATIENCE);
        assertThat(written.lines()).isEmpty();
    }

    @Test
    void anotherDestinationTakesTheLinesThatComeThen() throws InterruptedException {
        Unread first = new Unread();
        log.use(to(first));
        add(Level.INFO, "before");
        first.writing.await();
        Memory unused = new Memory();
        log.use(to(unused));
        log.use(new Destination(written, Format.JSON, false));
        add(Level.WARN, "behind");
        log.follow();
        first.reads.countDown();
        log.end(PATIENCE);
        assertThat(first.words()).containsExactly("before");
        assertThat(first.isClosed).isTrue();
        assertThat(unused.isClosed).isTrue();
        assertThat(unused.lines()).isEmpty();
        assertThat(written.lines()).singleElement().asString().endsWith("\"level\":\"WARN\",\"message\":\"behind\"}");
        assertThat(written.followed).isEqualTo(1);
    }

    @Test
    void whatALogThatIsNotReadCannotHoldIsCounted() throws InterruptedException {
        Unread unread = new Unread();
        log.use(to(unread));
        add(Level.INFO, "first line");
        unread.writing.await();
        for (int i = 0; i < Log.CAPACITY + 3; i++) {
            add(Level.INFO, "later");
        }
        unread.reads.countDown();
        log.end(PATIENCE);
        assertThat(unread.words())
                .hasSize(Log.CAPACITY + 2)
                .startsWith("first line", "later")
                .endsWith("3 lines dropped: whoever reads this log is too slow");
    }

    @Test
    void heavyLinesAreDroppedBeforeTheyFillTheHeap() throws InterruptedException {
        Unread unread = new Unread();
        log.use(to(unread));
        add(Level.INFO, "first line");
        unread.writing.await();
        for (int i = 0; i < 20; i++) {
            log.add(Level.INFO, heavy());
        }
        add(Level.INFO, "light");
        unread.reads.countDown();
        log.end(PATIENCE);
        assertThat(unread.words())
                .hasSize(1 + 16 + 1 + 1)
                .endsWith("light", "4 lines dropped: whoever reads this log is too slow");
    }

    private static LogLine heavy() {
        return new LogLine() {
            @Override
            public void writeTo(LogFields fields) {
                fields.message("heavy", null);
            }

            @Override
            public int weight() {
                return Log.MAX_WEIGHT / 16;
            }
        };
    }

    @Test
    void whatLog4jIsToldGoesThereToo() {
        log.use(to(written));
        LogProvider.leadTo(log);
        LogManager.getLogger("a").warn("{} and {}", 1, 2);
        LogManager.getLogger("b").error("broken", new IllegalStateException("why"));
        LogManager.getLogger("c").debug("what a peer did");
        log.end(PATIENCE);
        assertThat(written.lines())
                .anySatisfy(line -> assertThat(line).endsWith(" WARN 1 and 2"))
                .anySatisfy(line -> assertThat(line).endsWith(" ERROR broken"))
                .contains("java.lang.IllegalStateException: why")
                .anySatisfy(line -> assertThat(line).startsWith("\tat "))
                .noneSatisfy(line -> assertThat(line).contains("peer"));
    }
}
