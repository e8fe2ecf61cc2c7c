package dev.portshare.backend;

import org.jspecify.annotations.Nullable;

/** Entries without connections, in the order in which their last ones ended. For one thread at a time. */
final class MappedIdle {
    private @Nullable MappedEntry oldest;
    private @Nullable MappedEntry newest;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    MappedEntry oldest() {
        return oldest;
    }

    void add(MappedEntry entry) {
        entry.older = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        size++;
    }

    /** Removes {@code entry}, which is here. */
    void remove(MappedEntry entry) {
        MappedEntry older = entry.older;
        MappedEntry newer = entry.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        entry.older = null;
        entry.newer = null;
        size--;
    }
}
