package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Side;
import dev.portshare.session.Endpoint;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's own address, and its port where that is free here. A client that has no address comes from where the kernel chooses;
 * so does one of this machine's loopback on its way to another host, which knows this machine by another address.
 *
 * @param loops where connections are made: what a thread may do is its own, capabilities(7)
 */
record TransparentOrigin(List<? extends Executor> loops) implements Origin {
    /** The port is another socket's: that of the client itself, where it runs on this machine. */
    private static final int EADDRINUSE = -98;
    /** The port is one below 1024, and this process may not have those. */
    private static final int EACCES = -13;
    /** The interface {@code lo} of every network namespace (LOOPBACK_IFINDEX in Linux's net/flow.h). */
    private static final int LOOPBACK = 1;

    @Override
    public void bind(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        Endpoint client = client(connection, backend.getAddress());
        if (client == null) {
            return;
        }
        prepare(side, client);
        try {
            side.bind(new InetSocketAddress(address(client), client.port()));
        } catch (Errors.NativeIoException e) {
            if (e.expectedErr() != EADDRINUSE && e.expectedErr() != EACCES) {
                throw e;
            }
            Binding.address(side, address(client));
        }
    }

    /**
     * The client's address with a port of the kernel's choice: connecting from the client's port failed, since a connection from there to
     * this backend is there already, or has ended within the last minute.
     */
    @Override
    public void bindAnew(Side side, InetSocketAddress backend, Connection connection) throws IOException {
        Endpoint client = client(connection, backend.getAddress());
        if (client != null) {
            prepare(side, client);
            Binding.address(side, address(client));
        }
    }

    @Override
    public int alternatives() {
        return 1;
    }

    private static void prepare(Side side, Endpoint client) throws IOException {
        Binding.transparent(side, client.isIpv4());
        // The port may be in use for another backend, or in TIME_WAIT.
        side.setReuseAddress(true);
    }

    /** Who {@code backend} is to see; null: this machine. */
    private static @Nullable Endpoint client(Connection connection, InetAddress backend) {
        Endpoint client = connection.peer();
        return client == null || client.address().isLoopbackAddress() && !backend.isLoopbackAddress() ? null : client;
    }

    /** A link-local address is one of an interface; that of the way to the backend is the loopback interface. */
    private static InetAddress address(Endpoint client) throws UnknownHostException {
        InetAddress address = client.address();
        return address.isLinkLocalAddress() && address instanceof Inet6Address
                ? Inet6Address.getByAddress(null, address.getAddress(), LOOPBACK)
                : address;
    }

    @Override
    public boolean reaches(InetAddress backend, Connection connection) {
        Endpoint client = connection.peer();
        return client == null
                || client.isIpv4() == (backend instanceof Inet4Address)
                        && (client.isIpv4() || !client.address().isLinkLocalAddress() || backend.isLoopbackAddress());
    }

    /** Tries it on each event loop. */
    @Override
    public void check(Consumer<String> problem) {
        for (Executor loop : loops) {
            CompletableFuture.supplyAsync(TransparencyProbe::problem, loop)
                    .join()
                    .ifPresent(problem);
        }
    }

    @Override
    public String toString() {
        return "its own address";
    }
}
