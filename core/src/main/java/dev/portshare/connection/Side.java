package dev.portshare.connection;

import dev.portshare.tls.TlsEngine;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
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
    private static final int TCP_QUICKACK = 12;
    private static final int TCP_CONGESTION = 13;
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_DOMAIN = 39;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** Is told of a side's events. */
    public interface Events {
        /**
         * Something may have happened.
         *
         * @throws IOException the side's own failure, which ends the connection
         */
        void ready(Side side, EpollIoOps events) throws IOException;
    }

    /** A read or a splice of so many bytes is a large one, and a splice of no more than half of it a small one. */
    private static final int LARGE = 16 * 1024;
    /** So many large reads in a row, and copying costs more than splicing. */
    private static final int BULK = 4;

    /** Room to write is watched for. */
    private static final int WATCHES_WRITES = 1;
    /** TCP_NODELAY is still to be set: the first packet leaves at once without it, and many connections send no second. */
    private static final int DELAYS = 2;
    /** An event told of the peer's end. */
    private static final int SAW_END = 4;

    private final Connection connection;
    private @Nullable IoRegistration registration;
    private @Nullable Events events;
    /** Null nearly always: an idle connection keeps nothing. */
    private @Nullable Kept kept;
    /** Null: bytes go as they are. */
    private @Nullable TlsLayer tls;

    /** Of {@link #WATCHES_WRITES}, {@link #DELAYS} and {@link #SAW_END}: as booleans they would cost each side eight bytes more. */
    private byte state;

    private byte largeReads;
    private boolean mayHaveMore;

    /** The side of {@code connection} that has the descriptor {@code fd}, and owns it from now on. */
    Side(Connection connection, int fd) {
        super(fd);
        this.connection = connection;
    }

    /** The side that {@code end} was in another process. */
    Side(Connection connection, Carried.End end) {
        this(connection, end.fd());
        set(DELAYS, end.delays());
        kept = Kept.of(end, connection.loop().pipes());
    }

    private boolean is(int bit) {
        return (state & bit) != 0;
    }

    private void set(int bit, boolean on) {
        state = (byte) (on ? state | bit : state & ~bit);
    }

    /** What another process needs to go on with it. */
    Carried.End carry() {
        return kept == null
                ? new Carried.End(intValue(), is(DELAYS), null, Kept.NOTHING)
                : kept.carry(intValue(), is(DELAYS));
    }

    /** How far whoever is told has come. */
    Carried.Stage stage() {
        if (events instanceof Resumable resumable) {
            return resumable.stage();
        }
        throw new IllegalStateException("nobody reads the client");
    }

    /**
     * A new TCP socket, to be connected to {@code address}.
     *
     * @param speaks whether bytes are sent as soon as it is connected
     * @throws io.netty.channel.ChannelException if there is no descriptor left
     */
    static Side tcp(Connection connection, InetAddress address, boolean speaks) throws IOException {
        Side side = new Side(connection, unreserved(newSocketStream0(address instanceof Inet6Address)));
        side.set(DELAYS, true);
        if (speaks) {
            // The handshake's last ACK travels with the head, instead of in a packet of its own.
            side.setIntOpt(SOL_TCP, TCP_QUICKACK, 0);
        }
        if (address.isLoopbackAddress()) {
            ByteBuffer congestionControl = Pacing.FREE;
            if (congestionControl != null) {
                side.setRawOpt(SOL_TCP, TCP_CONGESTION, congestionControl.duplicate());
            }
        } else {
            // Whoever is on this machine does not vanish without a word.
            side.setIntOpt(SOL_SOCKET, SO_KEEPALIVE, 1);
        }
        return side;
    }

    /**
     * A new Unix-domain stream socket, unconnected.
     *
     * @throws io.netty.channel.ChannelException if there is no descriptor left
     */
    static Side unix(Connection connection) {
        return new Side(connection, unreserved(newSocketDomain0()));
    }

    private static int unreserved(int fd) {
        try {
            return Reserve.unreserved(fd);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /** Whether it has an IP address: a Unix-domain socket must not be asked for one. */
    boolean isInternet() {
        try {
            int family = getIntOpt(SOL_SOCKET, SO_DOMAIN);
            return family == AF_INET || family == AF_INET6;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public FileDescriptor fd() {
        return this;
    }

    /** Whether the socket is one for IPv6 addresses. */
    boolean isIpv6() {
        return ipv6;
    }

    /** From now on {@code events} is told. */
    public void tell(Events events) {
        this.events = events;
    }

    /** Begins to watch, for writing too where {@code writes}; what is ready already is told at the next turn. */
    public void watch(boolean writes) {
        set(WATCHES_WRITES, writes || is(WATCHES_WRITES));
        registration = connection.loop().watch(this);
        watchAgain();
    }

    /** Has whatever is ready told again at the next turn: for whoever stopped reading before the kernel had no more. */
    public void watchAgain() {
        if (registration != null) {
            registration.submit(is(WATCHES_WRITES) ? READ_AND_WRITE : READ);
        }
        if (tls != null && tls.holds()) {
            // Of this epoll knows nothing.
            connection.loop().execute(() -> connection.dispatch(this, events, EpollIoOps.EPOLLIN));
        }
    }

    /**
     * What is sent from now on is encrypted by {@code engine}, which is this side's, and what is received decrypted; first of all
     * {@link #handshake} is to be called.
     *
     * @param received how many bytes at the start of the loop's buffer were read from here and are its
     */
    public void secure(TlsEngine engine, int received) {
        byte[] bytes = null;
        if (received > 0) {
            bytes = new byte[received];
            connection.loop().buffer().get(bytes);
        }
        tls = new TlsLayer(this, connection.loop(), engine, bytes);
    }

    /**
     * Goes on with the handshake of TLS, as far as what has come permits; whether it is done. If not, an event tells when to try again.
     *
     * @throws dev.portshare.tls.TlsException where it has failed; the peer is told why, if it wants to know
     */
    public boolean handshake() throws IOException {
        return requireTls().handshake();
    }

    /** Whether bytes are encrypted here. */
    public boolean isSecure() {
        return tls != null;
    }

    /** What TLS is like here, once the {@link #handshake} is done. */
    public TlsEngine tls() {
        return requireTls().engine();
    }

    private TlsLayer requireTls() {
        return Objects.requireNonNull(tls, "it is secured");
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        // An event that tells of room to write alone says nothing of what can be read.
        mayHaveMore |= ops.value() != EpollIoOps.EPOLLOUT.value();
        if (ops.contains(EpollIoOps.EPOLLRDHUP)) {
            set(SAW_END, true);
        }
        connection.dispatch(this, events, ops);
    }

    /**
     * Reads once into the loop's buffer, at {@code from} and up to {@code to}.
     *
     * @return the number of bytes, 0 if there are none now, -1 if the peer has ended its direction
     */
    public int read(int from, int to) throws IOException {
        return tls == null ? receive(connection.loop().bufferAddress(), from, to) : tls.read(from, to);
    }

    /** As {@link #read}, whatever the bytes are, to {@code address}. */
    int receive(long address, int from, int to) throws IOException {
        int count = recvAddress(address, from, to);
        // A short read leaves nothing, unless the peer's end stands behind it, of which no further event would tell.
        mayHaveMore = count == to - from || is(SAW_END) && count != 0;
        largeReads = (byte) (count < LARGE ? 0 : Math.min(largeReads + 1, BULK));
        return count;
    }

    /** Whether reading on may bring something that no further event would tell of. */
    public boolean mayHaveMore() {
        return mayHaveMore;
    }

    /** If {@code more}, reading on may bring something. */
    void mayHaveMore(boolean more) {
        mayHaveMore |= more;
    }

    /** Whether so much comes from here that it had better be spliced. */
    public boolean isBulk() {
        return largeReads == BULK && tls == null;
    }

    /**
     * Moves bytes that {@code from} has on their way here, past this program's memory; {@link #flush} takes them on. Nothing
     * may be kept yet.
     *
     * @return the number of bytes; 0 where {@code from} has none now, or has ended, or no pipe is to be had, or bytes are encrypted here:
     *     reading tells
     */
    public int splice(Side from) throws IOException {
        Pipe pipe = tls == null ? kept().pipe() : null;
        if (pipe == null) {
            from.largeReads = 0;
            return 0;
        }
        int count = pipe.fill(from);
        if (count <= LARGE / 2) {
            from.largeReads = 0;
        }
        from.mayHaveMore = count > 0 || from.is(SAW_END);
        return count;
    }

    /** Tries to send from the loop's buffer, keeping nothing: the number of bytes that went. */
    public int send(int from, int to) throws IOException {
        return sendAddress(connection.loop().bufferAddress(), from, to);
    }

    /** Sends from the loop's buffer; what the kernel does not take is kept and sent by {@link #flush}. Nothing may be kept yet. */
    public void write(int from, int to) throws IOException {
        if (tls == null) {
            put(connection.loop().bufferAddress(), connection.loop().buffer(), from, to);
        } else {
            tls.write(from, to);
        }
    }

    /** Sends from {@code bytes}, which are at {@code address}, as they are; behind what is kept. */
    void put(long address, ByteBuffer bytes, int from, int to) throws IOException {
        if (is(DELAYS)) {
            set(DELAYS, false);
            setIntOpt(SOL_TCP, TCP_NODELAY, 1);
        }
        int sent = isBlocked() ? 0 : sendAddress(address, from, to);
        if (from + sent < to) {
            kept().add(bytes.limit(to).position(from + sent));
            watchWrites();
        }
    }

    private void watchWrites() {
        if (!is(WATCHES_WRITES)) {
            set(WATCHES_WRITES, true);
            watchAgain();
        }
    }

    private Kept kept() {
        if (kept == null) {
            kept = new Kept(connection.loop().pipes());
        }
        return kept;
    }

    /** Sends what is kept; whether nothing is kept now. If false, an event will tell when to try again. */
    public boolean flush() throws IOException {
        if (kept != null && !kept.flush(this)) {
            watchWrites();
            return false;
        }
        if (tls != null && tls.isFinDue()) {
            shutdown(false, true);
        }
        return true;
    }

    /** Gives an empty pipe back: a connection that moves nothing holds none. */
    public void rest() {
        if (kept != null && kept.isEmpty()) {
            forget();
        }
    }

    private void forget() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    /** Whether bytes are kept that the kernel would not take. */
    public boolean isBlocked() {
        return kept != null && !kept.isEmpty();
    }

    /** Has what was received acknowledged at once: a peer that waits for that, as Nagle's algorithm has it, would wait for 40 ms. */
    void acknowledge() throws IOException {
        setIntOpt(SOL_TCP, TCP_QUICKACK, 1);
    }

    /** Ends this side's outgoing direction with a FIN, behind all that was written. */
    public void finish() throws IOException {
        if (tls == null || tls.finish()) {
            shutdown(false, true);
        }
    }

    /** Takes what can be read and forgets it, so that closing sends a FIN rather than a reset; a bounded amount. */
    void discard() {
        try {
            for (int i = 0; i < 16 && receive(connection.loop().bufferAddress(), 0, Loop.HEAD_LIMIT) > 0; i++) {}
        } catch (IOException | NotYetConnectedException _) {
            // It is about to be closed all the same.
        }
    }

    /** Closes the socket: with a FIN, or with a reset. */
    void close(boolean reset) {
        try {
            if (reset) {
                setSoLinger(0);
            } else if (tls != null) {
                tls.farewell();
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
        if (tls != null) {
            tls.close();
            tls = null;
        }
        forget();
    }

    /** Closes it here, where another process has it as well. Watched no more: closing alone would not see to that. */
    void leave() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        close();
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}
}
