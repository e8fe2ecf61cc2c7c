package dev.portshare.backend;

import dev.portshare.connection.Attachment;
import dev.portshare.session.Endpoint;

/** One connection's part in an address that stands for its client. */
final class MappedLease extends Attachment {
    private final MappedPool pool;
    private final MappedEntry entry;

    MappedLease(MappedPool pool, MappedEntry entry) {
        this.pool = pool;
        this.entry = entry;
    }

    @Override
    public Endpoint standIn() {
        return Endpoint.ipv4(entry.address, 0);
    }

    @Override
    protected void detached(boolean goesOn) {
        pool.release(entry, System.nanoTime());
    }
}
