package dev.portshare.cli.log;

import dev.portshare.telemetry.LineSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.logging.log4j.Level;

/**
 * Lines on their way to an output, in the order in which they were added. Whoever adds one pays for a place in a list, no
 * more: rendering and writing are done by a thread of the log's own, and whatever came within {@link #PAUSE_NANOS} is one
 * system call.
 */
public final class Log implements LineSink {
    /** How many lines may wait. When as many do, further ones are dropped and counted. */
    static final int CAPACITY = 16_384;
    /** Between two writes. A line that comes alone is written at once. */
    private static final long PAUSE_NANOS = 20_000_000;
    /** In chars; the buffer of a pipe holds 64 KiB. */
    private static final int CHUNK = 32 * 1024;

    private record Line(long millis, Level level, Consumer<StringBuilder> text) {}

    private final OutputStream output;
    private final InstantSource clock;
    private final Timestamp timestamp = new Timestamp();
    private final StringBuilder text = new StringBuilder();
    private final Thread writer;
    private List<Line> lines = new ArrayList<>();
    private int dropped;
    private boolean idle;
    private boolean ended;

    private Log(OutputStream output, InstantSource clock) {
        this.output = output;
        this.clock = clock;
        this.writer = Thread.ofPlatform().daemon().name("log").unstarted(this::run);
    }

    /** Writes to {@code output}, each line with the time that {@code clock} shows when it is added, until {@link #end}. */
    public static Log to(OutputStream output, InstantSource clock) {
        Log log = new Log(output, clock);
        log.writer.start();
        return log;
    }

    @Override
    public void add(Level level, Consumer<StringBuilder> text) {
        add(new Line(clock.millis(), level, text));
    }

    private synchronized void add(Line line) {
        if (lines.size() == CAPACITY) {
            dropped++;
            return;
        }
        lines.add(line);
        // Waking a thread is a system call: it is done for the first line after a silence, not for each.
        if (idle) {
            idle = false;
            notifyAll();
        }
    }

    /** Writes what is left. Whoever should read the log, and has stopped reading, is waited for {@code patience} at most. */
    public void end(Duration patience) {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        LockSupport.unpark(writer);
        try {
            var _ = writer.join(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            List<Line> batch = take(new ArrayList<>());
            while (!batch.isEmpty()) {
                write(batch);
                batch.clear();
                pause();
                batch = take(batch);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for lines, and takes them in exchange for {@code empty}. At the end there are none. */
    private synchronized List<Line> take(List<Line> empty) throws InterruptedException {
        while (lines.isEmpty() && !ended) {
            idle = true;
            wait();
        }
        List<Line> taken = lines;
        lines = empty;
        if (dropped > 0) {
            String loss = dropped + " lines dropped: whoever reads this log is too slow";
            taken.add(new Line(clock.millis(), Level.WARN, line -> line.append(loss)));
            dropped = 0;
        }
        return taken;
    }

    private void pause() {
        boolean goesOn;
        synchronized (this) {
            goesOn = !ended;
        }
        if (goesOn) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    private void write(List<Line> batch) {
        for (Line line : batch) {
            timestamp.append(line.millis, text);
            text.append(' ').append(line.level.name()).append(' ');
            line.text.accept(text);
            text.append('\n');
            if (text.length() > CHUNK) {
                flush();
            }
        }
        flush();
    }

    private void flush() {
        try {
            output.write(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // Nobody reads it any more, or the disk is full. Later lines may fare better.
        }
        text.setLength(0);
    }
}
