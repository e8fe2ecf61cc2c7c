package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.Test;

class LogTest {
    /** Far more than anything takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T06:59:00.007Z"));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void everyLineIsWrittenInItsOrderWithTimeAndLevel() {
        Log log = Log.to(written, CLOCK);
        IntStream.range(0, 10_000).forEach(i -> log.add(Level.INFO, line -> line.append(i)));
        log.add(Level.WARN, line -> line.append("h\u00e9"));
        log.end(PATIENCE);
        assertThat(lines()).hasSize(10_001).endsWith("9999", "h\u00e9");
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .first()
                .asString()
                .matches("2026-11-2\\dT\\d\\d:\\d\\d:00\\.007(Z|[+-]\\d\\d:\\d\\d) INFO 0");
    }

    @Test
    void whatALogThatIsNotReadCannotHoldIsCounted() throws InterruptedException {
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        Log log = Log.to(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        written.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        writing.countDown();
                        try {
                            reads.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        written.write(bytes, offset, length);
                    }
                },
                CLOCK);
        log.add(Level.INFO, line -> line.append("first"));
        writing.await();
        for (int i = 0; i < Log.CAPACITY + 3; i++) {
            log.add(Level.INFO, line -> line.append("later"));
        }
        reads.countDown();
        log.end(PATIENCE);
        assertThat(lines())
                .hasSize(Log.CAPACITY + 2)
                .startsWith("first", "later")
                .endsWith("3 lines dropped: whoever reads this log is too slow");
    }

    @Test
    void anOutputThatFailsHoldsUpNothing() {
        Log log = Log.to(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("no space left on device");
                    }
                },
                CLOCK);
        log.add(Level.INFO, line -> line.append("lost"));
        log.end(PATIENCE);
    }

    @Test
    void whatLog4jIsToldGoesThereToo() {
        Log log = Log.to(written, CLOCK);
        LogProvider.leadTo(log);
        LogManager.getLogger("a").warn("{} and {}", 1, 2);
        LogManager.getLogger("b").error("broken", new IllegalStateException("why"));
        LogManager.getLogger("c").debug("what a peer did");
        log.end(PATIENCE);
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .anySatisfy(line -> assertThat(line).endsWith(" WARN 1 and 2"))
                .anySatisfy(line -> assertThat(line).endsWith(" ERROR broken"))
                .contains("java.lang.IllegalStateException: why")
                .anySatisfy(line -> assertThat(line).startsWith("\tat "))
                .noneSatisfy(line -> assertThat(line).contains("peer"));
    }

    /** What was written, without times and levels. */
    private java.util.List<String> lines() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 3)[2])
                .toList();
    }
}
