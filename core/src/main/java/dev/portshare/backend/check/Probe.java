package dev.portshare.backend.check;

import dev.portshare.route.Health;
import dev.portshare.route.Route;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/** Asks one backend once. */
@FunctionalInterface
public interface Probe {
    /** What {@code check} wants, for {@code route}. */
    static Probe of(Health.Check check, Route route) {
        return switch (check.kind()) {
            case TCP -> new TcpProbe();
            case TLS, OPENVPN -> throw new IllegalArgumentException("no such check of " + route.name());
        };
    }

    /**
     * Returns where the backend is as it should be; blocks, on a virtual thread.
     *
     * @param address an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
     * @param timeout for all of it
     * @throws IOException saying in a few words what is wrong
     */
    void check(SocketAddress address, Duration timeout) throws IOException;
}
