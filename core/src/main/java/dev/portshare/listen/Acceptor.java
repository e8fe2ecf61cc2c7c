package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Exhaustion;
import dev.portshare.connection.Loop;
import dev.portshare.connection.ProxiedConnection;
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

    private final ListeningSocket socket;
    private final String label;
    private final boolean hasAddresses;
    private final @Nullable Endpoint local;
    private final Loop loop;
    private Rules rules;
    private Clocks clocks;
    private @Nullable Gate gate;
    private final byte[] peer = new byte[26];
    private @Nullable IoRegistration registration;
    private int lastTurn;
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
        this.gate = rules.gate(label);
    }

    ListeningSocket socket() {
        return socket;
    }

    Loop loop() {
        return loop;
    }

    /** Begins to accept; on the event loop. */
    void start() {
        if (!stopped) {
            socket.limitSilence(rules.timeouts().lost());
            registration = loop.watch(this);
            registration.submit(CONNECTIONS);
        }
    }

    /** Has {@code rules} decide over whoever is accepted from now on; on the event loop. Whoever was, keeps theirs. */
    void obey(Rules rules, Clocks clocks) {
        this.rules = rules;
        this.clocks = clocks;
        this.gate = rules.gate(label);
        socket.limitSilence(rules.timeouts().lost());
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
                int fd = socket.accept(peer);
                if (fd < 0) {
                    exhausted = false;
                    return;
                }
                Endpoint from = peer();
                if (gate == null) {
                    new HeadReader(new Connection(loop, fd, label, local, from), rules, clocks).start();
                } else {
                    accept(fd, from, gate);
                }
            }
        } catch (Errors.NativeIoException e) {
            if (Exhaustion.is(e.expectedErr())) {
                waitForDescriptors(e);
            } else {
                // The client was gone before it was accepted (ECONNABORTED and the like, accept(2)).
                LOG.debug("accept on {}: {}", label, e.getMessage());
            }
        } catch (IOException | RuntimeException e) {
            // Never out of here: Netty would put the whole event loop to sleep for a second.
            LOG.error("accept on {}", label, e);
        }
    }

    private void accept(int fd, @Nullable Endpoint from, Gate gate) {
        if (gate.believes(from)) {
            var connection = new ProxiedConnection(loop, fd, label, local, from);
            new ProxiedHeadReader(connection, rules, clocks).start();
            return;
        }
        Connection connection = new Connection(loop, fd, label, local, from);
        if (gate.denies(from)) {
            connection.close(CloseReason.DENIED);
        } else {
            new HeadReader(connection, rules, clocks).start();
        }
    }

    /** Leaves clients in the backlog for a while: asking again at once would fail again at once, and take all the CPU. */
    private void waitForDescriptors(IOException cause) {
        if (!exhausted) {
            exhausted = true;
            LOG.warn(
                    "cannot accept on {} for now: {}. New clients wait. Raise the limit on open files (LimitNOFILE= in"
                            + " the unit, ulimit -n in a shell): two for each connection.",
                    label,
                    cause.getMessage());
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
