package dev.portshare.backend;

import dev.portshare.route.Balance;
import dev.portshare.session.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The backends among which a route chooses, and the order in which each connection tries them. All event loops share it. */
final class Choices {
    /** Odd, so that all numbers are met: the golden ratio of 2 to the 64th. */
    private static final long STEP = 0x9e3779b97f4a7c15L;

    /** The rank of those that are down. */
    private static final int LAST = Integer.MAX_VALUE - 1;
    /** The rank of those that get nothing. */
    private static final int NEVER = Integer.MAX_VALUE;

    private final List<Choice> all;
    private volatile Round round = new Round(new BitSet(), List.of());
    /** For {@link Balance#SOURCE_HASH}, a number for each. */
    private final long[] seeds;

    Choices(List<Choice> all) {
        this.all = List.copyOf(all);
        this.seeds = this.all.stream().mapToLong(Choices::seed).toArray();
    }

    List<Choice> all() {
        return all;
    }

    /**
     * All to which new connections may go, the one to try first in front: those that can be had before those that are down, which
     * are tried when nothing else is left, since a wrong verdict shall cost no client its connection.
     *
     * @param turn   how many have asked before
     * @param client null: without an address
     * @param now    {@link System#nanoTime}
     */
    List<Choice> order(Balance balance, int turn, @Nullable Endpoint client, long now) {
        int[] ranks = ranks(now);
        Round current = round(ranks);
        List<Choice> order = new ArrayList<>(all.size());
        int[] places = new int[all.size()];
        double[] keys = new double[all.size()];
        for (int place = 0; place < ranks.length; place++) {
            if (ranks[place] == NEVER) {
                continue;
            }
            keys[place] = key(balance, place, current.until(place, turn), turn, client);
            int at = order.size();
            // There are few.
            while (at > 0 && isBefore(place, places[at - 1], ranks, keys)) {
                places[at] = places[--at];
            }
            places[at] = place;
            order.add(at, all.get(place));
        }
        // Only who comes first is sure to be tried: the others need no leave.
        if (order.size() > 1
                && !order.getFirst().verdict().admits(now)
                && order.get(1).verdict().isWorthTrying(now)) {
            order.add(order.removeFirst());
        }
        return order;
    }

    private static boolean isBefore(int place, int other, int[] ranks, double[] keys) {
        return ranks[place] < ranks[other] || ranks[place] == ranks[other] && keys[place] < keys[other];
    }

    private int[] ranks(long now) {
        int[] ranks = new int[all.size()];
        for (int place = 0; place < ranks.length; place++) {
            Choice choice = all.get(place);
            ranks[place] =
                    choice.standing().isDrained() ? NEVER : choice.verdict().isWorthTrying(now) ? choice.tier() : LAST;
        }
        return ranks;
    }

    /** Among those that come first: who is out leaves no gap that its neighbour would fill alone. */
    private Round round(int[] ranks) {
        int first = IntStream.of(ranks).min().orElse(NEVER);
        BitSet of = new BitSet();
        for (int place = 0; place < ranks.length; place++) {
            of.set(place, ranks[place] == first);
        }
        Round known = round;
        if (!known.isOf(of)) {
            known = new Round(of, all);
            round = known;
        }
        return known;
    }

    private double key(Balance balance, int place, int wait, int turn, @Nullable Endpoint client) {
        Choice choice = all.get(place);
        return switch (balance) {
            case FIRST_ALIVE -> place;
            case ROUND_ROBIN -> wait;
            // Of those with equally many, the next; a round has at most a hundred turns for each.
            case LEAST_CONNECTIONS -> (double) choice.standing().live() / choice.weight() + wait * 1e-9;
            case SOURCE_HASH -> distance(place, client == null ? turn * STEP : hash(client));
        };
    }

    /**
     * How far a client is from a backend: weighted rendezvous hashing (Thaler, Ravishankar 1998). Who goes to the nearest goes on to
     * it whatever others come and leave.
     */
    private double distance(int place, long client) {
        double chance = ((mix(client ^ seeds[place]) >>> 11) + 0.5) * 0x1p-53;
        return -Math.log(chance) / all.get(place).weight();
    }

    /** Of an IPv6 client's network: within a /64 a machine changes its address as it likes. */
    private static long hash(Endpoint client) {
        return mix(client.isIpv4() ? mix(client.high()) ^ client.low() : client.high());
    }

    /** The same on every machine and in every process, so that several of them agree. */
    private static long seed(Choice choice) {
        long hash = STEP;
        for (byte b : choice.backend().toString().getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash ^ b);
        }
        return hash;
    }

    /** Spreads what differs in any bit over all of them (Stafford's variant 13, as SplitMix64 has it). */
    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }
}
