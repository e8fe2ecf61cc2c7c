package dev.portshare.admin;

import dev.portshare.route.HostPort;
import dev.portshare.route.IpLiteral;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;

/**
 * An address that somebody wants to know more of.
 *
 * @param hasPort whether its port counts; else that is 0
 */
public record WhoAddress(Endpoint endpoint, boolean hasPort) {
    /**
     * Reads {@code 127.77.3.9:45776}, {@code [::1]:45776}, or an address alone.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static WhoAddress parse(String text) {
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        InetAddress alone = IpLiteral.parse(isBracketed ? text.substring(1, text.length() - 1) : text);
        if (alone != null) {
            return new WhoAddress(Endpoint.of(alone, 0), false);
        }
        if (text.lastIndexOf(':') > 0) {
            HostPort both = HostPort.parse(text);
            InetAddress address = HostPort.literal(both.host());
            if (address != null) {
                return new WhoAddress(Endpoint.of(address, both.port()), true);
            }
        }
        throw new IllegalArgumentException("\"" + text
                + "\" is no IP address; write one such as 203.0.113.9, 127.64.3.9:45776 or [2001:db8::7]:45776");
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    public String toString() {
        return hasPort ? endpoint.toString() : endpoint.hostString();
    }
}
