import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** What the program is trained with: clients of every kind, and the backend that they are routed to. */
final class Training implements AutoCloseable {
    private static final byte[] OPENVPN_RESET = HexFormat.of().parseHex("000e38a1b2c3d4e5f607080000000000");
    private static final byte[] PLAIN = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** Enough connections that what each of them runs counts as hot. */
    private static final int ROUNDS = 1500;
    /** Bytes each way of one bulk transfer: enough that the splice moves them without copying. */
    private static final int BULK = 64 << 20;

    private final ServerSocket backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Training() throws IOException {
        Thread.ofVirtual().start(this::echo);
    }

    /**
     * A route file that leads every kind of client to the backend, each by a route of its own. Its backends have no names: what looks these
     * up would be loaded at each start then, by those too who have none.
     */
    String routes() {
        return """
            listen: 127.0.0.1:0
            routes:
              - name: vpn
                when: {protocol: openvpn}
                to: 127.0.0.1:%1$d
              - name: git
                when: {sni: [git.example.org, "*.git.example.org"], alpn: [h2, http/1.1]}
                to: 127.0.0.1:%1$d
              - name: rejected
                when: {sni: "/rejected[0-9]*\\\\.example\\\\.org/"}
                to: reject
              - name: tls
                when: {protocol: tls, from: [127.0.0.0/8, "2001:db8::/32"], not: {sni: "*.example.com"}}
                to: 127.0.0.1:%1$d
              - name: web
                to: 127.0.0.1:%1$d
            timeouts: {silent: 3s, head: 10s, connect: 5s, idle: 1h, drain: 5s}
            """.formatted(backend.getLocalPort());
    }

    private void echo() {
        while (true) {
            try {
                Socket socket = backend.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException _) {
                        // A client that reset its connection.
                    }
                });
            } catch (IOException _) {
                return; // Closed: the training is over.
            }
        }
    }

    /** Plays every client, again and again, against the program that listens on {@code port}. */
    void run(int port) throws IOException {
        List<byte[]> heads =
                List.of(OPENVPN_RESET, clientHello("git.example.org", "h2"), clientHello("www.example.org"), PLAIN);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] head = heads.get(round % heads.size());
            exchange(port, head, round % 8 < 4 ? head.length : 1);
        }
        for (byte[] head : heads) {
            transfer(port, head);
            reset(port, head);
        }
        exchange(port, clientHello("rejected1.example.org"), 1);
    }

    /** Sends {@code head}, cut after {@code first} bytes, and waits for its echo and the end. */
    private static void exchange(int port, byte[] head, int first) throws IOException {
        try (Socket socket = connect(port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head, 0, first);
            out.write(head, first, head.length - first);
            socket.shutdownOutput();
            try (InputStream in = socket.getInputStream()) {
                in.readAllBytes();
            }
        }
    }

    /** Sends {@link #BULK} bytes behind {@code head}, and receives as many. */
    private static void transfer(int port, byte[] head) throws IOException {
        try (Socket socket = connect(port)) {
            Thread.ofVirtual().start(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(head);
                    byte[] bytes = new byte[256 * 1024];
                    for (int sent = 0; sent < BULK; sent += bytes.length) {
                        out.write(bytes);
                    }
                    socket.shutdownOutput();
                } catch (IOException _) {
                    // The reader below sees the end then.
                }
            });
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void reset(int port, byte[] head) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(head);
            socket.getInputStream().readNBytes(head.length);
            socket.setSoLinger(true, 0);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static byte[] clientHello(String serverName, String... applicationProtocols) throws IOException {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine(serverName, 443);
            engine.setUseClientMode(true);
            var parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(applicationProtocols);
            engine.setSSLParameters(parameters);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            byte[] bytes = new byte[hello.flip().remaining()];
            hello.get(bytes);
            return bytes;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new SSLException(e);
        }
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
