package dev.portshare.cli.log;

import dev.portshare.telemetry.LogLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;

/** Turns lines into text and writes it, many lines at once; counts those that cannot be written, and says so later. */
final class LogWriter {
    /** In chars; the buffer of a pipe holds 64 KiB. */
    private static final int CHUNK = 32 * 1024;

    /**
     * A line that waits.
     *
     * @param millis when it was added
     */
    record Line(long millis, Level level, LogLine line) {}

    private final StringBuilder text = new StringBuilder();
    private Output output = new StandardOutput();
    private Layout layout = new TextLayout(text, false);
    /** How many lines are in {@link #text}, or are told of there as dropped. */
    private long inText;
    /** How many of them were dropped, which {@link Log} has counted already. */
    private long droppedInText;

    private long lost;
    private final AtomicLong lostInAll;
    private String reason = "";

    /** @param lostInAll counts lines that could not be written, those left out that were dropped before; any thread may ask it */
    LogWriter(AtomicLong lostInAll) {
        this.lostInAll = lostInAll;
    }

    /** From now on writes to {@code next}. */
    void use(Destination next) {
        output.close();
        output = next.output();
        layout = next.layout(text);
    }

    void follow() {
        output.follow();
    }

    /**
     * Writes {@code batch}.
     *
     * @param dropped how many lines there was no room for behind them
     */
    void write(List<Line> batch, int dropped, long now) {
        int taken = 0;
        try {
            for (Line line : batch) {
                taken++;
                add(line, 1);
                if (text.length() > CHUNK) {
                    flush();
                }
            }
            if (dropped > 0) {
                add(warning(now, dropped + " lines dropped: whoever reads this log is too slow"), dropped);
                droppedInText = dropped;
            }
            flush();
        } catch (RuntimeException | OutOfMemoryError e) {
            // A bug of ours, or a heap that is full: later lines may fare better.
            lose(e.toString(), batch.size() - taken, dropped);
        }
    }

    private static Line warning(long millis, String words) {
        return new Line(millis, Level.WARN, fields -> fields.message(words, null));
    }

    /** @param count how many lines it stands for */
    private void add(Line line, int count) {
        if (lost > 0 && text.isEmpty()) {
            append(warning(line.millis, lost + " lines lost: " + reason));
        }
        inText += count;
        append(line);
    }

    private void append(Line line) {
        layout.begin(line.millis, line.level);
        line.line.writeTo(layout);
        layout.end();
    }

    private void flush() {
        if (text.isEmpty()) {
            return;
        }
        try {
            output.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            lost = 0;
            inText = 0;
            droppedInText = 0;
            text.setLength(0);
        } catch (IOException e) {
            // Nobody reads it any more, or the disk is full. Later lines may fare better.
            lose(String.valueOf(e.getMessage()), 0, 0);
        }
    }

    private void lose(String why, int more, int dropped) {
        lost += inText + more + dropped;
        lostInAll.addAndGet(inText - droppedInText + more);
        inText = 0;
        droppedInText = 0;
        text.setLength(0);
        reason = why;
    }
}
