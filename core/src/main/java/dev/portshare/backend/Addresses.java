package dev.portshare.backend;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** What the kernel takes for an address. */
final class Addresses {
    private Addresses() {}

    static List<InetSocketAddress> of(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** An abstract name begins with a NUL byte where the configuration has {@code @} (unix(7)). */
    static SocketAddress of(String path) {
        return new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path);
    }
}
