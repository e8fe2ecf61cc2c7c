package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.route.AddressRange;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Addresses of this machine, by turns. */
final class OwnOrigin implements Origin {
    /** How many addresses are tried for one connection. */
    private static final int MOST_TRIED = 16;

    private final String route;
    private final AddressRange addresses;
    private final AtomicInteger turn = new AtomicInteger();

    OwnOrigin(String route, AddressRange addresses) {
        this.route = route;
        this.addresses = addresses;
    }

    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        int index = Integer.remainderUnsigned(turn.getAndIncrement(), addresses.size());
        Binding.address(side, addresses.get(index).address());
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        return addresses.first().isIpv4() == (backend instanceof Inet4Address);
    }

    @Override
    public int alternatives() {
        return Math.min(addresses.size(), MOST_TRIED) - 1;
    }

    @Override
    public void check(Consumer<String> problem) {}

    @Override
    public String toString() {
        return route + " from " + addresses;
    }
}
