package dev.portshare.it.harness;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A way to a server for one client, whose first bytes it delivers alone: the rest follows when they have been read. */
public final class Relay implements AutoCloseable {
    private final ServerSocket listener = Sockets.backend();
    private final int port;
    private final int first;

    /** Leads to {@code port} on 127.0.0.1. */
    public Relay(int port, int first) throws IOException {
        this.port = port;
        this.first = first;
        Thread.ofVirtual().start(this::serve);
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try (Socket client = listener.accept();
                Socket server = Sockets.connect("127.0.0.1", port)) {
            client.setTcpNoDelay(true);
            byte[] start = client.getInputStream().readNBytes(first);
            Kernel.writeSegment(server, start, 0, first);
            server.setSoTimeout(0);
            Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
        } catch (IOException _) {
            // The test sees that nothing gets through.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
