package dev.portshare.route;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The notation that backends and listening addresses share: {@code 127.0.0.1:443}, {@code [::1]:443}, {@code name:443}.
 *
 * @param host an IP address (IPv6 without its brackets) or a name
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65535;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+\\.?");

    /** Refuses a port outside 0 to 65535, and a host that is neither an address nor a name. */
    public HostPort {
        port(Integer.toString(port));
        if (literal(host) == null) {
            checkName(host);
        }
    }

    /**
     * Reads the notation.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static HostPort parse(String text) {
        checkBlanks(text);
        int colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.lastIndexOf(':');
        if ((colon == 0 && text.startsWith(":")) || DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "no host in \"" + text + "\"; write 127.0.0.1:" + text.substring(colon + 1));
        }
        if (colon <= 0) {
            throw new IllegalArgumentException("no port in \"" + text + "\"; write " + text + ":443");
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0 || literal(host) == null) {
                String why = host.indexOf('%') < 0 ? "" : ", or its network interface does not exist";
                throw new IllegalArgumentException(
                        "\"" + host + "\" is no IPv6 address" + why + "; brackets are for such as [::1]:443");
            }
        } else if (host.indexOf(':') >= 0) {
            throw tooManyColons(text, host, port);
        }
        return new HostPort(host, port(port));
    }

    /**
     * Reads the port {@code text}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static int port(String text) {
        // Five digits at most, lest the number overflow.
        if (DIGITS.matcher(text).matches() && text.length() <= 5) {
            int port = Integer.parseInt(text);
            if (port <= MAX_PORT) {
                return port;
            }
        }
        throw new IllegalArgumentException("no port \"" + text + "\"; write a number up to " + MAX_PORT);
    }

    /** The address where {@code host} is one, without asking DNS; null where it is a name. */
    public static @Nullable InetAddress literal(String host) {
        return IpLiteral.parse(host);
    }

    /** Refuses what no address contains: nothing at all, blanks and control characters. */
    static void checkBlanks(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty address; write one such as 127.0.0.1:8443");
        }
        if (text.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new IllegalArgumentException("a blank in \"" + text + "\"; write it without");
        }
    }

    private static IllegalArgumentException tooManyColons(String text, String host, String port) {
        if (literal(host) != null) {
            return new IllegalArgumentException(
                    "an IPv6 address without brackets in \"" + text + "\"; write [" + host + "]:" + port);
        }
        if (literal(text) != null) {
            return new IllegalArgumentException("no port in \"" + text + "\"; write [" + text + "]:443");
        }
        return new IllegalArgumentException("too many colons in \"" + text + "\"; write HOST:PORT");
    }

    private static void checkName(String host) {
        DnsName.checked(host);
        // No name ends in a number (RFC 3696, 2), but resolvers take 1.2 and 0177.0.0.1 for addresses.
        if (NUMERIC_END.matcher(host).matches()) {
            throw new IllegalArgumentException("\"" + host
                    + "\" is no IPv4 address; write four decimals without leading zeros, such as 127.0.0.1");
        }
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    public String toString() {
        return notation(host, port);
    }

    /** What {@link #parse} reads. Checks nothing: the interface of a scoped address may have gone since it was read. */
    public static String notation(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
