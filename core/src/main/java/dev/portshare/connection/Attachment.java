package dev.portshare.connection;

import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/** What goes with a connection's way to its backend, and ends with it. */
public abstract class Attachment {
    @Nullable
    Attachment next;

    /**
     * The backend's side is about to be closed, and has its address and port still; called once, on the event loop.
     *
     * @param goesOn whether another process goes on with it
     */
    protected abstract void detached(boolean goesOn);

    /** The address that stands for the client's towards the backend; its port says nothing; null where none does. */
    protected @Nullable Endpoint standIn() {
        return null;
    }
}
