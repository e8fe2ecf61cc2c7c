package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Exhaustion;
import dev.portshare.connection.Loop;
import dev.portshare.connection.ProxiedConnection;
import dev.portshare.connection.Reserve;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connections of one listening socket on one event loop. Every loop watches the same socket; the kernel wakes one
 * of them (EPOLLEXCLUSIVE, epoll_ctl(2)), and goes on telling while connections wait (level-triggered), so a busy loop
 * leaves them to the others.
 */
final class Acceptor implements EpollIoHandle {
    private static final Logger LOG = LogManager.getLogger(Acceptor.class);
    private static final EpollIoOps CONNECTIONS = EpollIoOps.valueOf(EpollIoOps.EPOLLIN.value() | 1 << 28);
    /** How many a busy loop accepts before it serves the connections that it has. */
    private static final int BATCH = 16;

    private static final long PAUSE_MILLIS = 100;
    /** How often, at most, it is said that clients wait for places. */
    private static final long TELLING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ListeningSocket socket;
    private final String label;
    private final boolean hasAddresses;
    private final @Nullable Endpoint local;
    private final Loop loop;
    private Rules rules;
    private Clocks clocks;
    private @Nullable Access access;
    private @Nullable Places places;
    /** The place of whoever is accepted next, while that is being done. */
    private @Nullable Stay ahead;
    /** Whether clients wait for places. */
    private boolean full;

    private long told;
    private final byte[] peer = new byte[26];
    private @Nullable IoRegistration registration;
    private int lastTurn;
    /** Whether hardly a descriptor was left for the client before. */
    private boolean near;

    private boolean exhausted;
    private boolean stopped;

    /** Accepts from {@code socket}, which stays its owner's, once {@link #start} is called. */
    Acceptor(ListeningSocket socket, Loop loop, Rules rules, Clocks clocks) {
        this.socket = socket;
        this.label = socket.address().toString();
        this.hasAddresses = !socket.isUnix();
        this.local = socket.local();
        this.loop = loop;
        this.rules = rules;
        this.clocks = clocks;
        this.access = rules.access(label);
        this.places = rules.places();
    }

    ListeningSocket socket() {
        return socket;
    }

    Loop loop() {
        return loop;
    }

    /** Begins to accept; on the event loop. */
    void start() {
        if (!stopped && registration == null) {
            registration = loop.watch(this);
            registration.submit(CONNECTIONS);
        }
    }

    /** Has {@code rules} decide over whoever is accepted from now on; on the event loop. Whoever was, keeps theirs. */
    void obey(Rules rules, Clocks clocks) {
        this.rules = rules;
        this.clocks = clocks;
        this.access = rules.access(label);
        this.places = rules.places();
        resume();
    }

    /**
     * Accepts those who wait in the backlog, unless the socket is kept for another process, and then no more; on the event
     * loop, before the socket is closed.
     */
    void stop() {
        if (!stopped) {
            if (!socket.isKept()) {
                accept(ListeningSocket.BACKLOG);
            }
            stopped = true;
            pause();
        }
    }

