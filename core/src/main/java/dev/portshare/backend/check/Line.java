package dev.portshare.backend.check;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The connection of one check. What blocks on it ends at its deadline. For one thread. */
public final class Line implements AutoCloseable {
    /** What one attempt to do something comes to. */
    @FunctionalInterface
    private interface Act {
        int run() throws IOException;
    }

    private final SocketChannel channel;
    private final Duration timeout;
    private volatile boolean expired;

    private Line(SocketChannel channel, Duration timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    static Line open(SocketAddress backend, Duration timeout) throws IOException {
        SocketChannel channel = backend instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        Line line = new Line(channel, timeout);
        try {
            Executor late = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            late.execute(line::expire);
            var _ = line.within(() -> channel.connect(backend) ? 1 : 0);
            return line;
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    private void expire() {
        expired = true;
        close();
    }

    /** Sends all that remains of {@code bytes}. */
    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            var _ = within(() -> channel.write(bytes));
        }
    }

    /** Receives some bytes. */
    void read(ByteBuffer bytes) throws IOException {
        if (within(() -> channel.read(bytes)) < 0) {
            throw new EOFException("it closed the connection");
        }
    }

    private int within(Act act) throws IOException {
        try {
            return act.run();
        } catch (ClosedChannelException e) {
            throw expired ? new IOException("no answer within " + timeout.toMillis() + " ms", e) : e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is over, one way or another.
        }
    }
}
