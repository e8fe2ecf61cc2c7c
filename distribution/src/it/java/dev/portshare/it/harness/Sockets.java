package dev.portshare.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Clients and backends in a few words; each call that could hang gives up after {@link Portshare#PATIENCE}. */
public final class Sockets {
    /** A request of HTTP, told with its last byte. */
    public static final byte[] PLAIN = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int PATIENCE_MILLIS = (int) Portshare.PATIENCE.toMillis();

    /** Where the kernel does not choose ports for clients, so that a port that was free stays so. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;

    private Sockets() {}

    /** A backend on a free port. */
    public static ServerSocket backend() throws IOException {
        return backend("127.0.0.1");
    }

    public static ServerSocket backend(String address) throws IOException {
        ServerSocket socket = new ServerSocket(0, 4096, InetAddress.getByName(address));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A backend that sends back whatever it gets, until it is closed. */
    public static ServerSocket echo() throws IOException {
        ServerSocket backend = backend();
        backend.setSoTimeout(0);
        Thread.ofVirtual().start(() -> {
            while (!backend.isClosed()) {
                try {
                    Socket socket = backend.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException _) {
                    // Closed: the test has ended.
                }
            }
        });
        return backend;
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            // The client went its way.
        }
    }

    /** The address as route options and route files write it. */
    public static String at(ServerSocket backend) {
        String host = backend.getInetAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + backend.getLocalPort();
    }

    /** A TCP port that nothing uses. */
    public static int freePort() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < 200; attempt++) {
            try (ServerSocket socket = new ServerSocket(FIRST_PORT + random.nextInt(PORTS))) {
                return socket.getLocalPort();
            } catch (SocketException _) {
                // Taken.
            }
        }
        throw new IOException("no free port");
    }

    public static Socket accept(ServerSocket backend) throws IOException {
        Socket socket = backend.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A client of the first listener, connected. */
    public static Socket connect(Portshare portshare) throws IOException {
        return connect("127.0.0.1", portshare.port());
    }

    /** A client that has sent {@code head}. */
    public static Socket connect(Portshare portshare, byte[] head) throws IOException {
        Socket socket = connect(portshare);
        socket.getOutputStream().write(head);
        return socket;
    }

    public static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
        return socket;
    }

    /** Writes {@code data}, and then a FIN, beside whatever else the test does. */
    public static CompletableFuture<Void> send(Socket to, byte[] data) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        to.getOutputStream().write(data);
                        to.shutdownOutput();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** Closes {@code socket} with a reset. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Bytes that no compression and no luck makes. */
    public static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
