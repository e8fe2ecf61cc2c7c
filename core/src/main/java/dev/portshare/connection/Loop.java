package dev.portshare.connection;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionObserver;
import dev.portshare.session.RouteTotals;
import dev.portshare.tls.TlsBuffers;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.Buffer;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One event loop, and what its connections share: one copy buffer, one reading of the clock a turn, the list of the living. */
public final class Loop extends SingleThreadIoEventLoop {
    /** What the names of the loops' threads begin with. */
    public static final String THREAD = "loop-";

    /** The most that one connection's head may grow to. */
    public static final int HEAD_LIMIT = 128 * 1024;

    /** How many bytes there is room for in the buffer besides a head: for what a backend gets before it. */
    public static final int PREFACE_LIMIT = 1024;

    /** A head up to this size, twice that of a browser's post-quantum hello, is kept in any case. */
    public static final int SMALL_HEAD = 4 * 1024;
    /** What all larger heads of one event loop may take up together, so that slow strangers cannot fill the heap. */
    static final int LARGE_HEADS = 16 * 1024 * 1024;

    private final int index;
    private final int count;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(HEAD_LIMIT + PREFACE_LIMIT);
    private final long bufferAddress = Buffer.memoryAddress(buffer);
    private final Pipes pipes = new Pipes();
    /** Null until a connection wants it. */
    private @Nullable TlsBuffers tlsBuffers;

    private final ConnectionObserver observer;
    private final Map<String, RouteTotals> routes = new HashMap<>();
    /** Those of single routes, under their lengths. */
    private final Map<Duration, Deadlines> deadlines = new HashMap<>();

    private long nextId;
    private long now;
    private boolean nowIsFresh;
    private int turn;
    private @Nullable Connection newest;
    private int live;
    private int largeHeads;
    private int mostLargeHeads = LARGE_HEADS;
    private @Nullable CompletableFuture<Void> empty;

    /**
     * Loop {@code index} of {@code count}; its thread starts with its first task.
     *
     * @param observer is told of the end of each of this loop's connections
     */
    public Loop(int index, int count, ConnectionObserver observer) {
        super(null, new DefaultThreadFactory(THREAD + index), Loop::handler);
        this.index = index;
        this.count = count;
        this.observer = observer;
    }

    /** Not the factory itself: it says that a handler may change its thread, and then each turn reads the clock twice. */
    private static IoHandler handler(ThreadAwareExecutor executor) {
        return EpollIoHandler.newFactory().newHandler(executor);
    }

    @Override
    protected int runIo() {
        nowIsFresh = false;
        turn++;
        return super.runIo();
    }

    /** Counts the turns: each handles what epoll had to tell, once. */
    public int turn() {
        return turn;
    }

    /** {@link System#nanoTime}, read at most once a turn: on many virtual machines reading it is a system call. */
    public long now() {
        if (!nowIsFresh || !inEventLoop()) {
            now = System.nanoTime();
            nowIsFresh = true;
        }
        return now;
    }

    /** The copy buffer. Its bytes are the caller's until it returns to the event loop. */
    public ByteBuffer buffer() {
        return buffer.clear();
    }

    /** Where {@link #buffer} begins in memory. */
    long bufferAddress() {
        return bufferAddress;
    }

    /** Where all connections encrypt and decrypt; a chunk, or a head and its preface, at once. */
    TlsBuffers tlsBuffers() {
        TlsBuffers made = tlsBuffers == null ? new TlsBuffers(HEAD_LIMIT + PREFACE_LIMIT) : tlsBuffers;
        tlsBuffers = made;
        return made;
    }

    Pipes pipes() {
        return pipes;
    }

    /**
     * Registers {@code handle}; on the event loop. Past {@link #register}, whose promise and wrapper cost each connection
     * 50 bytes and tell nothing here.
     */
    public IoRegistration watch(IoHandle handle) {
        try {
            return ioHandler().register(handle);
        } catch (Exception e) {
            throw new IllegalStateException("epoll takes every handle", e);
        }
    }

    long newId() {
        return index + count * nextId++;
    }

    ConnectionObserver observer() {
        return observer;
    }

    /** Where this loop counts what {@code route} takes. */
    RouteTotals totals(String route) {
        RouteTotals totals = routes.get(route);
        if (totals == null) {
            totals = new RouteTotals(route);
            routes.put(route, totals);
        }
        return totals;
    }

    /** The deadlines of {@code length}, which all who ask for that length share; on the event loop. */
    public Deadlines deadlines(Duration length) {
        return deadlines.computeIfAbsent(length, _ -> new Deadlines(this, length));
    }

    /** What each route that ever took a connection of this loop has come to; on the event loop. */
    public Collection<RouteTotals> routes() {
        return routes.values();
    }

    /** How many connections it has accepted so far; on the event loop. */
    public long accepted() {
        return nextId;
    }

    /** How many of them live; on the event loop. */
    public int live() {
        return live;
    }

    /** Those that live, the newest first; on the event loop. */
    public List<Connection> connections() {
        List<Connection> connections = new ArrayList<>(live);
        for (Connection connection = newest; connection != null; connection = connection.older) {
            connections.add(connection);
        }
        return connections;
    }

    /** What large heads may take up together from now on; 0: the usual. On the event loop. */
    public void limitLargeHeads(int most) {
        mostLargeHeads = most == 0 ? LARGE_HEADS : most;
    }

    /** Changes what a kept head takes up from {@code before} to {@code after} bytes; false, and no change, if that is too much. */
    boolean resizeHead(int before, int after) {
        int change = (after > SMALL_HEAD ? after : 0) - (before > SMALL_HEAD ? before : 0);
        if (change > 0 && largeHeads > mostLargeHeads - change) {
            return false;
        }
        largeHeads += change;
        return true;
    }

    void add(Connection connection) {
        connection.older = newest;
        if (newest != null) {
            newest.newer = connection;
        }
        newest = connection;
        live++;
    }

    void remove(Connection connection) {
        Connection older = connection.older;
        Connection newer = connection.newer;
        if (older != null) {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        // Left in place, the links of one that got old would keep all that came after it from being collected young.
        connection.older = null;
        connection.newer = null;
        live--;
        if (live == 0 && empty != null) {
            empty.complete(null);
        }
    }

    /** Closes every live connection and what they shared; on the event loop. */
    public void closeAll(CloseReason reason) {
        while (newest != null) {
            newest.close(reason);
        }
        pipes.close();
    }

    /** Completes when no connection is left, which may be at once; on the event loop. */
    public CompletableFuture<Void> whenEmpty() {
        if (empty == null) {
            empty = new CompletableFuture<>();
        }
        if (live == 0) {
            empty.complete(null);
        }
        return empty;
    }
}
