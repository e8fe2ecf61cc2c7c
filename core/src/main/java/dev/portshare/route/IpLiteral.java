package dev.portshare.route;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells an IP address from a name without asking DNS. */
public final class IpLiteral {
    /** Four decimals. No leading zero: half of the world reads 010.0.0.1 as 8.0.0.1. */
    private static final Pattern DOTTED_QUAD = Pattern.compile("((0|[1-9][0-9]{0,2})(\\.(?!$)|$)){4}");

    /** What {@code Inet6Address.ofLiteral} shall see: no brackets, no scope, at least one colon. */
    private static final Pattern COLONS = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private IpLiteral() {}

    /**
     * The address that {@code text} writes: {@code 192.0.2.1}, {@code 2001:db8::1} or {@code fe80::1%eth0}.
     *
     * @return null where it is none, or where its scope is no network interface of this machine
     */
    public static @Nullable InetAddress parse(String text) {
        try {
            if (DOTTED_QUAD.matcher(text).matches()) {
                return Inet4Address.ofLiteral(text);
            }
            int percent = text.indexOf('%');
            String address = percent < 0 ? text : text.substring(0, percent);
            if (!COLONS.matcher(address).matches()) {
                return null;
            }
            InetAddress literal = Inet6Address.ofLiteral(address);
            return percent < 0 ? literal : scoped(literal, text.substring(percent + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable InetAddress scoped(InetAddress address, String scope) {
        try {
            NetworkInterface link = scope.isEmpty() ? null : NetworkInterface.getByName(scope);
            int index = link == null ? Integer.parseInt(scope) : link.getIndex();
            return address instanceof Inet6Address && index > 0
                    ? Inet6Address.getByAddress(null, address.getAddress(), index)
                    : null;
        } catch (SocketException | UnknownHostException e) {
            return null;
        }
    }
}
