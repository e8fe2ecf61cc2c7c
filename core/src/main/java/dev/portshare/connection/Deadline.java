package dev.portshare.connection;

import org.jspecify.annotations.Nullable;

/** Something that has to happen by a certain time: its own node in the {@link Deadlines} that it waits in. */
public abstract class Deadline {
    @Nullable
    Deadlines queue;

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    long at;

    /** The time is up; called on the event loop, after which the deadline waits nowhere. */
    protected abstract void expired();

    /** Whether it has been started, and has neither run out nor been cancelled. */
    protected final boolean isWaiting() {
        return queue != null;
    }

    /** Waits no longer. Does nothing where it does not wait. */
    public final void cancel() {
        if (queue != null) {
            queue.remove(this);
        }
    }
}
