package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.session.Endpoint;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Says what to do where no port is left for connections to a backend, for each route once a minute at most. */
final class NoPorts {
    private static final Logger LOG = LogManager.getLogger(NoPorts.class);
    private static final Map<String, Sparingly> BY_ROUTE = new ConcurrentHashMap<>();

    private NoPorts() {}

    /**
     * Warns.
     *
     * @param backend the address that could not be connected to
     * @param clashed whether there were ports, but the journal has each already
     */
    static void warn(Way way, Connection connection, SocketAddress backend, boolean clashed) {
        String route = String.valueOf(connection.state().route());
        if (!BY_ROUTE.computeIfAbsent(route, _ -> new Sparingly()).mayWarn()) {
            return;
        }
        if (clashed) {
            LOG.warn(
                    "route {}: the ports that connections to {} got are all in journal {}, for connections to other"
                        + " backends. Clients are turned away with no-ports. Give each backend a journal of its own.",
                    route,
                    text(backend),
                    way.journal() == null ? "" : way.journal().directory());
            return;
        }
        Origin origin = way.origin();
        LOG.warn(
                "route {}: no port is free for one more connection {}to {}. Clients are turned away with no-ports. {},"
                        + " or raise net.ipv4.ip_local_port_range.",
                route,
                origin == null ? "" : "from " + origin + " ",
                text(backend),
                origin == null || origin instanceof OwnOrigin
                        ? "Let them come from more addresses, as in source: " + example(backend)
                        : "Give its clients' connections another backend");
    }

    private static String text(SocketAddress backend) {
        return backend instanceof InetSocketAddress inet ? Endpoint.of(inet).toString() : backend.toString();
    }

    private static String example(SocketAddress backend) {
        if (!(backend instanceof InetSocketAddress inet)) {
            return "127.0.1.0/28";
        }
        boolean isIpv6 = inet.getAddress() instanceof Inet6Address;
        if (inet.getAddress().isLoopbackAddress()) {
            return isIpv6 ? "fd00::10-fd00::1f (ip address add fd00::10/128 dev lo, and so on)" : "127.0.1.0/28";
        }
        return isIpv6
                ? "2001:db8::10-2001:db8::1f (addresses of this machine)"
                : "10.0.0.7-10.0.0.9 (addresses of this machine)";
    }
}
