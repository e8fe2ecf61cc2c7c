package dev.portshare.listen;

import dev.portshare.session.Endpoint;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections each client has. A client is a whole IPv4 address, or a /64 network of IPv6: who has one of its addresses has all. */
final class Clients {
    private final ConcurrentHashMap<Client, Integer> counts = new ConcurrentHashMap<>();

    /** Whose connections are counted together. */
    record Client(long high, long low) {}

    static long high(Endpoint client) {
        return client.high();
    }

    static long low(Endpoint client) {
        return client.isIpv4() ? client.low() : 0;
    }

    static Client of(Endpoint client) {
        return new Client(high(client), low(client));
    }

    /** Counts one more connection of {@code client}, unless it has {@code most} or more. */
    boolean take(Client client, int most) {
        boolean[] taken = new boolean[1];
        counts.compute(client, (_, count) -> {
            int before = count == null ? 0 : count;
            taken[0] = before < most;
            return taken[0] ? Integer.valueOf(before + 1) : count;
        });
        return taken[0];
    }

    /** Counts one less; nothing is kept of a client without a connection. */
    void giveBack(Client client) {
        counts.computeIfPresent(client, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
