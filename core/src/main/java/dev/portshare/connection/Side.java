package dev.portshare.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * The client's or the backend's socket of one connection, on the connection's event loop.
 *
 * <p>Events are edge-triggered and mere hints: epoll may report an event of a descriptor that has been closed and given out
 * again within the same turn. So whoever is told reads, writes or asks for the error, and believes what the kernel answers.
 */
public final class Side extends Socket implements EpollIoHandle {
    /** Something can be read: bytes, the end, or an error. */
    private static final EpollIoOps READ =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);

    private static final EpollIoOps READ_AND_WRITE = READ.with(EpollIoOps.EPOLLOUT);
    private static final int SOL_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;

    /** Is told of a side's events. */
    public interface Events {
        /**
         * Something may have happened.
         *
         * @throws IOException the side's own failure, which ends the connection
         */
        void ready(Side side, EpollIoOps events) throws IOException;
    }

    private final Connection connection;
    private @Nullable IoRegistration registration;
    private @Nullable Events events;
    private @Nullable ByteBuf unsent;
    private boolean watchesWrites;
    private boolean sawEnd;

    /** The side of {@code connection} that has the descriptor {@code fd}, and owns it from now on. */
    Side(Connection connection, int fd) {
        super(fd);
        this.connection = connection;
    }

    /**
     * A new TCP socket, unconnected.
     *
     * @throws io.netty.channel.ChannelException if there is no descriptor left
     */
    static Side tcp(Connection connection, boolean ipv6) throws IOException {
        Side side = new Side(connection, newSocketStream0(ipv6));
        side.setIntOpt(SOL_TCP, TCP_NODELAY, 1);
        side.setIntOpt(SOL_SOCKET, SO_KEEPALIVE, 1);
        return side;
    }

    /**
     * A new Unix-domain stream socket, unconnected.
     *
     * @throws io.netty.channel.ChannelException if there is no descriptor left
     */
    static Side unix(Connection connection) {
        return new Side(connection, newSocketDomain0());
    }

    @Override
    public FileDescriptor fd() {
        return this;
    }

    /** From now on {@code events} is told. */
    public void tell(Events events) {
        this.events = events;
    }

    /** Begins to watch, for writing too where {@code writes}; what is ready already is told at the next turn. */
    public void watch(boolean writes) {
        watchesWrites |= writes;
        registration = connection.loop().register(this).syncUninterruptibly().getNow();
        watchAgain();
    }

    /** Has whatever is ready told again at the next turn: for whoever stopped reading before the kernel had no more. */
    public void watchAgain() {
        if (registration != null) {
            registration.submit(watchesWrites ? READ_AND_WRITE : READ);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (ops.contains(EpollIoOps.EPOLLRDHUP)) {
            sawEnd = true;
        }
        connection.dispatch(this, events, ops);
    }

    /**
     * Reads once into the loop's buffer, at {@code from} and up to {@code to}.
     *
     * @return the number of bytes, 0 if there are none now, -1 if the peer has ended its direction
     */
    public int read(int from, int to) throws IOException {
        return recvAddress(connection.loop().bufferAddress(), from, to);
    }

    /** Whether a read of less than was asked for leaves nothing: not where the peer's end may follow unannounced. */
    public boolean isDrainedByShortRead() {
        return !sawEnd;
    }

    /** Tries to send from the loop's buffer, keeping nothing: the number of bytes that went. */
    public int send(int from, int to) throws IOException {
        return sendAddress(connection.loop().bufferAddress(), from, to);
    }

    /** Sends from the loop's buffer; what the kernel does not take is kept and sent by {@link #flush}. Nothing may be kept yet. */
    public void write(int from, int to) throws IOException {
        int sent = send(from, to);
        if (from + sent < to) {
            ByteBuffer rest = connection.loop().buffer().limit(to).position(from + sent);
            unsent = PooledByteBufAllocator.DEFAULT
                    .directBuffer(rest.remaining())
                    .writeBytes(rest);
            if (!watchesWrites) {
                watchesWrites = true;
                watchAgain();
            }
        }
    }

    /** Sends what is kept; whether nothing is kept now. If false, an event will tell when to try again. */
    public boolean flush() throws IOException {
        ByteBuf kept = unsent;
        if (kept == null) {
            return true;
        }
        ByteBuffer bytes = kept.internalNioBuffer(kept.readerIndex(), kept.readableBytes());
        kept.skipBytes(send(bytes, bytes.position(), bytes.limit()));
        if (kept.isReadable()) {
            return false;
        }
        unsent = null;
        kept.release();
        return true;
    }

    /** Whether bytes are kept that the kernel would not take. */
    public boolean isBlocked() {
        return unsent != null;
    }

    /** Ends this side's outgoing direction with a FIN, behind all that was written. */
    public void finish() throws IOException {
        shutdown(false, true);
    }

    /** Takes what can be read and forgets it, so that closing sends a FIN rather than a reset; a bounded amount. */
    void discard() {
        try {
            for (int i = 0; i < 16 && read(0, Loop.HEAD_LIMIT) > 0; i++) {}
        } catch (IOException | NotYetConnectedException _) {
            // It is about to be closed all the same.
        }
    }

    /** Closes the socket: with a FIN, or with a reset. */
    void close(boolean reset) {
        try {
            if (reset) {
                setSoLinger(0);
            }
        } catch (IOException _) {
            // The peer has reset it already.
        }
        close();
    }

    /** Closes the socket and forgets what is kept. The descriptor goes first: then no call is needed to stop watching it. */
    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException _) {
            // Linux has given the descriptor back whatever close() says.
        }
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}
}
