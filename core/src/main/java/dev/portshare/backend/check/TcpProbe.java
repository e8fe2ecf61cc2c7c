package dev.portshare.backend.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** That a connection is accepted. */
final class TcpProbe implements Probe {
    @Override
    public void check(SocketAddress address, Duration timeout) throws IOException {
        if (address instanceof InetSocketAddress) {
            try (Socket socket = new Socket()) {
                socket.connect(address, Math.toIntExact(timeout.toMillis()));
            }
        } else {
            // On a Unix socket nothing is waited for: the kernel knows.
            try (SocketChannel _ = SocketChannel.open(address)) {}
        }
    }
}
