package dev.portshare.backend;

import dev.portshare.route.Mapping;
import dev.portshare.session.Endpoint;
import java.util.BitSet;

/** Which addresses of one {@link Mapping} can be given out: a bit for each. For one thread at a time. */
final class MappedNumbers {
    /** No address of a pool. */
    static final int NONE = 0;

    private final MappedBlock block;
    /** Those that the configuration names for certain clients. */
    private final BitSet named = new BitSet();
    /** Besides, those that are in use or remembered, and the shared one. */
    private final BitSet taken;
    /** The last address that is nobody's: it stands for those for whom no other is left. */
    final int shared;

    MappedNumbers(Mapping mapping) {
        block = MappedBlock.of(mapping.pool());
        for (Endpoint address : mapping.fixed().values()) {
            int number = block.number((int) address.low());
            if (number >= 0) {
                named.set(number);
            }
        }
        taken = (BitSet) named.clone();
        int last = Math.max(0, taken.previousClearBit(block.size() - 1));
        taken.set(last);
        shared = block.address(last);
    }

    /** The address that {@code client} prefers, or the next that is free; {@link #NONE} where none is. */
    int freeFor(Endpoint client) {
        int number = taken.nextClearBit(block.preferred(client));
        if (number >= block.size()) {
            number = taken.nextClearBit(0);
        }
        return number < block.size() ? block.address(number) : NONE;
    }

    /** Whether it is of the pool. */
    boolean has(int address) {
        return block.number(address) >= 0;
    }

    /** Whether it may be somebody's for whom the configuration names none. */
    boolean isCommon(int address) {
        int number = block.number(address);
        return number >= 0 && !named.get(number) && address != shared;
    }

    boolean isFree(int address) {
        int number = block.number(address);
        return number >= 0 && !taken.get(number);
    }

    /** It is given out; also one that is not of the pool. */
    void take(int address) {
        int number = block.number(address);
        if (number >= 0) {
            taken.set(number);
        }
    }

    /** Nobody has it any more. */
    void free(int address) {
        if (isCommon(address)) {
            taken.clear(block.number(address));
        }
    }
}
