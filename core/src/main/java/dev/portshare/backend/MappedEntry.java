package dev.portshare.backend;

import dev.portshare.session.Endpoint;
import org.jspecify.annotations.Nullable;

/** One address that stands for one client. Guarded by its {@link MappedPool}. */
final class MappedEntry {
    private final long high;
    private final long low;
    private final int scope;
    /** IPv4, in 32 bits. */
    final int address;
    /** How many connections come from it. */
    int connections;
    /** Whether it is in {@link MappedIdle}: its client has none, and it is remembered. */
    boolean isIdle;
    /** When the last one ended: {@link System#nanoTime}. */
    long idleSince;
    /** Whether the client's next connection comes from it: not once the configuration says otherwise. */
    boolean isCurrent = true;
    /** Whether the configuration names it for this client. */
    boolean isFixed;

    @Nullable
    MappedEntry older;

    @Nullable
    MappedEntry newer;

    /** @param client its port says nothing */
    MappedEntry(Endpoint client, int address) {
        this.high = client.high();
        this.low = client.low();
        this.scope = client.scope();
        this.address = address;
    }

    /** Whether it stands for {@code client}, whose port says nothing. */
    boolean isOf(Endpoint client) {
        return low == client.low() && high == client.high() && scope == client.scope();
    }

    long hash(long seed) {
        return MappedBlock.hash(high, low, scope, seed);
    }

    /** Its port is 0. */
    Endpoint client() {
        return new Endpoint(high, low, 0, scope);
    }
}
