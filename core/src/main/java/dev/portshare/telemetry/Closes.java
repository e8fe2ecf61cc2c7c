package dev.portshare.telemetry;

import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the connections of one route ended, or of those that came to no route. For one thread at a time. */
public final class Closes {
    private static final Histogram CONNECT =
            new Histogram(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    /** Under each protocol, or "-". */
    private final Map<String, Map<CloseReason, Long>> byProtocol = new HashMap<>();

    private final Histogram connect = CONNECT.another();
    private @Nullable CloseReason lastFault;
    private long lastFaultAt;

    void count(ConnectionRecord connection) {
        CloseReason reason = connection.close();
        add(Counters.orNone(connection.protocol()), reason, 1);
        if (connection.connectNanos() >= 0) {
            connect.count(connection.connectNanos());
        }
        if (reason.isFault()) {
            lastFault = reason;
            lastFaultAt = System.nanoTime(); // Not for each connection: on many virtual machines it is a system call.
        }
    }

    void add(Closes other) {
        other.byProtocol.forEach((protocol, counts) -> counts.forEach((reason, count) -> add(protocol, reason, count)));
        connect.add(other.connect);
        if (other.lastFault != null && (lastFault == null || other.lastFaultAt - lastFaultAt > 0)) {
            lastFault = other.lastFault;
            lastFaultAt = other.lastFaultAt;
        }
    }

    private void add(String protocol, CloseReason reason, long more) {
        Map<CloseReason, Long> counts = byProtocol.get(protocol);
        if (counts == null) {
            counts = new EnumMap<>(CloseReason.class);
            byProtocol.put(protocol, counts);
        }
        Long before = counts.get(reason);
        counts.put(reason, before == null ? more : before + more);
    }

    /** How many connections ended for each reason that there was, under each protocol, or "-". */
    public Map<String, Map<CloseReason, Long>> byProtocol() {
        return byProtocol;
    }

    /** How many connections ended for {@code reason}. */
    public long of(CloseReason reason) {
        return byProtocol.values().stream()
                .mapToLong(counts -> counts.getOrDefault(reason, 0L))
                .sum();
    }

    /** How many connections ended. */
    public long all() {
        return byProtocol.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How long it took to connect to the backend, where it did connect. */
    public Histogram connect() {
        return connect;
    }

    /** Why the backend could last not be reached; null where it always could. */
    public @Nullable CloseReason lastFault() {
        return lastFault;
    }

    /** {@link System#nanoTime} of that; means nothing where there was none. */
    public long lastFaultAt() {
        return lastFaultAt;
    }
}
