package dev.portshare.listen;

import dev.portshare.session.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For whom one gate is open, and until when. Of any thread. */
final class Knocks {
    /** So many addresses, some 12 MB: where there are more, the one that knocked longest ago has to knock again. */
    static final int MOST = 100_000;

    private final int most;
    /** Of each address the {@link System#nanoTime} at which its time is over; in the order of their last knocks. */
    private final LinkedHashMap<Knocker, Long> ends = new LinkedHashMap<>();

    Knocks() {
        this(MOST);
    }

    Knocks(int most) {
        this.most = most;
    }

    /** Whose knock counts for whom: an IPv4 address, a /64 network of IPv6, or one neighbour on a link, where all are in one such network. */
    private record Knocker(long high, long low, int scope) {
        /** fe80::/10 (RFC 4291). */
        private static final int LINK_LOCAL = 0xfe80 >>> 6;

        private static Knocker of(Endpoint client) {
            return client.high() >>> 54 == LINK_LOCAL
                    ? new Knocker(client.high(), client.low(), client.scope())
                    : new Knocker(Clients.high(client), Clients.low(client), 0);
        }

        // Written out: what the compiler would put here is linked when the first client comes.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Knocker that && high == that.high && low == that.low && scope == that.scope;
        }

        @Override
        public int hashCode() {
            return Long.hashCode((high * 31 + low) * 0x9E3779B97F4A7C15L) + scope;
        }
    }

    /** It is open for {@code client} from {@code now} on, {@link System#nanoTime}, for {@code time}. */
    synchronized void add(Endpoint client, Duration time, long now) {
        Knocker knocker = Knocker.of(client);
        ends.remove(knocker);
        ends.put(knocker, now + time.toNanos());
        Iterator<Long> oldest = ends.values().iterator();
        while (oldest.hasNext() && (oldest.next() - now <= 0 || ends.size() > most)) {
            oldest.remove();
        }
    }

    /** Whether it is open for {@code client} at {@code now}. */
    synchronized boolean isOpenFor(Endpoint client, long now) {
        Long end = ends.get(Knocker.of(client));
        return end != null && end - now > 0;
    }

    /** Writes them for another process on this machine, whose {@link System#nanoTime} is the same clock. */
    synchronized void write(DataOutputStream out) throws IOException {
        out.writeInt(ends.size());
        for (Map.Entry<Knocker, Long> each : ends.entrySet()) {
            out.writeLong(each.getKey().high());
            out.writeLong(each.getKey().low());
            out.writeInt(each.getKey().scope());
            out.writeLong(each.getValue());
        }
    }

    /** Adds what another process has {@linkplain #write written}; who has knocked here since keeps that. */
    synchronized void read(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            Knocker knocker = new Knocker(in.readLong(), in.readLong(), in.readInt());
            long end = in.readLong();
            if (ends.size() < most) {
                ends.putIfAbsent(knocker, end);
            }
        }
    }

    /** For how many it is open at {@code now}. */
    synchronized int count(long now) {
        int count = 0;
        for (long end : ends.values()) {
            count += end - now > 0 ? 1 : 0;
        }
        return count;
    }
}
