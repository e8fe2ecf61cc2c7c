package dev.portshare.session;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IP address and a TCP port in 128 bits and an int: an IPv4 address is kept as its IPv4-mapped IPv6 address
 * (RFC 4291, 2.5.5.2), so that one comparison serves both families, and shown as plain IPv4.
 *
 * @param high  the upper 64 bits of the address
 * @param low   the lower 64 bits of the address
 * @param port  0 to 65535
 * @param scope the interface of a link-local address (RFC 4007), otherwise 0
 */
public record Endpoint(long high, long low, int port, int scope) {
    private static final long MAPPED = 0xffffL << 32;

    /** The endpoint of an IPv4 address given as the 32 bits of {@code address}. */
    public static Endpoint ipv4(int address, int port) {
        return new Endpoint(0, MAPPED | Integer.toUnsignedLong(address), port, 0);
    }

    /** The endpoint of a resolved socket address. */
    public static Endpoint of(InetSocketAddress socketAddress) {
        return of(socketAddress.getAddress(), socketAddress.getPort());
    }

    /** The endpoint of {@code address} and {@code port}. */
    public static Endpoint of(InetAddress address, int port) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (bytes.remaining() == Integer.BYTES) {
            return ipv4(bytes.getInt(), port);
        }
        int scope = address instanceof Inet6Address v6 ? v6.getScopeId() : 0;
        return new Endpoint(bytes.getLong(), bytes.getLong(), port, scope);
    }

    /** The same address with another port. */
    public Endpoint withPort(int port) {
        return new Endpoint(high, low, port, scope);
    }

    /** Whether the address is an IPv4 address, on an IPv4 socket or on a dual-stack one. */
    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffffL;
    }

    /** The address without the port. */
    public InetAddress address() {
        try {
            if (isIpv4()) {
                return InetAddress.getByAddress(
                        ByteBuffer.allocate(4).putInt((int) low).array());
            }
            byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 bytes", e);
        }
    }

    /** {@code 192.0.2.1:443} or {@code [2001:db8::1]:443}, the latter shortened as RFC 5952 asks. */
    @Override
    public String toString() {
        return isIpv4() ? hostString() + ":" + port : "[" + hostString() + "]:" + port;
    }

    /** The address alone: {@code 192.0.2.1} or {@code 2001:db8::1}. */
    public String hostString() {
        StringBuilder text = new StringBuilder(45);
        if (isIpv4()) {
            int v4 = (int) low;
            text.append(v4 >>> 24).append('.').append(v4 >>> 16 & 255).append('.');
            return text.append(v4 >>> 8 & 255).append('.').append(v4 & 255).toString();
        }
        appendGroups(text);
        if (scope != 0) {
            text.append('%').append(scope);
        }
        return text.toString();
    }

    private int group(int index) {
        return (int) ((index < 4 ? high : low) >>> 48 - 16 * (index & 3)) & 0xffff;
    }

    /** The longest run of two or more zero groups becomes "::", the first of equally long ones (RFC 5952, 4.2). */
    private void appendGroups(StringBuilder text) {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
    }
}
