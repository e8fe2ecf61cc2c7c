package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.listen.ListenException;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A portshare on a free loopback port, one event loop, and what it said of the connections that ended. */
final class Front implements AutoCloseable {
    /** A request of HTTP, told with its last byte. */
    static final byte[] PLAIN = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Routes that leave a client of TLS undecided until it has named a server; a backend is to be filled in. */
    static final String BY_NAME = """
        routes:
          - {name: named, when: {sni: named.dev.test}, to: reject}
          - {name: all, to: "%s"}
        """;

    private static final int PATIENCE_MILLIS = 20_000;

    private static final AtomicInteger RUNNING = new AtomicInteger();

    final Portshare portshare;
    final int port;
    private final BlockingQueue<ConnectionRecord> records = new LinkedBlockingQueue<>();

    private Front(Configuration configuration) throws ListenException, IOException {
        portshare = Portshare.start(configuration, 1, records::add);
        RUNNING.incrementAndGet();
        String address = portshare.addresses().getFirst();
        port = address.startsWith("unix:") ? 0 : Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Serves what a route file without {@code listen} says, on 127.0.0.1. */
    static Front routing(String yaml) throws ListenException, ConfigurationException, IOException {
        return serving("listen: 127.0.0.1:0\n" + yaml);
    }

    /** Serves what a route file says. */
    static Front serving(String yaml) throws ListenException, ConfigurationException, IOException {
        return new Front(RouteFile.parse("test.yaml", yaml, Path.of(".")));
    }

    /** Serves what the route file at {@code file} says. */
    static Front reading(Path file) throws ListenException, ConfigurationException, IOException {
        return new Front(RouteFile.read(file));
    }

    /** Everything goes to {@code backend}. */
    static Front to(ServerSocket backend) throws ListenException, ConfigurationException, IOException {
        return routing("routes: [{name: all, to: \"%s\"}]".formatted(at(backend)));
    }

    /** A backend on a free loopback port. */
    static ServerSocket backend() throws IOException {
        return backend("127.0.0.1");
    }

    static ServerSocket backend(String address) throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName(address));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** The address of {@code backend} as a route file writes it. */
    static String at(ServerSocket backend) {
        String host = backend.getInetAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + backend.getLocalPort();
    }

    static Socket accept(ServerSocket backend) throws IOException {
        Socket socket = backend.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A client, connected. */
    Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    Socket connect(String address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
        return socket;
    }

    /** A client that has sent {@code head}. */
    Socket connect(byte[] head) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(head);
        return socket;
    }

    /** Closes {@code socket} with a reset. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The next connection that ended. */
    ConnectionRecord record() throws InterruptedException {
        ConnectionRecord record = records.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(record).as("a connection ends").isNotNull();
        return record;
    }

    /** The next connection ended for {@code reason}, and it was the only one. */
    ConnectionRecord onlyRecord(CloseReason reason) throws InterruptedException {
        ConnectionRecord record = record();
        assertThat(record.close()).isEqualTo(reason);
        assertThat(records).isEmpty();
        return record;
    }

    boolean hasNoRecord() {
        return records.isEmpty();
    }

    @Override
    public void close() {
        portshare.close();
        RUNNING.decrementAndGet();
        if (RUNNING.get() == 0) {
            Leaks.assertNone();
        }
    }
}
