package dev.portshare.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A server that accepts nobody and whose backlog is full: the kernel drops every further SYN. */
public final class FullBacklog implements AutoCloseable {
    private static final int NO_ANSWER_MILLIS = 300;

    private final ServerSocket socket;
    private final List<Socket> waiting = new ArrayList<>();

    public FullBacklog() throws IOException {
        this("127.0.0.1");
    }

    /** At {@code address}. */
    public FullBacklog(String address) throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getByName(address));
        while (waiting.size() < 16) {
            Socket client = new Socket();
            waiting.add(client);
            try {
                client.connect(socket.getLocalSocketAddress(), NO_ANSWER_MILLIS);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
        throw new IOException("a backlog that is never full");
    }

    public ServerSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : waiting) {
            client.close();
        }
    }
}
