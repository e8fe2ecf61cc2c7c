package dev.portshare.backend;

import dev.portshare.route.Balance;
import dev.portshare.session.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backends among which a route chooses, and the order in which each connection tries them. All event loops share it. */
final class Choices {
    /** Odd, so that all numbers are met: the golden ratio of 2 to the 64th. */
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final List<Choice> all;
    /** Whose turn it is, in a round: each as often as its weight says, and spread evenly. */
    private final int[] round;
    /** For {@link Balance#SOURCE_HASH}, a number for each. */
    private final long[] seeds;

    Choices(List<Choice> all) {
        this.all = List.copyOf(all);
        this.round = round(this.all);
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
        List<Choice> order = new ArrayList<>(all.size());
        double[] keys = new double[all.size()];
        for (int i = 0; i < all.size(); i++) {
            Choice choice = all.get(i);
            if (!choice.standing().isDrained()) {
                insert(order, keys, choice, key(balance, i, turn, client), now);
            }
        }
        // Only who comes first is sure to be tried: the others need no leave.
        if (order.size() > 1
                && !order.getFirst().verdict().admits(now)
                && order.get(1).verdict().isWorthTrying(now)) {
            order.add(order.removeFirst());
        }
        return order;
    }

    /** Puts it behind those that go before it; there are few. */
    private static void insert(List<Choice> order, double[] keys, Choice choice, double key, long now) {
        int place = order.size();
        int rank = rank(choice, now);
        while (place > 0
                && (rank < rank(order.get(place - 1), now)
                        || rank == rank(order.get(place - 1), now) && key < keys[place - 1])) {
            keys[place] = keys[place - 1];
            place--;
        }
        keys[place] = key;
        order.add(place, choice);
    }

    private static int rank(Choice choice, long now) {
        return choice.verdict().isWorthTrying(now) ? choice.tier() : Integer.MAX_VALUE;
    }

    private double key(Balance balance, int place, int turn, @Nullable Endpoint client) {
        Choice choice = all.get(place);
        return switch (balance) {
            case FIRST_ALIVE -> place;
            case ROUND_ROBIN -> turnsUntil(place, turn);
            case LEAST_CONNECTIONS ->
                (double) choice.standing().live() / choice.weight()
                        + turnsUntil(place, turn) / (round.length + 1.0) / 1000;
            case SOURCE_HASH -> distance(place, client == null ? turn * STEP : hash(client));
        };
    }

    private int turnsUntil(int place, int turn) {
        int start = Math.floorMod(turn, round.length);
        for (int i = 0; i < round.length; i++) {
            if (round[(start + i) % round.length] == place) {
                return i;
            }
        }
        return round.length;
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

    /** At each place the one that is the furthest behind its share so far, as nginx has it. */
    private static int[] round(List<Choice> all) {
        int total = all.stream().mapToInt(Choice::weight).sum();
        int[] round = new int[total];
        int[] credit = new int[all.size()];
        for (int turn = 0; turn < total; turn++) {
            int best = 0;
            for (int i = 0; i < credit.length; i++) {
                credit[i] += all.get(i).weight();
                best = credit[i] > credit[best] ? i : best;
            }
            credit[best] -= total;
            round[turn] = best;
        }
        return round;
    }
}
