package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** The client's own address and port. A client that has none comes from where the kernel chooses. */
record TransparentOrigin(String route) implements Origin {
    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        Endpoint client = connection.peer();
        if (client != null) {
            Binding.foreign(side, new InetSocketAddress(client.address(), client.port()), client.isIpv4());
        }
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        Endpoint client = connection.peer();
        return client == null || client.isIpv4() == (backend instanceof Inet4Address);
    }

    @Override
    public void check(Consumer<String> problem) {}
}
