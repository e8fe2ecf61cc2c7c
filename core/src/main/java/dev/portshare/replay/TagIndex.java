package dev.portshare.replay;

/**
 * Finds the slot of a tag in a {@link Ring}: a hash table with open addressing and linear probing, at most half full, that grows
 * by doubling. A tag's own bits are its hash: they are random, and nobody without the key can choose them.
 */
final class TagIndex {
    private static final int FEW = 128;

    private final Ring ring;
    /** Slots, plus one; 0 is a free place. Its length is a power of two. */
    private int[] places = new int[FEW];

    private int size;

    TagIndex(Ring ring) {
        this.ring = ring;
    }

    /** The slot that holds the tag; -1: none. */
    int find(long high, long low) {
        int mask = places.length - 1;
        for (int place = (int) high & mask; places[place] != 0; place = place + 1 & mask) {
            int slot = places[place] - 1;
            if (ring.high(slot) == high && ring.low(slot) == low) {
                return slot;
            }
        }
        return -1;
    }

    /** Adds the tag that {@code slot} holds, and no other slot in here. */
    void put(int slot) {
        if (2 * (size + 1) > places.length) {
            grow();
        }
        place(slot);
        size++;
    }

    private void place(int slot) {
        int mask = places.length - 1;
        int place = home(slot, mask);
        while (places[place] != 0) {
            place = place + 1 & mask;
        }
        places[place] = slot + 1;
    }

    /** Takes {@code slot}, which still holds its tag, out; where it is not in here nothing happens. */
    void remove(int slot) {
        int mask = places.length - 1;
        int place = home(slot, mask);
        while (places[place] != slot + 1) {
            if (places[place] == 0) {
                return;
            }
            place = place + 1 & mask;
        }
        close(place, mask);
        size--;
    }

    /** Frees a place, and moves those behind it back that would not be found any more: no place is ever marked as deleted. */
    private void close(int place, int mask) {
        int gap = place;
        for (int at = gap + 1 & mask; places[at] != 0; at = at + 1 & mask) {
            int distance = at - home(places[at] - 1, mask) & mask;
            if (distance >= (at - gap & mask)) {
                places[gap] = places[at];
                gap = at;
            }
        }
        places[gap] = 0;
    }

    private int home(int slot, int mask) {
        return (int) ring.high(slot) & mask;
    }

    private void grow() {
        int[] old = places;
        places = new int[2 * old.length];
        for (int taken : old) {
            if (taken != 0) {
                place(taken - 1);
            }
        }
    }
}
