package dev.portshare.connection;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import dev.portshare.splice.Splice;
import dev.portshare.splice.Stillness;
import dev.portshare.tls.ServerContext;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection that ends TLS and is spliced to a backend of the test's: the client's end is encrypted, the other is not. */
final class TlsTunnel implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final BlockingQueue<ConnectionRecord> records = new LinkedBlockingQueue<>();
    private final Loop loop = new Loop(0, 1, records::add);
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ServerContext context;
    /** The client's, nothing said yet. */
    final java.net.Socket client = new java.net.Socket();

    TlsTunnel(ServerContext context) throws Exception {
        this.context = context;
        Socket front = Socket.newSocketStream();
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        front.listen(1);
        client.setSoTimeout(PATIENCE_MILLIS);
        client.setTcpNoDelay(true);
        client.connect(front.localAddress(), PATIENCE_MILLIS);
        int fd = front.accept(new byte[26]);
        front.close();
        loop.submit(() -> begin(fd)).get();
    }

    private void begin(int fd) {
        Connection connection = new Connection(loop, fd, ":443", null, null);
        Side side = connection.client();
        side.secure(context.engine(null), 0);
        side.tell((_, _) -> {
            side.flush();
            if (side.handshake()) {
                connect(connection);
            }
        });
        side.watch(false);
    }

    private void connect(Connection connection) throws IOException {
        connection.client().tell((_, _) -> {});
        Side backend = connection.openTcp(listener.getInetAddress(), false);
        backend.tell((_, _) -> {
            if (backend.remoteAddress() != null) {
                Deadlines never = new Deadlines(loop, Duration.ZERO);
                Splice.start(connection, backend, new Stillness(never, never), null);
            }
        });
        backend.connect(listener.getLocalSocketAddress());
        backend.watch(true);
    }

    /** The backend's end, once the handshake is done. */
    java.net.Socket backend() throws IOException {
        listener.setSoTimeout(PATIENCE_MILLIS);
        java.net.Socket backend = listener.accept();
        backend.setSoTimeout(PATIENCE_MILLIS);
        return backend;
    }

    CloseReason end() throws InterruptedException {
        ConnectionRecord record = records.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (record == null) {
            throw new AssertionError("the connection ends");
        }
        return record.close();
    }

    @Override
    public void close() throws Exception {
        client.close();
        listener.close();
        loop.submit(() -> loop.closeAll(CloseReason.STOPPED)).get();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
}
