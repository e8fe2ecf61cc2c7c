package dev.portshare.connection;

import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import dev.portshare.session.RouteTotals;
import dev.portshare.session.Session;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A session and what it holds: the client's side from accept on, the backend's from connect on, and its deadlines. */
public sealed class Connection extends Session permits ProxiedConnection {
    private static final Logger LOG = LogManager.getLogger(Connection.class);

    private final Loop loop;
    private final Side client;
    private final @Nullable Endpoint local;
    private @Nullable Side backend;
    /** Null nearly always. */
    private @Nullable List<Side> aside;

    private @Nullable Attachment attachment;
    private @Nullable Guest guest;
    private @Nullable Deadline deadline;
    private @Nullable Deadline secondDeadline;
    private int headSize;

    @Nullable
    Connection older;

    @Nullable
    Connection newer;

    /**
     * A connection accepted now on {@code loop}, where it lives until it is closed.
     *
     * @param fd    the accepted descriptor, which belongs to the connection from here on
     * @param local the address that the client connected to; null where the listener has more than one
     * @param peer  who connected; null for a client on a {@code unix:} listener
     */
    @SuppressWarnings("this-escape") // to what calls nothing that the one subclass overrides
    public Connection(Loop loop, int fd, String listener, @Nullable Endpoint local, @Nullable Endpoint peer) {
        super(loop.newId(), listener, peer, loop.observer(), loop.now());
        this.loop = loop;
        this.local = local;
        this.client = new Side(this, fd);
        loop.add(this);
    }

    /** One that another process accepted, and that goes on on {@code loop} as {@code carried} says; its descriptors belong to it from here on. */
    @SuppressWarnings("this-escape") // as above
    public Connection(Loop loop, Carried carried) {
        super(
                loop.newId(),
                carried.session().listener(),
                carried.session().peer(),
                loop.observer(),
                carried.session().accepted());
        this.loop = loop;
        this.local = null;
        this.client = new Side(this, carried.client());
        loop.add(this);
        if (carried.backend() != null) {
            this.backend = new Side(this, carried.backend());
            resume(carried.session());
        }
    }

    /** Whether another process can go on with it: not where it would need the keys that TLS has agreed on. */
    public boolean isCarriable() {
        return !client.isSecure()
                && (backend == null || !backend.isSecure() || !(client.stage() instanceof Carried.Spliced));
    }

    /** What another process needs to go on with it, if it {@link #isCarriable}. */
    public Carried carry() {
        Carried.Stage stage = client.stage();
        boolean isSpliced = stage instanceof Carried.Spliced;
        return new Carried(
                state(),
                carriedHeader(),
                stage,
                client.carry(),
                isSpliced ? requireBackend().carry() : null);
    }

    /** For {@link Carried#header}. */
    protected byte @Nullable [] carriedHeader() {
        return null;
    }

    public Loop loop() {
        return loop;
    }

    /** What was chosen by ALPN where the client's TLS is ended here; null: nothing, or it is not. */
    public @Nullable String chosenProtocol() {
        return client.isSecure() ? client.tls().applicationProtocol() : null;
    }

    /** What it takes up besides, which is told when it has ended; null: nothing. */
    public @Nullable Guest guest() {
        return guest;
    }

    /** It takes up {@code guest} from now on, and did nothing before. */
    public void guest(Guest guest) {
        this.guest = guest;
    }

    /** Whether {@link #peer} says whose it is: not before a PROXY header that is due has come. */
    public boolean knowsPeer() {
        return true;
    }

    public Side client() {
        return client;
    }

    /** The backend's side, which has been opened and not given up. */
    public Side requireBackend() {
        return Objects.requireNonNull(backend, "no backend's side is open");
    }

    /**
     * Opens a socket for the backend at {@code address}, not connected yet; an earlier one is closed.
     *
     * @param speaks whether bytes are sent as soon as it is connected
     * @throws io.netty.channel.ChannelException if there is no descriptor left
     */
    public Side openTcp(InetAddress address, boolean speaks) throws IOException {
        closeBackend();
        Side side = Side.tcp(this, address, speaks);
        backend = side;
        return side;
    }

    /** As {@link #openTcp}, for a {@code unix:} backend. */
    public Side openUnix() {
        closeBackend();
        Side side = Side.unix(this);
        backend = side;
        return side;
    }

    /** Gives up the connection to the backend, unused. */
    public void closeBackend() {
        if (backend != null) {
            detach(false);
            backend.close();
            backend = null;
        }
    }

    /** Sets the backend's side, which is being connected, aside: another may be opened besides. */
    public void setAside() {
        if (aside == null) {
            aside = new ArrayList<>();
        }
        aside.add(requireBackend());
        backend = null;
    }

    /** The backend's side is {@code side} after all, if it was set aside, and another is closed; false: it was not. */
    public boolean takeBack(Side side) {
        boolean was = aside != null && aside.remove(side);
        if (was) {
            closeBackend();
            backend = side;
        }
        return was;
    }

