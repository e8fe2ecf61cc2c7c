package dev.portshare.route;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a route can connect to: one address, or a service of which DNS tells the addresses. */
public sealed interface Backend {
    /**
     * Reads {@code 127.0.0.1:1194}, {@code [::1]:22}, {@code name:443}, {@code unix:/path}, {@code unix:@abstract} or
     * {@code srv:_https._tcp.example.org}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static Backend parse(String text) {
        if (text.startsWith(Unix.PREFIX)) {
            return new Unix(text.substring(Unix.PREFIX.length()));
        }
        // Without the underscore it is a host's name.
        if (text.startsWith(Srv.PREFIX + "_")) {
            return new Srv(text.substring(Srv.PREFIX.length()));
        }
        HostPort address = HostPort.parse(text);
        return new Tcp(address.host(), address.port());
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    String toString();

    /**
     * A TCP port.
     *
     * @param host    an IP address (IPv6 without its brackets) or a name
     * @param port    1 to 65535
     * @param literal the address where {@code host} is one, so that connecting need not parse it again; null where it is
     *                a name
     */
    record Tcp(String host, int port, @Nullable InetAddress literal) implements Backend {
        public Tcp {
            if (port == 0) {
                throw new IllegalArgumentException("nothing listens on port 0; write a port from 1 to 65535");
            }
        }

        /** Refuses a port outside 1 to 65535, and a host that is neither an address nor a name. */
        public Tcp(String host, int port) {
            this(new HostPort(host, port).host(), port, HostPort.literal(host));
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
    record Unix(String path) implements Backend {
        /** What distinguishes the notation. */
        public static final String PREFIX = "unix:";

        /** One byte less than {@code sun_path} holds (unix(7)): the last one is NUL. */
        private static final int MAX_BYTES = 107;

        public Unix {
            if (path.isEmpty() || path.equals("@")) {
                throw new IllegalArgumentException("no path in \"" + PREFIX + path + "\"; write unix:/run/app.sock");
            }
            HostPort.checkBlanks(path);
            if (!path.startsWith("/") && !path.startsWith("@")) {
                throw new IllegalArgumentException("\"" + path + "\" is not absolute; write unix:/" + path
                        + " or, for an abstract name, unix:@" + path);
            }
            int bytes = path.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "a unix path of " + bytes + " bytes; the kernel takes at most " + MAX_BYTES);
            }
        }

        @Override
        public String toString() {
            return PREFIX + path;
        }
    }

    /**
     * The servers that DNS names for a service (RFC 2782).
     *
     * @param name such as {@code _https._tcp.example.org}
     */
    record Srv(String name) implements Backend {
        /** What distinguishes the notation. */
        public static final String PREFIX = "srv:";

        public Srv {
            String[] labels = DnsName.checked(name).split("\\.", -1);
            if (labels.length < 3 || labels[2].isEmpty() || !labels[0].startsWith("_") || !labels[1].equals("_tcp")) {
                throw new IllegalArgumentException("\"" + PREFIX + name
                        + "\" names no service of DNS; write srv:_SERVICE._tcp.NAME, as in"
                        + " srv:_https._tcp.example.org");
            }
        }

        @Override
        public String toString() {
            return PREFIX + name;
        }
    }
}
