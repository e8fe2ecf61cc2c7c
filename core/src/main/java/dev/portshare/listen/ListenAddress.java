package dev.portshare.listen;

import dev.portshare.route.Backend;
import dev.portshare.route.HostPort;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the program listens. Port 0 is a free port of the kernel's choice.
 */
public sealed interface ListenAddress {
    /**
     * Reads {@code 443}, {@code :443}, {@code 127.0.0.1:443}, {@code [::1]:443}, {@code name:443}, {@code unix:/path},
     * {@code unix:@abstract} or {@code systemd:name}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static ListenAddress parse(String text) {
        if (text.startsWith(Passed.PREFIX)) {
            return new Passed(text.substring(Passed.PREFIX.length()));
        }
        if (text.startsWith("*:")) {
            throw new IllegalArgumentException(
                    "no host \"*\"; write " + text.substring(1) + " for every address of both families");
        }
        if (Any.NOTATION.matcher(text).matches()) {
            return new Any(HostPort.port(text.substring(text.indexOf(':') + 1)));
        }
        if (text.startsWith(Backend.Unix.PREFIX)) {
            return new Unix(text.substring(Backend.Unix.PREFIX.length()));
        }
        HostPort address = HostPort.parse(text);
        return new Tcp(address.host(), address.port());
    }

    /** The TCP port; 0 where there is none, or a free one is asked for. */
    default int port() {
        return 0;
    }

    /** The notation, which {@link #parse} reads; also the listener's name in conditions and facts. */
    @Override
    String toString();

    /**
     * Every address of both families, on one dual-stack socket.
     *
     * @param port 0 to 65535
     */
    record Any(int port) implements ListenAddress {
        private static final Pattern NOTATION = Pattern.compile(":?[0-9]+");

        public Any {
            HostPort.port(Integer.toString(port));
        }

        @Override
        public String toString() {
            return ":" + port;
        }
    }

    /**
     * One address; {@code 0.0.0.0} is every IPv4 address, {@code ::} every IPv6 address and no IPv4 one.
     *
     * @param host an IP address (IPv6 without its brackets) or a name
     * @param port 0 to 65535
     */
    record Tcp(String host, int port) implements ListenAddress {
        public Tcp {
            // Two records, one rule: what is no host and port is no listening address either.
            host = new HostPort(host, port).host();
        }

        /** The address where {@link #host} is one, without asking DNS; null where it is a name. */
        public @Nullable InetAddress literal() {
            return HostPort.literal(host);
        }

        @Override
        public String toString() {
            return HostPort.notation(host, port);
        }
    }

    /**
     * A Unix-domain stream socket.
     *
     * @param path absolute, or {@code @} and a name of Linux' abstract namespace; at most 107 bytes in UTF-8
     */
    record Unix(String path) implements ListenAddress {
        public Unix {
            path = new Backend.Unix(path).path();
        }

        @Override
        public String toString() {
            return Backend.Unix.PREFIX + path;
        }
    }

    /**
     * The listening sockets that the service manager passed under a name (systemd.socket(5), FileDescriptorName=).
     *
     * @param name what a unit can say: printable ASCII without a colon, at most 255 characters; and no blanks
     */
    record Passed(String name) implements ListenAddress {
        /** What distinguishes the notation. */
        static final String PREFIX = "systemd:";

        private static final int MAX_LENGTH = 255;

        public Passed {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("no name in \"" + PREFIX
                        + "\"; write systemd: and what the socket unit has as FileDescriptorName=");
            }
            if (name.length() > MAX_LENGTH || !isPlain(name)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is no name of a socket; write letters and digits, as"
                                + " FileDescriptorName= in the socket unit does");
            }
        }

        private static boolean isPlain(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c <= ' ' || c > '~' || c == ':') {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return PREFIX + name;
        }
    }
}
