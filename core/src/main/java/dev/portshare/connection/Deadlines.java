package dev.portshare.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop that are all equally long: they run out in the order in which they were started, so that a
 * list does, and starting, moving and cancelling one costs a few pointers and no allocation. Whoever reads a clock for each
 * connection wants that: there are tens of thousands a second, and nearly all are cancelled. One timer of the event loop
 * serves the whole list.
 */
public final class Deadlines {
    private static final Logger LOG = LogManager.getLogger(Deadlines.class);

    /** How many of another kind are passed over. */
    private static final int FEW = 100;

    private final Loop loop;
    private final long nanos;
    private @Nullable Deadline first;
    private @Nullable Deadline last;
    private boolean timer;

    /** Deadlines of {@code length} on {@code loop}; zero: they never run out. */
    public Deadlines(Loop loop, Duration length) {
        this.loop = loop;
        this.nanos = length.toNanos();
    }

    /** Starts {@code deadline} from now; one that waits already starts anew. */
    public void start(Deadline deadline) {
        deadline.cancel();
        if (nanos == 0) {
            return;
        }
        deadline.at = loop.now() + nanos;
        deadline.queue = this;
        deadline.previous = last;
        if (last == null) {
            first = deadline;
        } else {
            last.next = deadline;
        }
        last = deadline;
        if (!timer) {
            schedule(nanos);
        }
    }

    /** Whether they run out before {@code others} would. */
    public boolean areStricterThan(Deadlines others) {
        return nanos != 0 && (others.nanos == 0 || nanos < others.nanos);
    }

    /** The one that would run out next, of those that are a {@code kind}, if it is among the next few; null: none. */
    public <T extends Deadline> @Nullable T next(Class<T> kind) {
        Deadline next = first;
        for (int i = 0; next != null && i < FEW; i++) {
            if (kind.isInstance(next)) {
                return kind.cast(next);
            }
            next = next.next;
        }
        return null;
    }

    void remove(Deadline deadline) {
        Deadline before = deadline.previous;
        Deadline after = deadline.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        deadline.queue = null;
        deadline.previous = null;
        deadline.next = null;
    }

    private void schedule(long delay) {
        timer = true;
        var _ = loop.schedule(this::run, delay, TimeUnit.NANOSECONDS);
    }

    private void run() {
        timer = false;
        long now = System.nanoTime();
        while (first != null && first.at - now <= 0) {
            Deadline due = first;
            remove(due);
            try {
                due.expired();
            } catch (RuntimeException e) {
                // The others' time runs on whatever one connection does.
                LOG.error("a deadline failed: a bug in portshare", e);
            }
        }
        if (first != null && !timer) {
            schedule(first.at - now);
        }
    }
}