    private void pause() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        // Where clients come singly, asking for a second one would be a system call for nothing: epoll will tell.
        int batch = exhausted || loop.turn() == lastTurn + 1 ? BATCH : 1;
        lastTurn = loop.turn();
        accept(batch);
    }

    private void accept(int most) {
        try {
            for (int i = 0; i < most && !stopped; i++) {
                if (places != null && places.makeWait() && !takeAhead(places)) {
                    return;
                }
                if (near && Reserve.isNext()) {
                    waitForDescriptors("none is free");
                    return;
                }
                int fd = socket.accept(peer);
                if (fd < 0) {
                    exhausted = false;
                    return;
                }
                Endpoint from = peer();
                near = Reserve.isNear(fd);
                if (Reserve.has(fd)) {
                    // Another loop's client, or a backend, was quicker: who comes next waits.
                    new Connection(loop, fd, label, local, from).close(CloseReason.NO_DESCRIPTORS);
                    waitForDescriptors("the last ones are kept for the operator");
                    return;
                }
                if (access == null && places == null) {
                    new HeadReader(new Connection(loop, fd, label, local, from), rules, clocks).start();
                } else {
                    accept(fd, from);
                }
            }
        } catch (Errors.NativeIoException e) {
            if (Exhaustion.is(e.expectedErr())) {
                near = true;
                Reserve.renew();
                waitForDescriptors(String.valueOf(e.getMessage()));
            } else {
                // The client was gone before it was accepted (ECONNABORTED and the like, accept(2)).
                LOG.debug("accept on {}: {}", label, e.getMessage());
            }
        } catch (IOException | RuntimeException e) {
            // Never out of here: Netty would put the whole event loop to sleep for a second.
            LOG.error("accept on {}", label, e);
        } finally {
            if (ahead != null) {
                ahead.left();
                ahead = null;
            }
        }
    }

    /** Takes a place for whoever is accepted next; where there is none, stops accepting until somebody has left. */
    private boolean takeAhead(Places places) {
        ahead = places.ahead(label);
        if (ahead != null) {
            return true;
        }
        full = true;
        pause();
        if (told == 0 || loop.now() - told > TELLING_NANOS) {
            told = loop.now();
            LOG.warn(
                    "{} has all the connections that it may (limits.connections, or its own). New clients wait until"
                            + " others have left.",
                    label);
        }
        places.await(() -> loop.execute(this::resume));
        // Somebody may have left in between, whom nobody told: giving this back does.
        Stay place = places.ahead(label);
        if (place != null) {
            place.left();
        }
        return false;
    }

    /** Accepts again where clients waited for places. */
    private void resume() {
        if (full) {
            full = false;
            start();
        }
    }

    /** Accepts one whom there is something to be said about before its head is read. */
    private void accept(int fd, @Nullable Endpoint from) {
        boolean isProxied = access != null && access.believes(from);
        Connection connection = isProxied
                ? new ProxiedConnection(loop, fd, label, local, from)
                : new Connection(loop, fd, label, local, from);
        CloseReason reason = rules.denies(connection) ? CloseReason.DENIED : enter(connection);
        if (reason != null) {
            connection.close(reason);
        } else if (connection instanceof ProxiedConnection proxied) {
            new ProxiedHeadReader(proxied, rules, clocks).start();
        } else {
            new HeadReader(connection, rules, clocks).start();
        }
    }

    /** Why {@code connection} cannot stay; null: it can. */
    private @Nullable CloseReason enter(Connection connection) {
        if (places == null) {
            return null;
        }
        CloseReason reason = places.greet(connection, ahead);
        ahead = null;
        if (reason != null) {
            return reason;
        }
        if (places.areReserved() && places.areTaken()) {
            // It may be somebody for whom a place is kept.
            makeRoom(CloseReason.LIMIT_CONNECTIONS);
        }
        reason = places.seat(connection);
        if (reason == null && places.areHeadsTaken()) {
            makeRoom(CloseReason.LIMIT_HEADS);
        }
        return reason == null ? places.read(connection) : reason;
    }

    /** Ends, for {@code reason}, the one whose head has had the most time. */
    private void makeRoom(CloseReason reason) {
        HeadReader oldest = clocks.oldest();
        if (oldest != null) {
            oldest.refuse(reason);
        }
    }

    /** Leaves clients in the backlog for a while: asking again at once would fail again at once, and take all the CPU. */
    private void waitForDescriptors(String cause) {
        if (!exhausted) {
            exhausted = true;
            LOG.warn(
                    "cannot accept on {} for now: {}. New clients wait. Raise the limit on open files (LimitNOFILE= in"
                            + " the unit, ulimit -n in a shell): two for each connection.",
                    label,
                    cause);
        }
        pause();
        var _ = loop.schedule(this::start, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The peer as accept() left it: a length, then 4 or 16 bytes of address, the scope of the latter, and the port. */
    private @Nullable Endpoint peer() {
        if (!hasAddresses) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(peer, 1, peer[0]);
        if (bytes.remaining() == 8) {
            return Endpoint.ipv4(bytes.getInt(), bytes.getInt());
        }
        long high = bytes.getLong();
        long low = bytes.getLong();
        int scope = bytes.getInt();
        return new Endpoint(high, low, bytes.getInt(), scope);
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}

    /** The event loop ends: the socket is not this one's to close. */
    @Override
    public void close() {}
}
