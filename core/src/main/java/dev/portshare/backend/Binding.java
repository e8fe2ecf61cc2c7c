package dev.portshare.backend;

import dev.portshare.connection.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Socket calls that Netty has no name for. */
final class Binding {
    private static final int SOL_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_TRANSPARENT = 75;

    private Binding() {}

    /**
     * Binds {@code side} to {@code address}, and lets the kernel choose the port when it is connected (ip(7), IP_BIND_ADDRESS_NO_PORT): only
     * then it may be one that other connections have, to other backends.
     */
    static void address(Side side, InetAddress address) throws IOException {
        side.setIntOpt(SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        side.bind(new InetSocketAddress(address, 0));
    }

    /** Binds {@code side} to an address and a port that need not be of this machine (ip(7), IP_TRANSPARENT). */
    static void foreign(Side side, InetSocketAddress address, boolean isIpv4) throws IOException {
        transparent(side, isIpv4);
        side.setReuseAddress(true);
        side.bind(address);
    }

    private static void transparent(Side side, boolean isIpv4) throws IOException {
        if (isIpv4) {
            side.setIntOpt(SOL_IP, IP_TRANSPARENT, 1);
        } else {
            side.setIntOpt(SOL_IPV6, IPV6_TRANSPARENT, 1);
        }
    }
}
