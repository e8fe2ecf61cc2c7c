package dev.portshare.listen;

import dev.portshare.backend.Connecting;
import dev.portshare.backend.Way;
import dev.portshare.connection.Carried;
import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.connection.Loop;
import dev.portshare.connection.Resumable;
import dev.portshare.connection.Side;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.route.Outcome;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import dev.portshare.session.CloseReason;
import dev.portshare.splice.Splice;
import dev.portshare.splice.Stillness;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one client's head until it is decided what it is, or its deadline has passed, or {@link Loop#HEAD_LIMIT} bytes
 * decided nothing, or the loop keeps too many large heads already; then asks the routes and sets out for the backend. As a
 * {@link Deadline} it is the {@code head} clock.
 *
 * <p>With {@code silent: 0s} the backend of a client that says nothing is connected at accept, beside the reading; the
 * decision then keeps it or drops it, and if it ends first, that decides too.
 */
class HeadReader extends Deadline implements Resumable, Connecting.Outcome {
    private static final byte[] NOTHING = {};
    private static final Detection.Match SILENT = Detection.Match.of(Detectors.SILENT);
    private static final Detection.Match UNRECOGNISED = Detection.Match.of(Detectors.UNRECOGNISED);

    private final Connection connection;
    private final Rules rules;
    private final Clocks clocks;
    private byte[] held = NOTHING;
    /** How many of its first bytes are kept in {@link #held}: outside of a reading, all. */
    private int kept;

    private int length;
    /** Null until it is large. */
    private @Nullable Asking asking;

    private boolean decided;
    private @Nullable Route early;
    private @Nullable Way way;
    private @Nullable Connecting connecting;
    private boolean backendReady;
    /** The event loop's turn in which it became so. */
    private int readyTurn;

    private @Nullable LateRecognition late;
    private @Nullable Deadline grace;
    private boolean isGraceOver;
    private @Nullable Proof admitted;

    HeadReader(Connection connection, Rules rules, Clocks clocks) {
        this.connection = connection;
        this.rules = rules;
        this.clocks = clocks;
    }

    /** Begins with what has arrived already: on most connections that is the whole head. */
    void start() {
        start(NOTHING);
    }

    /** Begins with {@code head}, which another process has read already, and with what has arrived since. */
    void start(byte[] head) {
        Side client = connection.client();
        connection.deadline(this);
        client.tell(this);
        connection.run((_, _) -> {
            if (head.length > 0) {
                connection.loop().buffer().put(head);
                length = head.length;
                classify();
                if (!decided) {
                    hold();
                }
            }
            readOn();
            if (!connection.isClosed()) {
                client.watch(false);
            }
        });
    }

    /** Reads what has come, and sets the clocks where that decides nothing. */
    final void readOn() throws IOException {
        read();
        if (!decided) {
            Clocks.Head left = hasSpoken() ? clocks.spoken() : clocks.silent();
            left.head().start(this);
            if (length == 0) {
                mindSilence(left);
            }
        }
    }

    /** A backend that is connected already is connected anew: it has got nothing yet, so no packet has been used up. */
    @Override
    public Carried.Stage stage() {
        if (admitted != null) {
            rules.withdraw(admitted);
        }
        byte[] head = decided ? connecting == null ? NOTHING : connecting.head() : Arrays.copyOf(held, length);
        return new Carried.Head(head);
    }

    /** Whether the peer has sent anything. */
    boolean hasSpoken() {
        return length > 0;
    }

    /** Whether the client has said nothing yet, and nothing is decided. */
    final boolean isSilent() {
        return length == 0 && !decided;
    }

    /** The client has said nothing yet. */
    void mindSilence(Clocks.Head left) {
        if (rules.connectsAtAccept()) {
            Route route = rules.route(SILENT, connection);
            if (route != null && serves(route)) {
                early = route;
                connect(route, 0);
            }
        } else if (rules.routesSilence()) {
            Deadline silence = new Deadline() {
                @Override
                protected void expired() {
                    connection.run((_, _) -> decide(SILENT));
                }
            };
            connection.secondDeadline(silence);
            left.silent().start(silence);
        }
    }

