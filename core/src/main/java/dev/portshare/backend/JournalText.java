package dev.portshare.backend;

import dev.portshare.route.IpLiteral;
import dev.portshare.route.Journal;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.regex.Pattern;

/** How journals write addresses: as their files' names, and in these. */
final class JournalText {
    private static final String INET = "[AF_INET]";
    private static final String INET6 = "[AF_INET6]";
    /** A port, or the name or number of a network interface. */
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private static final Pattern SCOPE = Pattern.compile("%[^%/:]+");

    private JournalText() {}

    /**
     * As {@code format} has it.
     *
     * @param mapped whether an IPv4 address is that of an IPv6 socket, which OpenVPN tells by {@code [AF_INET6]::ffff:192.0.2.1}
     */
    static String of(Endpoint endpoint, Journal.Format format, boolean mapped) {
        if (format == Journal.Format.PLAIN) {
            return endpoint.toString();
        }
        if (!endpoint.isIpv4()) {
            return INET6 + host(endpoint) + ":" + endpoint.port();
        }
        return (mapped ? INET6 + "::ffff:" : INET) + endpoint.hostString() + ":" + endpoint.port();
    }

    /** A link-local address with its interface's name, as getnameinfo(3) writes it. */
    private static String host(Endpoint endpoint) {
        if (endpoint.scope() == 0) {
            return endpoint.hostString();
        }
        String host = new Endpoint(endpoint.high(), endpoint.low(), 0, 0).hostString();
        try {
            NetworkInterface found = NetworkInterface.getByIndex(endpoint.scope());
            return host + "%" + (found == null ? endpoint.scope() : found.getName());
        } catch (SocketException e) {
            return host + "%" + endpoint.scope();
        }
    }

    /** Whether a journal may have a file {@code name}, of either format: exactly as {@link #of} writes one's own address. */
    static boolean isName(String name) {
        int colon = name.lastIndexOf(':');
        if (colon < 0 || !PORT.matcher(name.substring(colon + 1)).matches()) {
            return false;
        }
        Journal.Format format = name.startsWith("[AF_") ? Journal.Format.OPENVPN : Journal.Format.PLAIN;
        int percent = name.indexOf('%');
        int end = percent < 0 ? percent : format == Journal.Format.OPENVPN ? colon : colon - 1;
        if (percent >= 0
                && (end < percent
                        || !SCOPE.matcher(name.substring(percent, end)).matches())) {
            return false;
        }
        String unscoped = percent < 0 ? name : name.substring(0, percent) + name.substring(end);
        InetAddress address = IpLiteral.parse(host(unscoped, format));
        int port = Integer.parseInt(name.substring(colon + 1));
        return address != null && port <= 0xffff && unscoped.equals(of(Endpoint.of(address, port), format, false));
    }

    private static String host(String name, Journal.Format format) {
        int colon = name.lastIndexOf(':');
        String host = name.substring(0, colon);
        if (format == Journal.Format.OPENVPN) {
            return host.substring(host.indexOf(']') + 1);
        }
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
