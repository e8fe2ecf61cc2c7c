package dev.portshare.backend;

import dev.portshare.session.Endpoint;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries by client, or by address, in one array: with its place in two of these, an entry takes up half of what it would with maps
 * of the library's. For one thread at a time.
 */
final class MappedIndex {
    /** So that no client can choose addresses that end up in one place. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    /** A power of two, as every length of the table. */
    private static final int SHORTEST = 16;

    private final boolean isByClient;
    private @Nullable MappedEntry[] table;
    private int size;

    private MappedIndex(boolean isByClient, int length) {
        this.isByClient = isByClient;
        this.table = new MappedEntry[length];
    }

    static MappedIndex byClient() {
        return new MappedIndex(true, SHORTEST);
    }

    /** Two entries may have one address. */
    static MappedIndex byAddress() {
        return new MappedIndex(false, SHORTEST);
    }

    /** Another of this kind, with nothing in it, and room for as much as is here. */
    MappedIndex empty() {
        return new MappedIndex(isByClient, Math.max(SHORTEST, 4 * Integer.highestOneBit(size)));
    }

    int size() {
        return size;
    }

    /** That of {@code client}; its port says nothing. */
    @Nullable
    MappedEntry of(Endpoint client) {
        for (int i = place(client); ; i = after(i)) {
            MappedEntry entry = table[i];
            if (entry == null || entry.isOf(client)) {
                return entry;
            }
        }
    }

    /** One with {@code address}. */
    @Nullable
    MappedEntry at(int address) {
        for (int i = place(address); ; i = after(i)) {
            MappedEntry entry = table[i];
            if (entry == null || entry.address == address) {
                return entry;
            }
        }
    }

    void add(MappedEntry entry) {
        if (2 * ++size > table.length) {
            @Nullable MappedEntry[] before = table;
            table = new MappedEntry[2 * before.length];
            for (@Nullable MappedEntry moved : before) {
                if (moved != null) {
                    put(moved);
                }
            }
        }
        put(entry);
    }

    private void put(MappedEntry entry) {
        int i = place(entry);
        while (table[i] != null) {
            i = after(i);
        }
        table[i] = entry;
    }

    /** Removes {@code entry}, which is here. */
    void remove(MappedEntry entry) {
        int gap = place(entry);
        while (table[gap] != entry) {
            gap = after(gap);
        }
        size--;
        table[gap] = null;
        // Whoever stands behind because of it moves up, lest a search end at the gap.
        for (int i = after(gap); table[i] != null; i = after(i)) {
            MappedEntry moved = table[i];
            table[i] = null;
            put(moved);
        }
    }

    void forEach(Consumer<MappedEntry> action) {
        for (@Nullable MappedEntry entry : table) {
            if (entry != null) {
                action.accept(entry);
            }
        }
    }

    private int place(MappedEntry entry) {
        return isByClient ? fold(entry.hash(SEED)) : place(entry.address);
    }

    private int place(Endpoint client) {
        return fold(MappedBlock.hash(client.high(), client.low(), client.scope(), SEED));
    }

    private int place(int address) {
        return fold(MappedBlock.mixed(address ^ SEED));
    }

    private int fold(long hash) {
        return (int) hash & table.length - 1;
    }

    private int after(int i) {
        return i + 1 & table.length - 1;
    }
}
