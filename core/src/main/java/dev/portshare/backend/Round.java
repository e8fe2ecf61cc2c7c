package dev.portshare.backend;

import java.util.BitSet;
import java.util.List;

/** Whose turn it is among backends: each as often as its weight says, and spread evenly. */
final class Round {
    private final BitSet of;
    /** The place of the one whose turn it is, turn for turn. */
    private final int[] turns;

    /**
     * A round of some of {@code all}.
     *
     * @param of the places of those that have a turn
     */
    Round(BitSet of, List<Choice> all) {
        this.of = of;
        this.turns = new int[of.stream().map(place -> all.get(place).weight()).sum()];
        // At each turn the one that is the furthest behind its share so far, as nginx has it.
        int[] credit = new int[all.size()];
        for (int turn = 0; turn < turns.length; turn++) {
            int best = -1;
            for (int place = of.nextSetBit(0); place >= 0; place = of.nextSetBit(place + 1)) {
                credit[place] += all.get(place).weight();
                best = best < 0 || credit[place] > credit[best] ? place : best;
            }
            credit[best] -= turns.length;
            turns[turn] = best;
        }
    }

    /** Whether it is of these places. */
    boolean isOf(BitSet places) {
        return of.equals(places);
    }

    /** How many turns others have before the one at {@code place}, from {@code turn} on; all, where it has none. */
    int until(int place, int turn) {
        for (int i = 0; i < turns.length; i++) {
            if (turns[Math.floorMod(turn + i, turns.length)] == place) {
                return i;
            }
        }
        return turns.length;
    }
}