    /** Closes {@code side}, if it was set aside; false: it was not. */
    public boolean closeAside(Side side) {
        boolean was = aside != null && aside.remove(side);
        if (was) {
            side.close();
        }
        return was;
    }

    /** Closes all that are set aside. */
    public void closeAside() {
        if (aside != null) {
            aside.forEach(Side::close);
            aside = null;
        }
    }

    /** Has {@code attachment} told before the backend's side, which is open, is closed. */
    public void attach(Attachment attachment) {
        attachment.next = this.attachment;
        this.attachment = attachment;
    }

    @Override
    protected @Nullable Endpoint standIn() {
        for (Attachment each = attachment; each != null; each = each.next) {
            Endpoint standIn = each.standIn();
            if (standIn != null) {
                return standIn;
            }
        }
        return null;
    }

    @Override
    public @Nullable Endpoint backendSees() {
        InetSocketAddress address = backend == null || !backend.isInternet() ? null : backend.localAddress();
        return address == null ? null : Endpoint.of(address);
    }

    private void detach(boolean goesOn) {
        Attachment rest = attachment;
        attachment = null;
        for (; rest != null; rest = rest.next) {
            rest.detached(goesOn);
        }
    }

    /** The deadline that now counts; an earlier one is cancelled. */
    public void deadline(Deadline deadline) {
        if (this.deadline != null) {
            this.deadline.cancel();
        }
        this.deadline = deadline;
    }

    /** One that counts besides, for a part of the time; an earlier one is cancelled; null for none. */
    public void secondDeadline(@Nullable Deadline deadline) {
        if (secondDeadline != null) {
            secondDeadline.cancel();
        }
        secondDeadline = deadline;
    }

    /**
     * Asks for room to keep {@code size} bytes of head, instead of what was asked for before; 0 gives it back.
     *
     * @return false where the large heads of this event loop take up all that they may
     */
    public boolean resizeHead(int size) {
        boolean granted = loop.resizeHead(headSize, size);
        headSize = granted ? size : headSize;
        return granted;
    }

    /** Runs {@code events}, and ends the connection if that fails. */
    void dispatch(Side side, Side.@Nullable Events events, EpollIoOps ops) {
        if (isClosed() || events == null) {
            return;
        }
        try {
            events.ready(side, ops);
        } catch (IOException | NotYetConnectedException e) {
            lost(side, e);
        } catch (Throwable e) {
            failed(e);
        }
    }

    /** Runs {@code step}, which concerns the client's side, and ends the connection if that fails. */
    public void run(Side.Events step) {
        dispatch(client, step, EpollIoOps.NONE);
    }

    /** A socket call on {@code side} failed: the peer's doing. */
    public void lost(Side side, Exception failure) {
        // ENOTCONN arrives as NotYetConnectedException: a reset was seen by an earlier call.
        boolean reset = !(failure instanceof Errors.NativeIoException error)
                || error.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE
                || error.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE;
        LOG.debug("connection of {}: {}", peer(), failure.getMessage());
        if (side == client) {
            close(reset ? CloseReason.CLIENT_RESET : CloseReason.CLIENT_LOST);
        } else {
            close(reset ? CloseReason.BACKEND_RESET : CloseReason.BACKEND_LOST);
        }
    }

    /** Something failed that no peer can cause. */
    private void failed(Throwable bug) {
        // By its number: its own line says whose it is, as far as the log may tell.
        LOG.error("connection {} ended by a bug in portshare", id(), bug);
        close(CloseReason.INTERNAL_ERROR);
    }

    @Override
    public long now() {
        return loop.now();
    }

    @Override
    protected RouteTotals totals(String route) {
        return loop.totals(route);
    }

    @Override
    public @Nullable Endpoint local() {
        if (local != null || peer() == null) {
            return local;
        }
        InetSocketAddress address = client.localAddress();
        return address == null ? null : Endpoint.of(address);
    }

    /** Whether {@link #peer} is an IPv4 address of an IPv6 socket: the client came to a listener for both. */
    public boolean isPeerMapped() {
        Endpoint peer = peer();
        return peer != null && peer.isIpv4() && client.isIpv6();
    }

    @Override
    protected void release(CloseReason reason) {
        if (deadline != null) {
            deadline.cancel();
        }
        secondDeadline(null);
        resizeHead(0);
        closeAside();
        loop.remove(this);
        if (guest != null) {
            guest.left();
        }
        if (reason == CloseReason.HANDED_ON) {
            // Where no bytes move yet, a backend's side goes no further than this.
            detach(client.stage() instanceof Carried.Spliced);
            client.leave();
            if (backend != null) {
                backend.leave();
            }
            return;
        }
        if (!reason.isReset() && !reason.isTurnedAway() && reason != CloseReason.COMPLETED) {
            client.discard();
        }
        client.close(reason.isReset());
        detach(false);
        if (backend != null) {
            backend.close(reason.isReset());
        }
    }
}