    @Override
    public void ready(Side side, EpollIoOps events) throws IOException {
        if (side != connection.client()) {
            // A reset comes with it; asking for the error would keep whoever reads on from meeting it, behind the last
            // byte.
            if (events.contains(EpollIoOps.EPOLLRDHUP) && connection.loop().turn() != readyTurn) {
                settle();
                if (events.contains(EpollIoOps.EPOLLERR)) {
                    // Behind an end, reading does not meet it: told of again.
                    side.watchAgain();
                }
            }
        } else if (events.contains(EpollIoOps.EPOLLERR) && side.getSoError() != 0) {
            connection.close(CloseReason.CLIENT_RESET);
        } else if (!decided) {
            read();
        }
    }

    private void read() throws IOException {
        Side client = connection.client();
        while (!decided) {
            int count = client.read(length, Loop.HEAD_LIMIT);
            if (count == 0) {
                return;
            }
            if (count < 0) {
                giveUp(UNRECOGNISED);
                return;
            }
            if (length == 0 && early == null) {
                connection.secondDeadline(null);
            }
            length += count;
            if (isDue(length)) {
                loadHeld();
                classify();
            }
            if (!decided && hold() && !client.mayHaveMore()) {
                return;
            }
        }
    }

    /** Whether it is to be asked now what a head of {@code length} is; if not, somebody will before long. */
    boolean isDue(int length) {
        if (length <= Loop.SMALL_HEAD) {
            return true;
        }
        if (asking == null) {
            asking = new Asking(this::askAgain);
        }
        return asking.isDue(length, connection.loop());
    }

    private void askAgain() {
        connection.run((_, _) -> {
            loadHeld();
            classify();
        });
    }

    /** What the peer has sent, at the start of the loop's buffer. */
    final ByteBuffer head() {
        return connection.loop().buffer().limit(length).asReadOnlyBuffer();
    }

    /** Takes the first {@code count} bytes off, the last of which was read just now. */
    final void drop(int count) {
        connection.loop().buffer().limit(length).position(count).compact();
        length -= count;
        kept = 0;
    }

    void classify() {
        Detection detection = rules.classifier(isGraceOver).classify(head());
        // No switch over types, here and below: linking it would have the first client after the start wait for 20 ms.
        if (detection instanceof Detection.Match match) {
            decide(match);
        } else if (detection == Detection.NO_MATCH || length == Loop.HEAD_LIMIT) {
            decide(UNRECOGNISED);
        } else {
            Outcome outcome = rules.foregone(isGraceOver, head(), connection);
            // Whom nobody serves can wait: the log shall say what it was.
            if (outcome != null && outcome.route() != null && serves(outcome.route())) {
                late = new LateRecognition(connection, rules.classifier());
                late.see(head());
                end();
                // What it is if it never becomes anything else.
                tell(UNRECOGNISED);
                take(outcome.route());
            } else if (grace == null && rules.hasGrace()) {
                grace = new Grace();
                clocks.grace().start(grace);
            }
        }
    }

    /** Ends the patience with what may still become an OpenVPN client's first packet. */
    private final class Grace extends Deadline {
        @Override
        protected void expired() {
            connection.run((_, _) -> {
                isGraceOver = true;
                loadHeld();
                classify();
            });
        }
    }

    /** Keeps what stands in the loop's buffer and is not kept yet; where there is no room for it, the head counts as it is. */
    private boolean hold() {
        if (held.length < length) {
            int size = Math.max(length, Math.min(2 * held.length, Loop.HEAD_LIMIT));
            if (!connection.resizeHead(size)) {
                giveUp(UNRECOGNISED);
                return false;
            }
            held = Arrays.copyOf(held, size);
        }
        connection.loop().buffer().position(kept).get(held, kept, length - kept);
        kept = length;
        return true;
    }

    /** Puts what is kept to the start of the loop's buffer; what was read since stands behind it already. */
    private void loadHeld() {
        if (kept > 0) {
            connection.loop().buffer().put(held, 0, kept);
        }
    }

    @Override
    protected void expired() {
        connection.run((_, _) -> settle());
    }

    /** No more is waited for: what has come is all there is to decide on. */
    private void settle() {
        giveUp(length == 0 && early != null ? SILENT : UNRECOGNISED);
    }

    /** It is what it has become meanwhile, or else {@code match}. */
    private void giveUp(Detection.Match match) {
        loadHeld();
        if (asking != null && asking.isBehind(length)) {
            classify();
        }
        if (!decided) {
            decide(match);
        }
    }

