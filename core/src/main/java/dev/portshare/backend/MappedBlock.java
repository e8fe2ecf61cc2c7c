package dev.portshare.backend;

import dev.portshare.route.Cidr;
import dev.portshare.session.Endpoint;

/**
 * The addresses of a pool that can be given out, numbered from 0: all but the first and the last, which look like a network's and
 * its broadcast address.
 *
 * @param first the address of number 0, in 32 bits
 * @param size  at least 2
 */
record MappedBlock(int first, int size) {
    /** A /8: of more, the first ones are used. What is free takes up 2 MiB then. */
    private static final int MOST = 1 << 24;

    /** That of {@code pool}, which is IPv4 and at least a /30. */
    static MappedBlock of(Cidr pool) {
        long all = Math.min(MOST, 1L << 128 - pool.prefixLength());
        return new MappedBlock((int) pool.low() + 1, (int) all - 2);
    }

    int address(int number) {
        return first + number;
    }

    /** The number of {@code address}; -1 where it is none of these. */
    int number(int address) {
        int number = address - first;
        return Integer.compareUnsigned(number, size) < 0 ? number : -1;
    }

    /** The number that {@code client} had best have: always the same one, also in another process and on another machine. */
    int preferred(Endpoint client) {
        return (int) ((hash(client.high(), client.low(), client.scope(), 0) >>> 32) * size >>> 32);
    }

    /** Of a client's address, and of the interface that it belongs to. */
    static long hash(long high, long low, int scope, long seed) {
        return mixed(mixed(mixed(low ^ seed) ^ high) + scope);
    }

    /** Every bit depends on every bit (the finalizer of SplitMix64). */
    static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
