package dev.portshare.route;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was found for names asked for lately. Each name has one slot, by its hash, and takes it from the name before: so it
 * never grows, and whoever sends made-up names makes others be looked up anew, and no more. It holds 2 MB at the very most.
 *
 * <p>All event loops use it at once. What it says of a name depends on the name alone, so it does not matter who wrote it.
 */
final class NameMemory {
    /** A power of two. */
    static final int SLOTS = 4096;
    /** Of a name that more regexes match than this, what was found is too long to be kept. */
    static final int MAX_FOUND = 16;

    private record Entry(String name, List<List<Integer>> found) {}

    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SLOTS);

    /** What was found for {@code name}; null: it is not known any more. */
    @Nullable
    List<List<Integer>> get(String name) {
        Entry entry = entries.get(slot(name));
        return entry != null && entry.name.equals(name) ? entry.found : null;
    }

    /** Keeps {@code found}, which is not to change. */
    void put(String name, List<List<Integer>> found) {
        if (name.length() <= DnsName.MAX_LENGTH && found.size() <= MAX_FOUND) {
            entries.setRelease(slot(name), new Entry(name, found));
        }
    }

    private static int slot(String name) {
        int hash = name.hashCode();
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}
