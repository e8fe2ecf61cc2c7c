package dev.portshare.telemetry;

import dev.portshare.session.CloseReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Lets the connections that were {@linkplain CloseReason#isTurnedAway turned away} leave a few lines of each reason in ten seconds, and then
 * one that tells how many more there were: a flood of clients is none of lines. Of any thread; the lock is taken for nobody else.
 */
final class Ration {
    private static final Logger LOG = LogManager.getLogger(Ration.class);

    /** Enough for whoever looks why one client does not get in. */
    static final int LINES = 20;

    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier clock;
    private final Map<CloseReason, Count> counts = new EnumMap<>(CloseReason.class);
    private long begun;
    private volatile boolean owes;

    private static final class Count {
        private int lines;
        private long more;
    }

    /** By {@code clock}, as {@link System#nanoTime}. */
    Ration(LongSupplier clock) {
        this.clock = clock;
        this.begun = clock.getAsLong();
    }

    /** Whether another connection that ended for {@code reason} leaves its line. */
    synchronized boolean grants(CloseReason reason) {
        turn();
        Count count = counts.get(reason);
        if (count == null) {
            count = new Count();
            counts.put(reason, count);
        }
        if (count.lines < LINES) {
            count.lines++;
            return true;
        }
        count.more++;
        owes = true;
        return false;
    }

    /** Whether lines were withheld that nothing has told of yet: then {@link #settle} is to be called now and then. */
    boolean owes() {
        return owes;
    }

    /** Tells of the lines that were withheld, if it is time. */
    synchronized void settle() {
        turn();
    }

    private void turn() {
        long now = clock.getAsLong();
        if (now - begun < WINDOW_NANOS) {
            return;
        }
        counts.forEach((reason, count) -> {
            if (count.more > 0) {
                LOG.info(
                        "{} more connections were closed as {} within {} s; they have no lines of their own",
                        count.more,
                        reason,
                        TimeUnit.NANOSECONDS.toSeconds(now - begun));
            }
        });
        counts.clear();
        begun = now;
        owes = false;
    }
}
