package dev.portshare.replay;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The tags of packets in slots, one after the other; behind the last slot follows the first. Layout, all big-endian: at 0 eight
 * bytes of magic, at 8 the version, at 12 the number of slots, at 16 the next slot, from 64 on the slots of 16 bytes each; a
 * slot of zeros is free. No slot lies in two pages of memory.
 */
final class Ring {
    /** "portshRP". */
    static final long MAGIC = 0x706f727473685250L;

    static final int VERSION = 1;
    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int SLOTS_AT = 12;
    static final int NEXT_AT = 16;
    static final int HEADER = 64;
    static final int SLOT = 16;
    /** What one in memory begins with. */
    private static final int FEW = 64;

    private final int slots;
    /** The whole ring; or, of one in memory, as much of it as has been used. */
    private ByteBuffer bytes;

    private int next;

    private Ring(ByteBuffer bytes, int slots) {
        this.bytes = bytes;
        this.slots = slots;
        next = bytes.getInt(NEXT_AT);
    }

    static Ring inMemory(int slots) {
        return new Ring(ByteBuffer.allocate(size(Math.min(FEW, slots))), slots);
    }

    /** The ring that {@code bytes} already hold. */
    static Ring over(ByteBuffer bytes, int slots) {
        return new Ring(bytes, slots);
    }

    /** The header of an empty ring. */
    static ByteBuffer header(int slots) {
        return ByteBuffer.allocate(HEADER)
                .putLong(MAGIC_AT, MAGIC)
                .putInt(VERSION_AT, VERSION)
                .putInt(SLOTS_AT, slots);
    }

    /** In bytes, with its header. */
    static int size(int slots) {
        return at(slots);
    }

    static int at(int slot) {
        return HEADER + slot * SLOT;
    }

    int slots() {
        return slots;
    }

    /** The slot that {@link #append} will write. */
    int next() {
        return next;
    }

    boolean isTaken(int slot) {
        return at(slot) < bytes.capacity() && (high(slot) | low(slot)) != 0;
    }

    long high(int slot) {
        return bytes.getLong(at(slot));
    }

    long low(int slot) {
        return bytes.getLong(at(slot) + Long.BYTES);
    }

    /** Writes the next slot. Where the process dies in the midst, that slot is free, holds its tag or half of one: no other suffers. */
    void append(long high, long low) {
        if (at(next) == bytes.capacity()) {
            grow();
        }
        bytes.putLong(at(next), high).putLong(at(next) + Long.BYTES, low);
        next = next + 1 == slots ? 0 : next + 1;
        bytes.putInt(NEXT_AT, next);
    }

    void clear(int slot) {
        bytes.putLong(at(slot), 0).putLong(at(slot) + Long.BYTES, 0);
    }

    private void grow() {
        int size = Math.min(size(slots), HEADER + 2 * (bytes.capacity() - HEADER));
        bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), size));
    }
}
