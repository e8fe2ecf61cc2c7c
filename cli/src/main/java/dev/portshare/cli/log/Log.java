package dev.portshare.cli.log;

import dev.portshare.cli.log.LogWriter.Line;
import dev.portshare.telemetry.LineSink;
import dev.portshare.telemetry.LogLine;
import dev.portshare.telemetry.LogOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to where they are written, in the order in which they were added. Whoever adds one pays for a place in a
 * list, no more: rendering and writing are done by a thread of the log's own, and whatever came within {@link #PAUSE_NANOS} is
 * one system call.
 */
public final class Log implements LineSink {
    /** How many lines may wait. When as many do, further ones are dropped and counted. */
    static final int CAPACITY = 16_384;
    /** What all that wait may weigh, in bytes ({@link LogLine#weight}). */
    static final int MAX_WEIGHT = 16 << 20;
    /** Between two writes. A line that comes alone is written at once. */
    private static final long PAUSE_NANOS = 20_000_000;

    /** What there is to do: to go to another destination, to look after the present one, to write lines. */
    private record Turn(@Nullable Destination next, boolean follow, List<Line> lines, int dropped) {}

    private final InstantSource clock;
    private final Thread thread = Thread.ofPlatform().daemon().name("log").unstarted(this::run);
    private final AtomicLong lost = new AtomicLong();
    private List<Line> lines = new ArrayList<>();
    private int weight;
    private int dropped;
    private @Nullable Destination next;
    private boolean follow;
    private long droppedBefore;
    private boolean idle;
    private boolean ended;

    /** A log whose lines wait until it is told where to write them; each has the time that {@code clock} shows when it is added. */
    public Log(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Opens the place that {@code options} name, for {@link #use}; nothing is written there yet.
     *
     * @throws IOException where that cannot be; its message is all that there is to say to the user
     */
    public Destination open(LogOptions options) throws IOException {
        return Destination.open(options, complaint -> add(Level.WARN, fields -> fields.message(complaint, null)));
    }

    /** From now on writes to {@code destination}, which is the log's from here on; the one before is closed. */
    public synchronized void use(Destination destination) {
        if (next != null) {
            next.close();
        }
        next = destination;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        notifyAll();
    }

    /** Somebody may have moved the file that it writes to: if so, lets go of it now, rather than with the next line. */
    public synchronized void follow() {
        follow = true;
        notifyAll();
    }

    @Override
    public void add(Level level, LogLine line) {
        add(new Line(clock.millis(), level, line), line.weight());
    }

    private synchronized void add(Line line, int its) {
        if (lines.size() == CAPACITY || weight + its > MAX_WEIGHT) {
            dropped++;
            return;
        }
        lines.add(line);
        weight += its;
        // Waking a thread is a system call: it is done for the first line after a silence, not for each.
        if (idle) {
            idle = false;
            notifyAll();
        }
    }

    /** How many lines were dropped since the start, or lost since they could not be written. */
    public synchronized long dropped() {
        return droppedBefore + dropped + lost.get();
    }

    /** Writes what is left. Whoever should read the log, and has stopped reading, is waited for {@code patience} at most. */
    public void end(Duration patience) {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        LockSupport.unpark(thread);
        try {
            var _ = thread.getState() == Thread.State.NEW || thread.join(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        LogWriter writer = new LogWriter(lost);
        try {
            List<Line> empty = new ArrayList<>();
            for (Turn turn = take(empty); turn != null; turn = take(empty)) {
                if (turn.next != null) {
                    writer.use(turn.next);
                }
                if (turn.follow) {
                    writer.follow();
                }
                writer.write(turn.lines, turn.dropped, clock.millis());
                turn.lines.clear();
                empty = turn.lines;
                pause();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do, and takes the lines in exchange for {@code empty}. At the end there is none: null. */
    private synchronized @Nullable Turn take(List<Line> empty) throws InterruptedException {
        while (lines.isEmpty() && next == null && !follow && !ended) {
            idle = true;
            wait();
        }
        if (lines.isEmpty() && next == null && ended) {
            return null;
        }
        Turn turn = new Turn(next, follow, lines, dropped);
        next = null;
        follow = false;
        lines = empty;
        weight = 0;
        droppedBefore += dropped;
        dropped = 0;
        return turn;
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
}
