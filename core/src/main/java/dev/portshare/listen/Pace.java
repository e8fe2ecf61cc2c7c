package dev.portshare.listen;

import dev.portshare.session.Endpoint;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How fast each client's connections follow each other: a token bucket for each of the clients that connected last, of which a
 * bounded number is remembered, in arrays. A client is a whole IPv4 address, or a /64 network of IPv6. Of any thread.
 *
 * <p>A bucket is one number, the time at which it will be full again (the generic cell rate algorithm of ITU-T I.371). Who has the
 * least to make up for is forgotten first: forgetting a full bucket forgets nothing. Where a client is kept nobody outside knows,
 * so that no one can have others' buckets, or its own, forgotten.
 */
final class Pace {
    /** How many clients are remembered. */
    static final int CLIENTS = 65_536;

    private static final int WAYS = 8;
    private static final long SECOND = 1_000_000_000;

    private final long secret = new SplittableRandom().nextLong();
    private final long[] high = new long[CLIENTS];
    private final long[] low = new long[CLIENTS];
    private final long[] full = new long[CLIENTS];

    /** All buckets are full at {@code now}, {@link System#nanoTime}. */
    Pace(long now) {
        Arrays.fill(full, now);
    }

    /** Whether a further connection of {@code client} may begin now, where {@code rate} may within a second; then it counts. */
    synchronized boolean allows(Endpoint client, int rate, long now) {
        long clientHigh = Clients.high(client);
        long clientLow = Clients.low(client);
        int place = place(clientHigh, clientLow, now);
        long since = full[place] - now > 0 ? full[place] : now;
        long interval = SECOND / rate;
        if (since + interval - now > SECOND) {
            return false;
        }
        full[place] = since + interval;
        return true;
    }

    /** Where the client is remembered, from now on if it was not. */
    private int place(long clientHigh, long clientLow, long now) {
        int first = set(clientHigh, clientLow);
        int oldest = first;
        for (int place = first; place < first + WAYS; place++) {
            if (high[place] == clientHigh && low[place] == clientLow) {
                return place;
            }
            oldest = full[place] - full[oldest] < 0 ? place : oldest;
        }
        high[oldest] = clientHigh;
        low[oldest] = clientLow;
        full[oldest] = now;
        return oldest;
    }

    private int set(long clientHigh, long clientLow) {
        long mixed = (clientHigh ^ secret) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32 ^ clientLow) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 29) * 0x94D049BB133111EBL;
        return (int) (mixed >>> 32 & CLIENTS / WAYS - 1) * WAYS;
    }
}
