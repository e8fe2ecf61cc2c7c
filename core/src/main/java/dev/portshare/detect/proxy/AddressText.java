package dev.portshare.detect.proxy;

import static dev.portshare.detect.proxy.HeaderBytes.require;

import dev.portshare.session.Endpoint;

/** Reads addresses and numbers as version 1 writes them, up to the byte behind them. */
final class AddressText {
    private static final int GROUPS = 8;
    private static final int MAX_OCTET = 255;
    private static final int MAPPED = 0xffff;

    private final HeaderBytes line;
    private final int[] groups = new int[GROUPS];
    private int count;
    /** How many groups stand before {@code ::}; -1 where it has not come. */
    private int gap = -1;

    private AddressText(HeaderBytes line) {
        this.line = line;
    }

    /** A decimal number without heading zeroes, and {@code end} behind it. */
    static int decimal(HeaderBytes line, int max, char end) {
        int value = digit(line.next(), 10);
        require(value >= 0);
        for (int c = line.next(); c != end; c = line.next()) {
            int digit = digit(c, 10);
            require(digit >= 0 && value > 0 && value * 10 + digit <= max);
            value = value * 10 + digit;
        }
        return value;
    }

    private static int digit(int c, int radix) {
        return c < 128 ? Character.digit(c, radix) : -1;
    }

    /** An IPv4 address and a blank. */
    static Endpoint ipv4(HeaderBytes line) {
        return Endpoint.ipv4(octets(line), 0);
    }

    private static int octets(HeaderBytes line) {
        return decimal(line, MAX_OCTET, '.') << 24
                | decimal(line, MAX_OCTET, '.') << 16
                | decimal(line, MAX_OCTET, '.') << 8
                | decimal(line, MAX_OCTET, ' ');
    }

    /** An IPv6 address and a blank. */
    static Endpoint ipv6(HeaderBytes line) {
        return new AddressText(line).ipv6();
    }

    private Endpoint ipv6() {
        int colons = 0;
        int digits = 0;
        int group = 0;
        for (int c = line.next(); c != ' '; c = line.next()) {
            int digit = digit(c, 16);
            if (digit >= 0) {
                boolean begins = digits == 0;
                require(begins ? count < most() && !(count == 0 && colons == 1) : digits < 4);
                group = group << 4 | digit;
                digits++;
            } else if (c == ':' && digits > 0) {
                groups[count++] = group;
                require(count < most());
                group = 0;
                digits = 0;
                colons = 1;
            } else if (c == ':') {
                require(colons < 2 && gap < 0);
                gap = colons == 1 ? count : -1;
                colons++;
            } else {
                require(c == '.' && digits > 0 && mayMap());
                line.returnTo(line.place() - 1 - digits);
                return mapped(octets(line));
            }
        }
        require(digits > 0 || colons == 2);
        if (digits > 0) {
            groups[count++] = group;
        }
        require(gap >= 0 || count == GROUPS);
        return endpoint();
    }

    /** How many groups there may be: {@code ::} stands for one at least (RFC 4291, 2.2). */
    private int most() {
        return gap < 0 ? GROUPS : GROUPS - 1;
    }

    /** Whether it is {@code ::} or {@code ::ffff:} until here, behind which inet_ntop(3) writes an IPv4 address. */
    private boolean mayMap() {
        return gap == 0 && (count == 0 || count == 1 && groups[0] == MAPPED);
    }

    private Endpoint mapped(int octets) {
        groups[count++] = octets >>> 16;
        groups[count++] = octets & 0xffff;
        return endpoint();
    }

    private Endpoint endpoint() {
        long high = 0;
        long low = 0;
        int zeroes = GROUPS - count;
        for (int i = 0; i < GROUPS; i++) {
            int group = gap < 0 || i < gap ? groups[i] : i < gap + zeroes ? 0 : groups[i - zeroes];
            high = high << 16 | low >>> 48;
            low = low << 16 | group;
        }
        return new Endpoint(high, low, 0, 0);
    }
}