    private void end() {
        decided = true;
        cancel();
        if (grace != null) {
            grace.cancel();
        }
        if (asking != null) {
            asking.cancel();
        }
        held = NOTHING;
        kept = 0;
        connection.resizeHead(0);
        Places places = rules.places();
        if (places != null) {
            places.decided(connection);
        }
    }

    /** Ends the connection before it is known what it is. */
    final void refuse(CloseReason reason) {
        end();
        connection.close(reason);
    }

    /** The head stands at the start of the loop's buffer. */
    void decide(Detection.Match match) {
        end();
        tell(match);
        Detection.Match admissible = rules.admitted(match);
        admitted = admissible.proof();
        Route route = rules.route(admissible, connection);
        if (match.serverName() != null) {
            rules.knock(match.serverName(), connection);
        }
        take(route);
    }

    /** Whether {@code route} leads this client to a backend. */
    private boolean serves(Route route) {
        return route.to() instanceof Target.Forward && !route.denies(connection.peer());
    }

    /** For the log. */
    void tell(Detection.Match match) {
        connection.decided(match.protocol(), match.serverName(), match.applicationProtocols());
    }

    private void take(@Nullable Route route) {
        if (route == null) {
            connection.close(CloseReason.NO_ROUTE);
            return;
        }
        boolean isDenied = route.denies(connection.peer());
        if (isDenied || !(route.to() instanceof Target.Forward forward)) {
            connection.routed(route.name(), null);
            if (isDenied) {
                connection.close(CloseReason.DENIED);
            } else if (route.ending() == null) {
                connection.close(CloseReason.REJECTED);
            } else {
                endTls(route);
            }
            return;
        }
        connection.routed(route.name(), connecting != null && route == early ? connecting.backend() : forward);
        Places places = rules.places();
        CloseReason excess = places == null ? null : places.take(connection, route);
        if (excess != null) {
            connection.close(excess);
            return;
        }
        if (route.ending() != null) {
            endTls(route);
        } else if (connecting != null && route == early && connecting.isUpToDate()) {
            keepEarly(connecting);
        } else {
            if (connecting != null) {
                connecting.abandon();
            }
            connect(route, length);
        }
    }

    private void endTls(Route route) {
        if (connecting != null) {
            connecting.abandon();
        }
        int received = length;
        length = 0;
        TlsHandshake.start(connection, rules, route, received, clocks, this::ended);
    }

    /** {@code route} leads somewhere, whose TLS was ended: a backend may speak first. */
    private void ended(Route route) {
        connection.client().tell(this);
        connect(route, 0);
    }

    private void connect(Route route, int headLength) {
        way = rules.ways().of(route);
        connecting = Connecting.start(connection, way, headLength, rules.resolver(), clocks.connect(), this);
    }

    private void keepEarly(Connecting connecting) {
        if (!backendReady) {
            connecting.head(length);
            return;
        }
        Side backend = connection.requireBackend();
        try {
            // A Unix socket refuses even no bytes where its peer has closed; and what that said first is still to be
            // read.
            if (length > 0) {
                backend.write(0, length);
            }
        } catch (IOException | NotYetConnectedException e) {
            connection.lost(backend, e);
            return;
        }
        connected();
    }

    @Override
    public void connected() {
        Side backend = connection.requireBackend();
        if (decided) {
            // Lets go of what led here: an idle connection keeps nothing of its beginning.
            connection.secondDeadline(late);
            if (late != null) {
                clocks.spoken().head().start(late);
            }
            connection.addIn(length);
            Stillness still = clocks.still(connection.loop(), way);
            Splice.start(connection, backend, still, late);
        } else {
            backendReady = true;
            backend.tell(this);
            // In this turn an event may still be the former owner's of the descriptor. Its own end may have come in the
            // very event that said it is connected.
            readyTurn = connection.loop().turn();
            backend.watchAgain();
        }
    }

    @Override
    public void failed(CloseReason reason) {
        if (decided || reason == CloseReason.BACKEND_RESET) {
            connection.close(reason);
        } else {
            // Tried again, and reported, when the head is decided.
            early = null;
            connecting = null;
        }
    }
}
