package dev.portshare.detect.proxy;

import static dev.portshare.detect.proxy.HeaderBytes.require;

import dev.portshare.session.Endpoint;

/** Version 1, one line: {@code PROXY TCP4 192.0.2.7 203.0.113.5 51234 443} (proxy-protocol.txt, 2.1). */
final class TextHeader {
    /** What no header of version 2 begins with. */
    static final byte FIRST = 'P';

    /** The most that a line may be, its CRLF included. */
    private static final int MAX_LENGTH = 107;

    private static final int MAX_PORT = 65535;

    private TextHeader() {}

    static ProxyHeader read(HeaderBytes line) {
        line.text("PROXY ");
        int kind = line.next();
        if (kind == 'U') {
            line.text("NKNOWN");
            return ignored(line);
        }
        require(kind == 'T');
        line.text("CP");
        int family = line.next();
        require(family == '4' || family == '6');
        line.text(" ");
        Endpoint source = address(line, family);
        Endpoint destination = address(line, family);
        int sourcePort = AddressText.decimal(line, MAX_PORT, ' ');
        int destinationPort = AddressText.decimal(line, MAX_PORT, '\r');
        line.text("\n");
        return header(
                line, new ProxyAddresses.Inet(source.withPort(sourcePort), destination.withPort(destinationPort)));
    }

    /** An address and the blank behind it. */
    private static Endpoint address(HeaderBytes line, int family) {
        return family == '4' ? AddressText.ipv4(line) : AddressText.ipv6(line);
    }

    /** Behind {@code UNKNOWN} anything may stand in the line; a CR can only be its end. */
    private static ProxyHeader ignored(HeaderBytes line) {
        int c = line.next();
        require(c == ' ' || c == '\r');
        while (c != '\r') {
            c = line.next();
            require(c == '\r' || line.place() < MAX_LENGTH - 1);
        }
        line.text("\n");
        return header(line, ProxyAddresses.OWN);
    }

    private static ProxyHeader header(HeaderBytes line, ProxyAddresses addresses) {
        return ProxyHeader.of(line.copy(), addresses, 0);
    }
}
