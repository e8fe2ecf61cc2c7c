package dev.portshare.handover;

import dev.portshare.connection.Carried;
import dev.portshare.connection.Connection;
import dev.portshare.connection.Loop;
import dev.portshare.os.DescriptorMessage;
import dev.portshare.os.ErrnoException;
import dev.portshare.os.FileDescriptors;
import dev.portshare.os.MemoryFile;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.systemd.NotifySocket;
import dev.portshare.systemd.PassedSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Sends live connections to whoever reads the other end of a socket: this program's next process, {@link Takeover}. They wait
 * in the socket meanwhile, open and unread. Each message carries some connections whole, and first of its descriptors a file in
 * memory that says what they are; what does not get through lives on here. What
 * is encrypted here ends: nobody else has its keys, and the others wait until this process has ended.
 */
public final class Handover {
    private static final Logger LOG = LogManager.getLogger(Handover.class);

    private static final byte[] TEXT = {'P'};
    /** What the bytes kept for slow receivers in one message may come to, about. */
    private static final int LARGE = 1024 * 1024;

    private final int socket;
    private final AtomicInteger count = new AtomicInteger();

    /** Over {@code socket}, which stays the caller's. */
    public Handover(int socket) {
        this.socket = socket;
    }

    /**
     * To the next process of this service, by way of {@code manager}, which keeps the other end of the socket until then. What
     * that end holds ends where there is no next process.
     *
     * @throws ErrnoException where the service manager cannot be reached, or keeps nothing
     */
    public static Handover by(NotifySocket manager) throws ErrnoException {
        SocketPair pair = SocketPair.open();
        try {
            manager.store(PassedSockets.CONNECTIONS, pair.other());
        } finally {
            FileDescriptors.close(pair.other());
        }
        if (SocketPair.isAlone(pair.one(), Duration.ZERO)) {
            throw new ErrnoException("FDSTORE=1: not kept; write FileDescriptorStoreMax=16 into the unit");
        }
        return new Handover(pair.one());
    }

    /** How many connections were sent. */
    public int count() {
        return count.get();
    }

    /** Sends the live connections of {@code loop}, and ends them here; on the event loop. Stops at the first that cannot be sent. */
    public void send(Loop loop) {
        if (!sendAll(loop)) {
            return;
        }
        for (Connection connection : loop.connections()) {
            if (!connection.isCarriable()) {
                connection.close(CloseReason.STOPPED);
            }
        }
    }

    private boolean sendAll(Loop loop) {
        List<Connection> batch = new ArrayList<>();
        List<Carried> carried = new ArrayList<>();
        int descriptors = 1;
        int size = 0;
        for (Connection connection : loop.connections()) {
            if (!connection.isCarriable()) {
                continue;
            }
            Carried next = connection.carry();
            if (descriptors + next.descriptors() > DescriptorMessage.MOST || size > LARGE) {
                if (!send(batch, carried)) {
                    return false;
                }
                batch.clear();
                carried.clear();
                descriptors = 1;
                size = 0;
            }
            batch.add(connection);
            carried.add(next);
            descriptors += next.descriptors();
            size += next.size();
        }
        return batch.isEmpty() || send(batch, carried);
    }

    /** Sends what the process knows besides, before its connections. */
    public void send(byte[] rest) {
        send(Parcel.of(rest));
    }

    private boolean send(List<Connection> connections, List<Carried> carried) {
        if (!send(Parcel.of(carried))) {
            return false;
        }
        connections.forEach(connection -> connection.close(CloseReason.HANDED_ON));
        count.addAndGet(connections.size());
        return true;
    }

    private boolean send(Parcel parcel) {
        try {
            int file = MemoryFile.create("portshare");
            try {
                Files.write(MemoryFile.path(file), parcel.bytes());
                int[] descriptors = new int[1 + parcel.descriptors().size()];
                descriptors[0] = file;
                for (int i = 1; i < descriptors.length; i++) {
                    descriptors[i] = parcel.descriptors().get(i - 1);
                }
                DescriptorMessage.send(socket, null, TEXT, descriptors);
            } finally {
                FileDescriptors.close(file);
            }
        } catch (ErrnoException | IOException e) {
            LOG.warn("cannot hand on more connections ({}); the rest has timeouts.drain to end", e.getMessage());
            return false;
        }
        return true;
    }
}
