package dev.portshare.systemd;

import dev.portshare.os.DescriptorMessage;
import dev.portshare.os.ErrnoException;
import dev.portshare.os.FileDescriptors;
import dev.portshare.os.SocketPair;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where the service manager hears from this process: the datagram socket {@code NOTIFY_SOCKET}, sd_notify(3). Sending never
 * blocks, and may be done on any thread.
 */
public final class NotifySocket {
    private static final Logger LOG = LogManager.getLogger(NotifySocket.class);

    private static final String VARIABLE = "NOTIFY_SOCKET";
    /** In bytes; the longest message is one line for people. */
    private static final int LONGEST = 1024;
    /** What may wait for a service manager that does not read. */
    private static final int MAX_WAITING = 16;

    /** How long a service manager may take to read what it was sent. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final byte[] path;
    private final Socket socket = Socket.newSocketDomainDgram();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);
    private final ArrayDeque<String> waiting = new ArrayDeque<>();

    private NotifySocket(byte[] path) {
        this.path = path;
    }

    /** The one that {@code environment} names, as a path or {@code @} and an abstract name; null where it names none. */
    public static @Nullable NotifySocket of(Map<String, String> environment) {
        String name = environment.get(VARIABLE);
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (name.charAt(0) != '/' && name.charAt(0) != '@') {
            LOG.warn("{}={}: neither a path nor an abstract name; the service manager hears nothing", VARIABLE, name);
            return null;
        }
        // An abstract name begins with NUL (unix(7)).
        String path = name.charAt(0) == '@' ? "\0" + name.substring(1) : name;
        return new NotifySocket(path.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Within which time the service manager wants each {@code WATCHDOG=1}, sd_watchdog_enabled(3); null where it does not
     * watch the process {@code pid}.
     */
    public static @Nullable Duration watchdog(Map<String, String> environment, long pid) {
        String micros = environment.get("WATCHDOG_USEC");
        String meant = environment.get("WATCHDOG_PID");
        if (micros == null || (meant != null && !meant.equals(Long.toString(pid)))) {
            return null;
        }
        try {
            long value = Long.parseLong(micros);
            return value > 0 ? Duration.of(value, ChronoUnit.MICROS) : null;
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC={}: no number; the watchdog is not fed", micros);
            return null;
        }
    }

    /**
     * Sends {@code state}, lines of {@code KEY=value}, behind what could not be sent before. Where the service manager has no
     * room for it now, it waits for the next call.
     */
    public synchronized void send(String state) {
        if (waiting.size() == MAX_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(state);
        try {
            while (!waiting.isEmpty() && write(waiting.getFirst())) {
                waiting.removeFirst();
            }
        } catch (IOException e) {
            waiting.clear();
            LOG.warn("the service manager is not to be reached at {}: {}", VARIABLE, e.getMessage());
        }
    }

    /**
     * Has the service manager keep {@code descriptor} and pass it, under {@code name}, to the next process of this service
     * (FDSTORE=1 and BARRIER=1, sd_notify(3)). Returns when it has read that: it may have declined to keep it, and has closed it then.
     *
     * @throws ErrnoException where it is not to be reached, has no room now, or does not read
     */
    public synchronized void store(String name, int descriptor) throws ErrnoException {
        // Kept also while its peer is closed: what it was sent before can be read still.
        String state = "FDSTORE=1\nFDPOLL=0\nFDNAME=" + name;
        DescriptorMessage.send(socket.intValue(), path, state.getBytes(StandardCharsets.UTF_8), descriptor);
        SocketPair barrier = SocketPair.open();
        try {
            byte[] read = "BARRIER=1".getBytes(StandardCharsets.UTF_8);
            try {
                DescriptorMessage.send(socket.intValue(), path, read, barrier.other());
            } finally {
                FileDescriptors.close(barrier.other());
            }
            if (!SocketPair.isAlone(barrier.one(), PATIENCE)) {
                throw new ErrnoException(
                        "FDSTORE=1: not read by the service manager in " + PATIENCE.toSeconds() + " s");
            }
        } finally {
            FileDescriptors.close(barrier.one());
        }
    }

    /** The descriptors kept under {@code name} are wanted no more: this process has its own. */
    public void forget(String name) {
        send("FDSTOREREMOVE=1\nFDNAME=" + name);
    }

    /** False where there is no room for it now. */
    private boolean write(String state) throws IOException {
        buffer.clear().put(state.getBytes(StandardCharsets.UTF_8)).flip();
        return socket.sendToDomainSocket(buffer, 0, buffer.limit(), path) > 0;
    }
}
