package dev.portshare.backend;

import dev.portshare.connection.Side;
import dev.portshare.session.Endpoint;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Socket calls that Netty has no name for. */
final class Binding {
    private static final int SOL_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_TRANSPARENT = 75;
    private static final int EADDRNOTAVAIL = -99;

    private Binding() {}

    /**
     * Binds {@code side} to {@code address}, and lets the kernel choose the port when it is connected (ip(7), IP_BIND_ADDRESS_NO_PORT): only
     * then it may be one that other connections have, to other backends.
     *
     * @throws NotOwnException where this machine has no such address
     */
    static void address(Side side, InetAddress address) throws IOException {
        side.setIntOpt(SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        try {
            side.bind(new InetSocketAddress(address, 0));
        } catch (Errors.NativeIoException e) {
            // No port is chosen yet, so none can be missing.
            throw e.expectedErr() == EADDRNOTAVAIL ? new NotOwnException(address) : e;
        }
    }

    /**
     * Why no connection can come from {@code address}; null: it is this machine's, and one can. Asks UDP: at a reload, TCP may have no port
     * left there.
     */
    static @Nullable String refusal(Endpoint address) {
        try (DatagramSocket _ = new DatagramSocket(0, address.address())) {
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /**
     * Lets {@code socket} be bound to an address that need not be of this machine (ip(7), IP_TRANSPARENT).
     *
     * @throws IOException where this thread has neither CAP_NET_RAW nor CAP_NET_ADMIN
     */
    static void transparent(Socket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(SOL_IP, IP_TRANSPARENT, 1);
        } else {
            socket.setIntOpt(SOL_IPV6, IPV6_TRANSPARENT, 1);
        }
    }
}
