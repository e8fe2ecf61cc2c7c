package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.telemetry.LogOptions.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No line is lost without being counted. */
class LogWriterTest {
    private final List<String> written = new ArrayList<>();
    private boolean isFull;

    private final AtomicLong lost = new AtomicLong();
    private final LogWriter writer = new LogWriter(lost);

    @BeforeEach
    void writeToADiskThatMayBeFull() {
        Output output = new Output() {
            @Override
            public void write(ByteBuffer lines) throws IOException {
                if (isFull) {
                    throw new IOException("no space");
                }
                new String(lines.array(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.split(" ", 2)[1])
                        .forEach(written::add);
            }

            @Override
            public void follow() {}

            @Override
            public void close() {}
        };
        writer.use(new Destination(output, Format.TEXT, false));
    }

    private static LogWriter.Line line(String words) {
        return new LogWriter.Line(0, Level.INFO, fields -> fields.message(words, null));
    }

    @Test
    void linesThatCannotBeWrittenAreCountedUntilTheyCan() {
        isFull = true;
        writer.write(List.of(line("a"), line("b")), 0, 0);
        writer.write(List.of(line("c")), 4, 0);
        isFull = false;
        writer.write(List.of(line("d")), 0, 0);
        writer.write(List.of(line("e")), 0, 0);
        assertThat(written).containsExactly("WARN 7 lines lost: no space", "INFO d", "INFO e");
        assertThat(lost).as("without those that were dropped before").hasValue(3);
    }

    @Test
    void manyLinesAreLostInPieces() {
        isFull = true;
        writer.write(Collections.nCopies(10_000, line("a line of some length")), 0, 0);
        isFull = false;
        writer.write(List.of(line("d")), 0, 0);
        assertThat(written).containsExactly("WARN 10000 lines lost: no space", "INFO d");
    }

    @Test
    void aLineThatFailsCostsNoMoreThanItsTurn() {
        LogWriter.Line bug = new LogWriter.Line(0, Level.INFO, _ -> {
            throw new IllegalStateException("a bug");
        });
        writer.write(List.of(line("a"), bug, line("b")), 2, 0);
        writer.write(List.of(line("c")), 0, 0);
        assertThat(written).containsExactly("WARN 5 lines lost: java.lang.IllegalStateException: a bug", "INFO c");
    }
}
