package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.net.InetAddress;

/**
 * IP addresses of one family that follow each other.
 *
 * @param first its port says nothing
 * @param last  of the same family, and not before the first
 */
public record AddressRange(Endpoint first, Endpoint last) {
    /** What a range may have: more could not be told apart from a typing error, and nothing needs them. */
    private static final int MOST = 65_536;

    /** Refuses what does not follow each other, or is too much. */
    public AddressRange {
        if (first.isIpv4() != last.isIpv4()) {
            throw new IllegalArgumentException(first.hostString() + " and " + last.hostString()
                    + " are of two families; write a range of IPv4 or of IPv6 addresses");
        }
        if (Long.compareUnsigned(first.high(), last.high()) > 0
                || first.high() == last.high() && Long.compareUnsigned(first.low(), last.low()) > 0) {
            throw new IllegalArgumentException(
                    first.hostString() + " is behind " + last.hostString() + "; write the lower one first");
        }
        if (first.high() != last.high() || Long.compareUnsigned(last.low() - first.low(), MOST) >= 0) {
            throw new IllegalArgumentException(
                    first.hostString() + " to " + last.hostString() + " are too many addresses; write at most " + MOST);
        }
    }

    /**
     * Reads {@code 10.0.0.7}, {@code 10.0.0.7-10.0.0.9} or {@code 10.0.0.8/30}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            Cidr block = Cidr.parse(text);
            return new AddressRange(block.first(), block.last());
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new AddressRange(address(text), address(text))
                : new AddressRange(address(text.substring(0, dash)), address(text.substring(dash + 1)));
    }

    private static Endpoint address(String text) {
        InetAddress address = IpLiteral.parse(text.strip());
        if (address == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no IP address; write one such as 10.0.0.7, or a range"
                            + " such as 10.0.0.7-10.0.0.9 or 10.0.0.8/30");
        }
        return Endpoint.of(address, 0);
    }

    /** How many addresses, at least 1. */
    public int size() {
        return (int) (last.low() - first.low()) + 1;
    }

    /** The address {@code index} behind the first, 0 for that. */
    public Endpoint get(int index) {
        return new Endpoint(first.high(), first.low() + index, 0, first.scope());
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    public String toString() {
        return size() == 1 ? first.hostString() : first.hostString() + "-" + last.hostString();
    }
}
