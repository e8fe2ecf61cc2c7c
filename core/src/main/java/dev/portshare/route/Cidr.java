package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A block of addresses, in the 128 bits of {@link Endpoint}: an IPv4 block is kept under {@code ::ffff:0:0/96}.
 *
 * @param high         the upper 64 bits of its first address
 * @param low          the lower 64 bits of its first address
 * @param prefixLength 0 to 128; 96 more than its notation says where it is an IPv4 block
 */
public record Cidr(long high, long low, int prefixLength) {
    /** The part of an IPv4 block's prefix that every IPv4 address shares. */
    static final int IPV4_PREFIX = 96;

    /** What the lower 64 bits of every IPv4 address have in common. */
    static final long MAPPED = 0xffffL << 32;

    private static final int MAX_LENGTH = 128;
    private static final Pattern NOTATION = Pattern.compile("(?<address>[^/%]+)(/(?<length>[0-9]{1,3}))?");

    /** Refuses a prefix length outside 0 to 128, and bits behind the prefix. */
    public Cidr {
        if (prefixLength < 0 || prefixLength > MAX_LENGTH) {
            throw new IllegalArgumentException("a prefix of " + prefixLength + " bits");
        }
        if ((high & highMask(prefixLength)) != high || (low & lowMask(prefixLength)) != low) {
            throw new IllegalArgumentException("bits behind the prefix of " + prefixLength + " bits");
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static Cidr parse(String text) {
        var notation = NOTATION.matcher(text);
        InetAddress address = notation.matches() ? IpLiteral.parse(notation.group("address")) : null;
        if (address == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32");
        }
        int added = text.indexOf(':') < 0 ? IPV4_PREFIX : 0;
        String length = notation.group("length");
        int prefixLength = length == null ? MAX_LENGTH : added + Integer.parseInt(length);
        if (prefixLength > MAX_LENGTH) {
            throw new IllegalArgumentException("no prefix length " + length + " in \"" + text + "\"; "
                    + (added == 0 ? "IPv6 has 0 to 128" : "IPv4 has 0 to 32"));
        }
        Endpoint endpoint = Endpoint.of(address, 0);
        Cidr network = around(endpoint, prefixLength);
        if (network.high != endpoint.high() || network.low != endpoint.low()) {
            throw new IllegalArgumentException("host bits in \"" + text + "\"; write " + network);
        }
        return network;
    }

    /** The block of {@code prefixLength} bits (0 to 128) that contains the address of {@code endpoint}. */
    static Cidr around(Endpoint endpoint, int prefixLength) {
        return new Cidr(endpoint.high() & highMask(prefixLength), endpoint.low() & lowMask(prefixLength), prefixLength);
    }

    /** Whether {@code client} is in this block. An IPv4 client is in no IPv6 block, not even in {@code ::/0}. */
    public boolean contains(Endpoint client) {
        return comparable(client, prefixLength) && around(client, prefixLength).equals(this);
    }

    /** Whether blocks of this prefix length are of the client's family, where the length tells. */
    static boolean comparable(Endpoint client, int prefixLength) {
        return prefixLength >= IPV4_PREFIX || !client.isIpv4();
    }

    /** The first address of the block; its port says nothing. */
    public Endpoint first() {
        return new Endpoint(high, low, 0, 0);
    }

    /** The last address of the block; its port says nothing. */
    Endpoint last() {
        return new Endpoint(high | ~highMask(prefixLength), low | ~lowMask(prefixLength), 0, 0);
    }

    /** Whether it has IPv4 addresses, and no others. */
    boolean isIpv4() {
        return prefixLength >= IPV4_PREFIX && first().isIpv4();
    }

    /** Whether an address can be in both, so that one of the two lies in the other. */
    boolean overlaps(Cidr other) {
        Cidr narrow = prefixLength > other.prefixLength ? this : other;
        Cidr wide = narrow == this ? other : this;
        return comparable(narrow.first(), wide.prefixLength)
                && around(narrow.first(), wide.prefixLength).equals(wide);
    }

    static long highMask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1L << Math.max(0, Long.SIZE - prefixLength);
    }

    static long lowMask(int prefixLength) {
        return prefixLength <= Long.SIZE ? 0 : -1L << (MAX_LENGTH - prefixLength);
    }

    /** The notation, with its prefix length; {@link #parse} reads it. */
    @Override
    public String toString() {
        Endpoint first = first();
        return first.hostString() + "/" + (isIpv4() ? prefixLength - IPV4_PREFIX : prefixLength);
    }
}
