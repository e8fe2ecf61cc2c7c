package dev.portshare.connection;

import org.jspecify.annotations.Nullable;

/** What goes with a connection's way to its backend, and ends with it. */
public abstract class Attachment {
    @Nullable
    Attachment next;

    /**
     * The backend's side is closed, or given up; called once, on the event loop.
     *
     * @param goesOn whether another process goes on with it
     */
    protected abstract void detached(boolean goesOn);
}
