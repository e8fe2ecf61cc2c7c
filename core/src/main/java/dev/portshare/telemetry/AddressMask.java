package dev.portshare.telemetry;

import dev.portshare.session.Endpoint;

/**
 * How much of a client's address is shown: the whole, with its port, or the network that it is in, without.
 *
 * @param ipv4 bits of an IPv4 address, 0 to 32
 * @param ipv6 bits of an IPv6 address, 0 to 128
 */
public record AddressMask(int ipv4, int ipv6) {
    /** Every bit, and the port. */
    public static final AddressMask WHOLE = new AddressMask(32, 128);

    /**
     * Reads {@code 24/48}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static AddressMask parse(String text) {
        int slash = text.indexOf('/');
        int ipv4 = slash < 0 ? -1 : bits(text.substring(0, slash), 32);
        int ipv6 = slash < 0 ? -1 : bits(text.substring(slash + 1), 128);
        if (ipv4 < 0 || ipv6 < 0) {
            throw new IllegalArgumentException("\"" + text
                    + "\" does not say how many bits to keep; write those of IPv4, at most 32, and those of IPv6, at"
                    + " most 128, such as 24/48");
        }
        return new AddressMask(ipv4, ipv6);
    }

    private static int bits(String text, int max) {
        int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        return bits <= max ? bits : -1;
    }

    /** {@code 192.0.2.7:51234}, or {@code 192.0.2.0/24}: the port would single out a client behind a shared address. */
    public String show(Endpoint client) {
        if (isWhole()) {
            return client.toString();
        }
        if (client.isIpv4()) {
            // The last 32 of an IPv4-mapped address' 128 bits.
            return masked(client, 96 + ipv4).hostString() + "/" + ipv4;
        }
        return masked(client, ipv6).hostString() + "/" + ipv6;
    }

    boolean isWhole() {
        return ipv4 == WHOLE.ipv4 && ipv6 == WHOLE.ipv6;
    }

    private static Endpoint masked(Endpoint client, int bits) {
        long high = bits >= 64 ? client.high() : client.high() & ones(bits);
        long low = bits <= 64 ? 0 : client.low() & ones(bits - 64);
        return new Endpoint(high, low, 0, 0);
    }

    /** A long that begins with {@code count} ones, 0 to 64. */
    private static long ones(int count) {
        return count == 0 ? 0 : -1L << 64 - count;
    }
}
